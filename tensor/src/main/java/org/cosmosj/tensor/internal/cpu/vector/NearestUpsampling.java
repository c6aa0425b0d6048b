package org.cosmosj.tensor.internal.cpu.vector;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.internal.cpu.Parallel;
import org.cosmosj.tensor.spi.Operand;

/** Pixel replication by 2 in both directions, and its gradient {@code (a00 + a10) + (a01 + a11)} of each 2x2 square. */
final class NearestUpsampling {
    private static final int LANES = Species.LANES;
    /** Pixels of the small side below which a second thread does not pay. */
    private static final int CHUNK = 1 << 13;

    private NearestUpsampling() {}

    /** Work on one row of the small side and two rows of the large side, given by their first bytes. */
    @FunctionalInterface
    private interface RowPair {
        void apply(long small, long large);
    }

    static void forward(Operand x, Operand out) {
        int width = (int) x.size(2);
        MemorySegment from = CpuBuffer.segment(x);
        MemorySegment to = CpuBuffer.segment(out);
        eachRow(x, out, (small, large) -> repeat(from, small, to, large, width));
    }

    static void backward(Operand dOut, Operand dX) {
        int width = (int) dX.size(2);
        MemorySegment from = CpuBuffer.segment(dOut);
        MemorySegment to = CpuBuffer.segment(dX);
        eachRow(dX, dOut, (small, large) -> sum(from, large, to, small, width));
    }

    private static void eachRow(Operand small, Operand large, RowPair work) {
        long rows = small.size(0) * small.size(1);
        long width = small.size(2);
        int chunks = (int) Math.min(rows, (rows * width + CHUNK - 1) / CHUNK);
        Parallel.run(chunks, i -> {
            for (long row = rows * i / chunks; row < rows * (i + 1) / chunks; row++) {
                work.apply(small.byteOffset() + 4 * row * width, large.byteOffset() + 16 * row * width);
            }
        });
    }

    private static void repeat(MemorySegment from, long small, MemorySegment to, long large, int width) {
        long below = large + 8L * width;
        int i = 0;
        for (; i < Floats.whole(width); i += LANES) {
            FloatVector value = Floats.load(from, small, i);
            FloatVector left = Pairs.lowerTwice(value);
            FloatVector right = Pairs.upperTwice(value);
            Floats.store(to, large, 2 * i, left);
            Floats.store(to, large, 2 * i + LANES, right);
            Floats.store(to, below, 2 * i, left);
            Floats.store(to, below, 2 * i + LANES, right);
        }
        for (; i < width; i++) {
            float value = Floats.get(from, small, i);
            Floats.set(to, large, 2L * i, value);
            Floats.set(to, large, 2L * i + 1, value);
            Floats.set(to, below, 2L * i, value);
            Floats.set(to, below, 2L * i + 1, value);
        }
    }

    private static void sum(MemorySegment from, long large, MemorySegment to, long small, int width) {
        long below = large + 8L * width;
        int i = 0;
        for (; i < Floats.whole(width); i += LANES) {
            FloatVector left = Floats.load(from, large, 2 * i).add(Floats.load(from, below, 2 * i));
            FloatVector right = Floats.load(from, large, 2 * i + LANES).add(Floats.load(from, below, 2 * i + LANES));
            Floats.store(to, small, i, Pairs.even(left, right).add(Pairs.odd(left, right)));
        }
        for (; i < width; i++) {
            float even = Floats.get(from, large, 2L * i) + Floats.get(from, below, 2L * i);
            float odd = Floats.get(from, large, 2L * i + 1) + Floats.get(from, below, 2L * i + 1);
            Floats.set(to, small, i, even + odd);
        }
    }
}
