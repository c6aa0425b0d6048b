package org.cosmosj.tensor.internal.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.cosmosj.tensor.DType;

/**
 * Packs blocks of a matrix into panels (depth, width) of {@code float[]}, where the microkernel finds them in order,
 * and adds tiles to the result. Memory segments are touched only here, in short loops.
 */
final class Panels {
    /** Floats that packing may write behind the last panel. */
    static final int SLACK = 16;

    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final int LANES = Species.LANES;
    private static final VectorSpecies<Integer> INTS = S.withLanes(int.class);
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(S.vectorBitSize() / 2));
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfShort BF16 = ValueLayout.JAVA_SHORT_UNALIGNED;

    /** Staged lines start here: the transpose reads a few floats before them. */
    private static final int LEAD = 8;

    /** Floats that are staged together where lines run across the panels. */
    private static final int FLAT_STAGE = 4096;

    private Panels() {}

    /**
     * Distance of two panels: one cache line more than their size, because panels whose distance is a power of two
     * would all meet in the same few cache sets.
     */
    static int distance(int depth, int width) {
        return depth * width + 16;
    }

    /** Floats of staging that {@link #pack} needs. */
    static int stageSize(int count, int depth) {
        return Math.max(Math.max(FLAT_STAGE, 2 * (count + Microkernel.COLUMNS + SLACK)), LEAD + 8 * pitch(depth));
    }

    /**
     * Packs {@code count} lines of the panel axis from {@code first} and {@code depth} steps of summation from
     * {@code depthFirst}; the last panel is filled up with zeros.
     *
     * @param width of a panel
     * @param to receives ceil(count / width) panels, {@link #distance} apart, and up to {@link #SLACK} floats more
     * @param start where the first panel begins
     * @param stage scratch of {@link #stageSize}
     */
    static void pack(StridedMatrix matrix, long first, int count, long depthFirst, int depth, int width, float[] to,
            int start,
            float[] stage) {
        pack(matrix, first, count, depthFirst, depth, width, to, start, stage, false);
    }

    /**
     * The same for products of BF16: elements are rounded, and steps swapped in pairs, so that a panel has an even
     * number of them.
     *
     * @return the least magnitude that is not 0
     */
    static float packPairs(StridedMatrix matrix, long first, int count, long depthFirst, int depth, int width,
            float[] to, int start, float[] stage) {
        return pack(matrix, first, count, depthFirst, depth, width, to, start, stage, true);
    }

    private static float pack(StridedMatrix matrix, long first, int count, long depthFirst, int depth, int width,
            float[] to, int start, float[] stage, boolean pairs) {
        return matrix.deep()
                ? packDeep(matrix, first, count, depthFirst, depth, width, to, start, stage, pairs)
                : packFlat(matrix, first, count, depthFirst, depth, width, to, start, stage, pairs);
    }

    /** Steps of a panel: with pairs an even number. */
    static int steps(int depth, boolean pairs) {
        return pairs ? (depth + 1) / 2 * 2 : depth;
    }

    /** Lines run along depth: eight at a time are staged and transposed. */
    private static float packDeep(StridedMatrix matrix, long first, int count, long depthFirst, int depth, int width,
            float[] to, int start, float[] stage, boolean pairs) {
        int steps = steps(depth, pairs);
        int pitch = pitch(depth);
        int at = start;
        float smallest = Float.MAX_VALUE;
        for (int panel = 0; panel < count; panel += width) {
            int rows = Math.min(width, count - panel);
            // Backwards: a group writes eight lanes even where the panel has fewer left, over the next step's first.
            for (int group = (width - 1) / 8 * 8; group >= 0; group -= 8) {
                int lanes = Math.min(8, width - group);
                for (int r = 0; r < lanes; r++) {
                    int line = LEAD + r * pitch;
                    if (group + r < rows) {
                        load(matrix, matrix.at(first + panel + group + r, depthFirst), stage, line, depth);
                        if (pairs) {
                            smallest = Math.min(smallest, Pairing.round(stage, line, depth));
                            Pairing.swap(stage, line, depth);
                        }
                    } else {
                        Arrays.fill(stage, line, line + steps, 0f);
                    }
                }
                Transpose8.run(stage, LEAD, pitch, lanes, steps, to, at + group, width);
            }
            at += distance(steps, width);
        }
        return smallest;
    }

    private static int pitch(int depth) {
        // Not a multiple of 1 KiB, which would put all eight lines into the same cache sets.
        return depth + 24;
    }

    /**
     * Lines run across the panels: several are staged, then dealt out panel by panel. Several, because a vector loaded
     * right behind the copy that wrote it waits for the stores to leave the store buffer.
     */
    private static float packFlat(StridedMatrix matrix, long first, int count, long depthFirst, int depth, int width,
            float[] to, int start, float[] stage, boolean pairs) {
        int steps = steps(depth, pairs);
        float smallest = Float.MAX_VALUE;
        int padded = (count + width - 1) / width * width;
        int pitch = padded + SLACK;
        int lines = Math.clamp(FLAT_STAGE / pitch / 2 * 2, 2, 16);
        for (int c = 0; c < steps; c += lines) {
            int now = Math.min(lines, steps - c);
            for (int line = 0; line < now; line++) {
                int stageAt = (pairs ? line ^ 1 : line) * pitch;
                int present = c + line < depth ? count : 0;
                if (present > 0) {
                    load(matrix, matrix.at(first, depthFirst + c + line), stage, stageAt, present);
                }
                if (pairs) {
                    smallest = Math.min(smallest, Pairing.round(stage, stageAt, present));
                }
                Arrays.fill(stage, stageAt + present, stageAt + pitch, 0f);
            }
            int at = start + c * width;
            for (int panel = 0; panel < padded; panel += width) {
                if (width == 2 * LANES) {
                    dealPairs(stage, panel, pitch, now, to, at);
                } else {
                    // Backwards, as above.
                    for (int v = (width - 1) / LANES * LANES; v >= 0; v -= LANES) {
                        dealSingles(stage, panel + v, pitch, now, width, to, at + v);
                    }
                }
                at += distance(steps, width);
            }
        }
        return smallest;
    }

    private static void dealPairs(float[] stage, int start, int pitch, int lines, float[] to, int at) {
        for (int line = 0; line < lines; line++) {
            int p = start + line * pitch;
            int q = at + line * 2 * LANES;
            FloatVector.fromArray(S, stage, p).intoArray(to, q);
            FloatVector.fromArray(S, stage, p + LANES).intoArray(to, q + LANES);
        }
    }

    /** One vector per line, whose surplus lands in the panel's next step, and after the last in the gap behind it. */
    private static void dealSingles(float[] stage, int start, int pitch, int lines, int width, float[] to, int at) {
        for (int line = 0; line < lines; line++) {
            FloatVector.fromArray(S, stage, start + line * pitch).intoArray(to, at + line * width);
        }
    }

    private static void load(StridedMatrix matrix, long from, float[] to, int at, int count) {
        if (matrix.dtype() == DType.BF16) {
            widen(matrix.memory(), from, to, at, count);
        } else {
            MemorySegment.copy(matrix.memory(), F32, from, to, at, count);
        }
    }

    /** BF16 is the upper half of an F32. */
    private static void widen(MemorySegment memory, long from, float[] to, int at, int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            ((IntVector) ShortVector.fromMemorySegment(SHORTS, memory, from + 2L * i, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0)).lanewise(VectorOperators.LSHL, 16)
                    .reinterpretAsFloats().intoArray(to, at + i);
        }
        for (; i < count; i++) {
            to[at + i] = Float.intBitsToFloat(memory.get(BF16, from + 2L * i) << 16);
        }
    }

    /** Writes or adds the upper left {@code rows x columns} of a tile to memory. */
    static void storeTile(float[] tile, int tileStart, int rows, int columns, MemorySegment memory, long start,
            long rowBytes,
            boolean add) {
        if (columns < 2 * LANES) {
            storePart(tile, tileStart, rows, columns, memory, start, rowBytes, add);
        } else if (add) {
            addTile(tile, tileStart, rows, memory, start, rowBytes);
        } else {
            for (int r = 0; r < rows; r++) {
                int t = tileStart + 2 * r * LANES;
                long at = start + r * rowBytes;
                Floats.store(memory, at, 0, FloatVector.fromArray(S, tile, t));
                Floats.store(memory, at, LANES, FloatVector.fromArray(S, tile, t + LANES));
            }
        }
    }

    private static void addTile(float[] tile, int tileStart, int rows, MemorySegment memory, long start,
            long rowBytes) {
        for (int r = 0; r < rows; r++) {
            int t = tileStart + 2 * r * LANES;
            long at = start + r * rowBytes;
            FloatVector left = Floats.load(memory, at, 0);
            FloatVector right = Floats.load(memory, at, LANES);
            Floats.store(memory, at, 0, left.add(FloatVector.fromArray(S, tile, t)));
            Floats.store(memory, at, LANES, right.add(FloatVector.fromArray(S, tile, t + LANES)));
        }
    }

    private static void storePart(float[] tile, int tileStart, int rows, int columns, MemorySegment memory, long start,
            long rowBytes,
            boolean add) {
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                long at = start + r * rowBytes + 4L * c;
                float value = tile[tileStart + 2 * r * LANES + c];
                memory.set(F32, at, add ? memory.get(F32, at) + value : value);
            }
        }
    }
}
