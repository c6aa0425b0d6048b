package org.cosmosj.tensor.internal.cpu.vector;

import static org.cosmosj.tensor.internal.cpu.vector.Floats.load;
import static org.cosmosj.tensor.internal.cpu.vector.Floats.store;
import static org.cosmosj.tensor.internal.cpu.vector.Floats.tail;
import static org.cosmosj.tensor.internal.cpu.vector.Floats.whole;
import static org.cosmosj.tensor.internal.cpu.vector.Species.FLOAT;
import static org.cosmosj.tensor.internal.cpu.vector.Species.LANES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Constants, and products and sums with one rounding: every element by fma, in the last vector too. */
final class FusedLoops {
    private FusedLoops() {}

    /** {@code y[i] = x[i] scale + shift}. */
    static void affine(MemorySegment from, long x, float scale, float shift, MemorySegment to, long y, int n) {
        FloatVector factor = FloatVector.broadcast(FLOAT, scale);
        FloatVector summand = FloatVector.broadcast(FLOAT, shift);
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, load(from, x, i).fma(factor, summand));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, load(from, x, end, rest).fma(factor, summand), rest);
        }
    }

    /** {@code y[i] = value}. */
    static void fill(float value, MemorySegment to, long y, int n) {
        FloatVector constant = FloatVector.broadcast(FLOAT, value);
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, constant);
        }
        if (end < n) {
            store(to, y, end, constant, tail(n - end));
        }
    }

    /** {@code y[i] += alpha x[i]}. */
    static void axpy(float alpha, MemorySegment from, long x, MemorySegment to, long y, int n) {
        FloatVector factor = FloatVector.broadcast(FLOAT, alpha);
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, load(from, x, i).fma(factor, load(to, y, i)));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, load(from, x, end, rest).fma(factor, load(to, y, end, rest)), rest);
        }
    }

    /** {@code y[i] = factor (a[i] - b[i])}. */
    static void scaledDifference(float factor, MemorySegment left, long a, MemorySegment right, long b,
            MemorySegment to, long y, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, load(left, a, i).sub(load(right, b, i)).mul(factor));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, load(left, a, end, rest).sub(load(right, b, end, rest)).mul(factor), rest);
        }
    }
}
