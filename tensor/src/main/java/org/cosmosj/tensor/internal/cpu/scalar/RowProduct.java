package org.cosmosj.tensor.internal.cpu.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.internal.cpu.Parallel;
import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.Layout;
import org.cosmosj.tensor.spi.Operand;

/**
 * An F32 product that C2 vectorises by itself: the inner loop runs over separate {@code float[]} rows that all share
 * one index, the only form in which it believes that loads and stores do not overlap (15 times the speed of the obvious
 * loop). In pairs it is the product of factors rounded to {@link Bf16}.
 */
final class RowProduct implements Parallel.Chunk {
    private static final int WIDTH = 256;
    private static final int LEAST_ROWS = 64;
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfShort BF16 = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private final Operand x;
    private final Operand y;
    private final Operand out;
    private final boolean add;
    /** Whether factors are rounded to BF16, and steps of K swapped in pairs. */
    private final boolean pairs;
    private final int rows;
    private final int columns;
    private final int depth;
    private final int rowStep;
    private final int rowBlocks;
    private final int columnBlocks;

    static RowProduct ofSingles(Operand x, Operand y, Operand out, Accumulation accumulation) {
        return new RowProduct(x, y, out, accumulation, false);
    }

    static RowProduct ofPairs(Operand x, Operand y, Operand out, Accumulation accumulation) {
        return new RowProduct(x, y, out, accumulation, true);
    }

    private RowProduct(Operand x, Operand y, Operand out, Accumulation accumulation, boolean pairs) {
        this.pairs = pairs;
        this.x = x;
        this.y = y;
        this.out = out;
        this.add = accumulation == Accumulation.ADD;
        this.rows = Math.toIntExact(out.size(1));
        this.columns = Math.toIntExact(out.size(2));
        this.depth = Math.toIntExact(x.size(2));
        this.rowStep = Math.max(LEAST_ROWS, (rows + Parallel.threads() - 1) / Parallel.threads());
        this.rowBlocks = (rows + rowStep - 1) / rowStep;
        this.columnBlocks = (columns + WIDTH - 1) / WIDTH;
    }

    void run() {
        Parallel.run(Math.toIntExact(out.size(0) * rowBlocks * columnBlocks), this);
    }

    @Override
    public void run(int index) {
        int row = index % rowBlocks * rowStep;
        int column = index / rowBlocks % columnBlocks * WIDTH;
        int batch = index / rowBlocks / columnBlocks;
        int height = Math.min(rowStep, rows - row);
        int width = Math.min(WIDTH, columns - column);
        Scratch scratch = SCRATCH.get();
        if (depth == 0 && !add) {
            Arrays.fill(scratch.sums[0], 0f);
            for (int i = 0; i < height; i++) {
                store(scratch.sums[0], batch, row + i, column, width, false);
            }
        }
        int step = depth == 0 ? 1 : pairs
                ? ScalarMatmulKernels.pairedDepthStep(depth)
                : ScalarMatmulKernels.depthStep(depth);
        for (int k = 0; k < depth; k += step) {
            int deep = Math.min(step, depth - k);
            float smallest = loadRight(scratch, batch, column, width, k, deep);
            for (int i = 0; i < height; i += 2) {
                pair(scratch, batch, row + i, Math.min(2, height - i), column, width, k, deep, smallest);
            }
        }
    }

    /** Returns the least magnitude of the rounded factors that are not 0. */
    private float loadRight(Scratch scratch, int batch, int column, int width, int k, int deep) {
        float smallest = Float.MAX_VALUE;
        for (int p = 0; p < deep; p++) {
            float[] line = scratch.right[pairs ? p ^ 1 : p];
            load(y, batch, k + p, 1, column, 2, width, line);
            if (pairs) {
                smallest = Math.min(smallest, round(line, width));
            }
        }
        if (pairs && deep % 2 == 1) {
            Arrays.fill(scratch.right[deep - 1], 0, width, 0f);
        }
        return smallest;
    }

    private static float round(float[] values, int count) {
        float smallest = Float.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            values[i] = Bf16.rounded(values[i]);
            smallest = values[i] == 0 ? smallest : Math.min(smallest, Math.abs(values[i]));
        }
        return smallest;
    }

    /** Rounds a line of the left factor and swaps its pairs; an odd last element gets 0 before it. */
    private static float roundAndSwap(float[] line, int deep) {
        float smallest = round(line, deep);
        if (deep % 2 == 1) {
            line[deep] = 0;
        }
        for (int p = 0; p < deep; p += 2) {
            float even = line[p];
            line[p] = line[p + 1];
            line[p + 1] = even;
        }
        return smallest;
    }

    /** Two rows of the result over one block of K; the second is discarded where there is only one. */
    private void pair(Scratch scratch, int batch, int row, int count, int column, int width, int k, int deep,
            float smallestRight) {
        float smallestLeft = Float.MAX_VALUE;
        for (int r = 0; r < count; r++) {
            load(x, batch, row + r, 1, k, 2, deep, scratch.left[r]);
            if (pairs) {
                smallestLeft = Math.min(smallestLeft, roundAndSwap(scratch.left[r], deep));
            }
            Arrays.fill(scratch.sums[r], 0, width, 0f);
        }
        int steps = pairs ? (deep + 1) / 2 * 2 : deep;
        if (pairs && !Bf16.staysNormal(smallestLeft, smallestRight)) {
            for (int r = 0; r < count; r++) {
                addFlushed(scratch.left[r], scratch.right, scratch.sums[r], width, steps);
            }
        } else {
            add(scratch.left[0], scratch.left[1], scratch.right, scratch.sums, width, steps);
        }
        for (int r = 0; r < count; r++) {
            store(scratch.sums[r], batch, row + r, column, width, add || k > 0);
        }
    }

    private static void addFlushed(float[] a, float[][] b, float[] sums, int width, int steps) {
        for (int p = 0; p < steps; p++) {
            for (int j = 0; j < width; j++) {
                sums[j] = Bf16.multiplyAdd(a[p], b[p][j], sums[j]);
            }
        }
    }

    private static void add(float[] first, float[] second, float[][] b, float[][] sums, int width, int steps) {
        int p = 0;
        for (; p + 4 <= steps; p += 4) {
            addFour(first[p], first[p + 1], first[p + 2], first[p + 3], second[p], second[p + 1], second[p + 2],
                    second[p + 3], b[p], b[p + 1], b[p + 2], b[p + 3], sums[0], sums[1], width);
        }
        for (; p < steps; p++) {
            addOne(first[p], second[p], b[p], sums[0], sums[1], width);
        }
    }

    private static void addFour(float a0, float a1, float a2, float a3, float e0, float e1, float e2, float e3,
            float[] b0, float[] b1, float[] b2, float[] b3, float[] c, float[] d, int width) {
        for (int j = 0; j < width; j++) {
            float v0 = b0[j];
            float v1 = b1[j];
            float v2 = b2[j];
            float v3 = b3[j];
            c[j] = Math.fma(a3, v3, Math.fma(a2, v2, Math.fma(a1, v1, Math.fma(a0, v0, c[j]))));
            d[j] = Math.fma(e3, v3, Math.fma(e2, v2, Math.fma(e1, v1, Math.fma(e0, v0, d[j]))));
        }
    }

    private static void addOne(float a, float e, float[] b, float[] c, float[] d, int width) {
        for (int j = 0; j < width; j++) {
            c[j] = Math.fma(a, b[j], c[j]);
            d[j] = Math.fma(e, b[j], d[j]);
        }
    }

    /** Elements {@code (batch, line, start ..)} where the line is an index of one axis and start one of the other. */
    private static void load(Operand from, int batch, int line, int lineAxis, int start, int alongAxis, int count,
            float[] to) {
        Layout layout = from.layout();
        MemorySegment memory = CpuBuffer.segment(from);
        long first = layout.offset() + batch * layout.stride(0) + line * layout.stride(lineAxis)
                + start * layout.stride(alongAxis);
        long stride = layout.stride(alongAxis);
        if (from.dtype() == DType.BF16) {
            for (int i = 0; i < count; i++) {
                to[i] = Float.intBitsToFloat(memory.get(BF16, 2 * (first + i * stride)) << 16);
            }
        } else if (stride == 1) {
            MemorySegment.copy(memory, F32, 4 * first, to, 0, count);
        } else {
            for (int i = 0; i < count; i++) {
                to[i] = memory.get(F32, 4 * (first + i * stride));
            }
        }
    }

    private void store(float[] sums, int batch, int row, int column, int width, boolean adds) {
        Layout layout = out.layout();
        MemorySegment memory = CpuBuffer.segment(out);
        long at = 4 * (layout.offset() + batch * layout.stride(0) + row * layout.stride(1) + column);
        if (adds) {
            for (int j = 0; j < width; j++) {
                memory.set(F32, at + 4L * j, memory.get(F32, at + 4L * j) + sums[j]);
            }
        } else {
            MemorySegment.copy(sums, 0, memory, F32, at, width);
        }
    }

    /** Belongs to a thread, not to a call. */
    private static final class Scratch {
        private final float[][] right = new float[2 * ScalarMatmulKernels.DEPTH_BLOCK][WIDTH];
        private final float[][] left = new float[2][2 * ScalarMatmulKernels.DEPTH_BLOCK];
        private final float[][] sums = new float[2][WIDTH];
    }
}
