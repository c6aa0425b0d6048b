package org.cosmosj.tensor.internal.cpu.vector;

import static org.cosmosj.tensor.internal.cpu.vector.Floats.load;
import static org.cosmosj.tensor.internal.cpu.vector.Floats.tail;
import static org.cosmosj.tensor.internal.cpu.vector.Floats.whole;
import static org.cosmosj.tensor.internal.cpu.vector.Species.FLOAT;
import static org.cosmosj.tensor.internal.cpu.vector.Species.LANES;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.internal.cpu.Parallel;
import org.cosmosj.tensor.spi.Operand;
import org.cosmosj.tensor.spi.ReductionKernels.Reduce;

/**
 * Reduces the middle axis of (A, R, B), B &gt; 1, with lanes along B. Sums run in double over blocks of rows, which are
 * joined in order; an extreme needs no such care, because comparing rounds nothing.
 */
final class ColumnReduction {
    private static final int PANEL = 2048;
    private static final int FEWEST_ROWS = 32;

    private final Reduce how;
    private final MemorySegment from;
    private final MemorySegment to;
    private final long x;
    private final long out;
    private final long groups;
    private final long rows;
    private final long width;
    private final int panels;

    ColumnReduction(Reduce how, Operand x, Operand out) {
        this.how = how;
        from = CpuBuffer.segment(x);
        to = CpuBuffer.segment(out);
        this.x = x.byteOffset();
        this.out = out.byteOffset();
        groups = x.size(0);
        rows = x.size(1);
        width = x.size(2);
        panels = Chunks.count(width, PANEL);
    }

    void run() {
        int columns = (int) Math.min(PANEL, width);
        int rowsPerBlock = Math.max(FEWEST_ROWS, Chunks.ELEMENTS / columns);
        boolean extreme = how == Reduce.MAX || how == Reduce.MIN;
        int blocks = extreme ? 1 : Math.max(1, Chunks.count(rows, rowsPerBlock));
        double[] partial = Scratch.doublePartials(extreme ? 0 : groups * panels * blocks * columns);
        int strips = Math.toIntExact(groups * panels);
        overItems(strips * blocks, i -> {
            long first = (long) (i % blocks) * rowsPerBlock;
            if (extreme) {
                extremeOf(i);
            } else {
                sum(i / blocks, first, Math.min(rows, first + rowsPerBlock), partial, i * columns);
            }
        });
        if (!extreme) {
            overItems(strips, i -> join(i, blocks, partial, columns));
        }
    }

    private void overItems(int count, Parallel.Chunk body) {
        if (groups * rows * width <= Chunks.INLINE_ELEMENTS) {
            for (int i = 0; i < count; i++) {
                body.run(i);
            }
        } else {
            Parallel.run(count, body);
        }
    }

    private int columns(int strip) {
        return (int) Math.min(PANEL, width - (long) (strip % panels) * PANEL);
    }

    /** Byte position of an element of a strip's first column. */
    private long position(int strip, long row) {
        return x + 4 * ((strip / panels * rows + row) * width + (long) (strip % panels) * PANEL);
    }

    /** Byte position of a strip's results. */
    private long result(int strip) {
        return out + 4 * (strip / panels * width + (long) (strip % panels) * PANEL);
    }

    private void sum(int strip, long first, long end, double[] sums, int at) {
        int n = columns(strip);
        Arrays.fill(sums, at, at + n, 0);
        for (long row = first; row < end; row++) {
            if (how == Reduce.SUM) {
                DoubleSums.addTo(sums, at, from, position(strip, row), n);
            } else {
                DoubleSums.addSquaresTo(sums, at, from, position(strip, row), n);
            }
        }
    }

    private void join(int strip, int blocks, double[] sums, int columns) {
        int n = columns(strip);
        int total = strip * blocks * columns;
        for (int block = 1; block < blocks; block++) {
            int part = total + block * columns;
            for (int i = 0; i < n; i++) {
                sums[total + i] += sums[part + i];
            }
        }
        for (int i = 0; i < n; i++) {
            Floats.set(to, result(strip), i, (float) sums[total + i]);
        }
    }

    private void extremeOf(int strip) {
        int n = columns(strip);
        float[] extremes = Scratch.room(PANEL + LANES);
        Arrays.fill(extremes, 0, n + LANES, how == Reduce.MAX ? Float.NEGATIVE_INFINITY : Float.POSITIVE_INFINITY);
        for (long row = 0; row < rows; row++) {
            if (how == Reduce.MAX) {
                max(extremes, position(strip, row), n);
            } else {
                min(extremes, position(strip, row), n);
            }
        }
        for (int i = 0; i < n; i++) {
            Floats.set(to, result(strip), i, extremes[i]);
        }
    }

    private void max(float[] extremes, long at, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            FloatVector.fromArray(FLOAT, extremes, i).max(load(from, at, i)).intoArray(extremes, i);
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            FloatVector.fromArray(FLOAT, extremes, end).max(load(from, at, end, rest)).intoArray(extremes, end, rest);
        }
    }

    private void min(float[] extremes, long at, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            FloatVector.fromArray(FLOAT, extremes, i).min(load(from, at, i)).intoArray(extremes, i);
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            FloatVector.fromArray(FLOAT, extremes, end).min(load(from, at, end, rest)).intoArray(extremes, end, rest);
        }
    }
}
