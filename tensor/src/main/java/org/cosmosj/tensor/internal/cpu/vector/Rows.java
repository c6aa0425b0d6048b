package org.cosmosj.tensor.internal.cpu.vector;

import static org.cosmosj.tensor.internal.cpu.vector.Floats.load;
import static org.cosmosj.tensor.internal.cpu.vector.Floats.tail;
import static org.cosmosj.tensor.internal.cpu.vector.Floats.whole;
import static org.cosmosj.tensor.internal.cpu.vector.Species.FLOAT;
import static org.cosmosj.tensor.internal.cpu.vector.Species.LANES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * Sums over one row: four running vectors, joined, then the lanes joined by a tree. The order depends on the row's
 * length and the vector width only; {@code reduceLanes(ADD)} would change it when C2 takes over. Four, because one
 * would wait for the latency of each addition.
 */
final class Rows {
    private static final int STEP = 4 * LANES;

    private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(FLOAT, 8, 1, true);
    private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(FLOAT, 4, 1, true);
    private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(FLOAT, 2, 1, true);
    private static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(FLOAT, 1, 1, true);

    private Rows() {}

    /** The lanes added by halves: lane i to lane {@code i + half}, then half of the half. */
    static float lanes(FloatVector v) {
        FloatVector sum = v;
        if (LANES > 8) {
            sum = sum.add(sum.rearrange(BY_8));
        }
        if (LANES > 4) {
            sum = sum.add(sum.rearrange(BY_4));
        }
        sum = sum.add(sum.rearrange(BY_2));
        return sum.add(sum.rearrange(BY_1)).lane(0);
    }

    /** {@code sum x}. */
    static float sum(MemorySegment from, long x, int n) {
        FloatVector a = FloatVector.zero(FLOAT);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        int i = 0;
        for (; i <= n - STEP; i += STEP) {
            a = a.add(load(from, x, i));
            b = b.add(load(from, x, i + LANES));
            c = c.add(load(from, x, i + 2 * LANES));
            d = d.add(load(from, x, i + 3 * LANES));
        }
        int end = whole(n);
        for (; i < end; i += LANES) {
            a = a.add(load(from, x, i));
        }
        if (i < n) {
            b = b.add(load(from, x, i, tail(n - i)));
        }
        return lanes(a.add(b).add(c.add(d)));
    }

    /** {@code sum x^2}. */
    static float squares(MemorySegment from, long x, int n) {
        return dot(from, x, from, x, n);
    }

    /** {@code sum x y}. */
    static float dot(MemorySegment left, long x, MemorySegment right, long y, int n) {
        FloatVector a = FloatVector.zero(FLOAT);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        int i = 0;
        for (; i <= n - STEP; i += STEP) {
            a = load(left, x, i).fma(load(right, y, i), a);
            b = load(left, x, i + LANES).fma(load(right, y, i + LANES), b);
            c = load(left, x, i + 2 * LANES).fma(load(right, y, i + 2 * LANES), c);
            d = load(left, x, i + 3 * LANES).fma(load(right, y, i + 3 * LANES), d);
        }
        int end = whole(n);
        for (; i < end; i += LANES) {
            a = load(left, x, i).fma(load(right, y, i), a);
        }
        if (i < n) {
            VectorMask<Float> rest = tail(n - i);
            b = load(left, x, i, rest).fma(load(right, y, i, rest), b);
        }
        return lanes(a.add(b).add(c.add(d)));
    }

    /** {@code sum (x - mean)^2}. */
    static float squaredDeviations(MemorySegment from, long x, int n, float mean) {
        FloatVector a = FloatVector.zero(FLOAT);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        FloatVector middle = FloatVector.broadcast(FLOAT, mean);
        int i = 0;
        for (; i <= n - STEP; i += STEP) {
            a = addSquare(load(from, x, i).sub(middle), a);
            b = addSquare(load(from, x, i + LANES).sub(middle), b);
            c = addSquare(load(from, x, i + 2 * LANES).sub(middle), c);
            d = addSquare(load(from, x, i + 3 * LANES).sub(middle), d);
        }
        int end = whole(n);
        for (; i < end; i += LANES) {
            a = addSquare(load(from, x, i).sub(middle), a);
        }
        if (i < n) {
            VectorMask<Float> rest = tail(n - i);
            // Lanes beyond the row stay 0 instead of becoming -mean.
            b = addSquare(load(from, x, i, rest).sub(middle, rest), b);
        }
        return lanes(a.add(b).add(c.add(d)));
    }

    /** {@code max x}, NaN if any is; -infinity of nothing. reduceLanes(MAX) rounds nothing: its order is free. */
    static float max(MemorySegment from, long x, int n) {
        FloatVector max = FloatVector.broadcast(FLOAT, Float.NEGATIVE_INFINITY);
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            max = max.max(load(from, x, i));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            max = max.lanewise(VectorOperators.MAX, load(from, x, end, rest), rest);
        }
        return max.reduceLanes(VectorOperators.MAX);
    }

    /** {@code min x}, NaN if any is; infinity of nothing. */
    static float min(MemorySegment from, long x, int n) {
        FloatVector min = FloatVector.broadcast(FLOAT, Float.POSITIVE_INFINITY);
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            min = min.min(load(from, x, i));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            min = min.lanewise(VectorOperators.MIN, load(from, x, end, rest), rest);
        }
        return min.reduceLanes(VectorOperators.MIN);
    }

    private static FloatVector addSquare(FloatVector x, FloatVector sum) {
        return x.fma(x, sum);
    }
}
