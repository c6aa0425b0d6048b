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
 * Packs blocks of a matrix into panels (depth, width) of {@code float[]}, where the microkernel finds them in order, and
 * adds tiles to the result. Memory segments are touched only here, in short loops.
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

    private Panels() {}

    /** Floats of staging that {@link #pack} needs. */
    static int stageSize(int count, int depth) {
        return Math.max(count + Microkernel.COLUMNS + SLACK, LEAD + 8 * pitch(depth));
    }

    /**
     * Packs {@code count} lines of the panel axis from {@code first} and {@code depth} steps of summation from
     * {@code depthFirst}; the last panel is filled up with zeros.
     *
     * @param width of a panel
     * @param to receives ceil(count / width) panels from index 0, and up to {@link #SLACK} floats more
     * @param stage scratch of {@link #stageSize}
     */
    static void pack(StridedMatrix matrix, long first, int count, long depthFirst, int depth, int width, float[] to,
            float[] stage) {
        if (matrix.deep()) {
            packDeep(matrix, first, count, depthFirst, depth, width, to, stage);
        } else {
            packFlat(matrix, first, count, depthFirst, depth, width, to, stage);
        }
    }

    /** Lines run along depth: eight at a time are staged and transposed. */
    private static void packDeep(StridedMatrix matrix, long first, int count, long depthFirst, int depth, int width,
            float[] to, float[] stage) {
        int pitch = pitch(depth);
        for (int panel = 0; panel < count; panel += width) {
            int rows = Math.min(width, count - panel);
            // Backwards: a group writes eight lanes even where the panel has fewer left, into the next step's first.
            for (int group = (width - 1) / 8 * 8; group >= 0; group -= 8) {
                int lanes = Math.min(8, width - group);
                for (int r = 0; r < lanes; r++) {
                    int line = LEAD + r * pitch;
                    if (group + r < rows) {
                        load(matrix, matrix.at(first + panel + group + r, depthFirst), stage, line, depth);
                    } else {
                        Arrays.fill(stage, line, line + depth, 0f);
                    }
                }
                interleave(stage, pitch, lanes, depth, to, panel * depth + group, width);
            }
        }
    }

    private static int pitch(int depth) {
        // Not a multiple of 1 KiB, which would put all eight lines into the same cache sets.
        return depth + 24;
    }

    private static void interleave(float[] stage, int pitch, int lanes, int depth, float[] to, int at, int width) {
        int vectorised = LANES >= 8 ? depth & -8 : 0;
        Transpose8.run(stage, LEAD, pitch, vectorised, to, at, width);
        for (int c = vectorised; c < depth; c++) {
            for (int r = 0; r < lanes; r++) {
                to[at + c * width + r] = stage[LEAD + r * pitch + c];
            }
        }
    }

    /** Lines run across the panels: each is staged and dealt out to them. */
    private static void packFlat(StridedMatrix matrix, long first, int count, long depthFirst, int depth, int width,
            float[] to, float[] stage) {
        int padded = (count + width - 1) / width * width;
        Arrays.fill(stage, count, padded + SLACK, 0f);
        for (int c = 0; c < depth - 1; c++) {
            load(matrix, matrix.at(first, depthFirst + c), stage, 0, count);
            if (width == 2 * LANES) {
                dealPairs(stage, padded, to, c * width, depth * width);
            } else {
                dealOverlapping(stage, padded, width, to, c * width, depth * width);
            }
        }
        load(matrix, matrix.at(first, depthFirst + depth - 1), stage, 0, count);
        for (int panel = 0; panel < padded; panel += width) {
            System.arraycopy(stage, panel, to, (panel + width) * depth - width, width);
        }
    }

    private static void dealPairs(float[] line, int padded, float[] to, int at, int panelSize) {
        int q = at;
        for (int p = 0; p < padded; p += 2 * LANES) {
            FloatVector.fromArray(S, line, p).intoArray(to, q);
            FloatVector.fromArray(S, line, p + LANES).intoArray(to, q + LANES);
            q += panelSize;
        }
    }

    /** Whole vectors, whose surplus lands in the panel's next step and is overwritten by it. */
    private static void dealOverlapping(float[] line, int padded, int width, float[] to, int at, int panelSize) {
        int q = at;
        for (int p = 0; p < padded; p += width) {
            for (int v = 0; v < width; v += LANES) {
                FloatVector.fromArray(S, line, p + v).intoArray(to, q + v);
            }
            q += panelSize;
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
    static void storeTile(float[] tile, int rows, int columns, MemorySegment memory, long start, long rowBytes,
            boolean add) {
        if (columns < 2 * LANES) {
            storePart(tile, rows, columns, memory, start, rowBytes, add);
        } else if (add) {
            addTile(tile, rows, memory, start, rowBytes);
        } else {
            for (int r = 0; r < rows; r++) {
                int t = 2 * r * LANES;
                long at = start + r * rowBytes;
                FloatVector.fromArray(S, tile, t).intoMemorySegment(memory, at, ORDER);
                FloatVector.fromArray(S, tile, t + LANES).intoMemorySegment(memory, at + 4L * LANES, ORDER);
            }
        }
    }

    private static void addTile(float[] tile, int rows, MemorySegment memory, long start, long rowBytes) {
        for (int r = 0; r < rows; r++) {
            int t = 2 * r * LANES;
            long at = start + r * rowBytes;
            FloatVector left = FloatVector.fromMemorySegment(S, memory, at, ORDER);
            FloatVector right = FloatVector.fromMemorySegment(S, memory, at + 4L * LANES, ORDER);
            left.add(FloatVector.fromArray(S, tile, t)).intoMemorySegment(memory, at, ORDER);
            right.add(FloatVector.fromArray(S, tile, t + LANES)).intoMemorySegment(memory, at + 4L * LANES, ORDER);
        }
    }

    private static void storePart(float[] tile, int rows, int columns, MemorySegment memory, long start, long rowBytes,
            boolean add) {
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                long at = start + r * rowBytes + 4L * c;
                float value = tile[2 * r * LANES + c];
                memory.set(F32, at, add ? memory.get(F32, at) + value : value);
            }
        }
    }
}
