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

/** Softmax of the rows of (R, D) and its gradient {@code y (dY - sum(dY y))}. */
final class SoftmaxRows {
    private SoftmaxRows() {}

    /** {@code y = exp(x - max) / sum}: one row of n. */
    static void forward(MemorySegment from, long x, MemorySegment to, long y, int n) {
        FloatVector max = FloatVector.broadcast(FLOAT, Rows.max(from, x, n));
        FloatVector sum = FloatVector.zero(FLOAT);
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            FloatVector e = VectorMath.exp(load(from, x, i).sub(max));
            store(to, y, i, e);
            sum = sum.add(e);
        }
        VectorMask<Float> rest = tail(n - end);
        if (end < n) {
            FloatVector e = VectorMath.exp(load(from, x, end, rest).sub(max));
            store(to, y, end, e, rest);
            sum = sum.add(e, rest);
        }
        FloatVector total = FloatVector.broadcast(FLOAT, Rows.lanes(sum));
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, load(to, y, i).div(total));
        }
        if (end < n) {
            store(to, y, end, load(to, y, end, rest).div(total), rest);
        }
    }

    /** {@code dX = y (dY - sum(dY y))}: one row of n. */
    static void backward(MemorySegment gradient, long dY, MemorySegment result, long y, MemorySegment to, long dX,
            int n) {
        FloatVector dot = FloatVector.broadcast(FLOAT, Rows.dot(gradient, dY, result, y, n));
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, dX, i, load(gradient, dY, i).sub(dot).mul(load(result, y, i)));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, dX, end, load(gradient, dY, end, rest).sub(dot).mul(load(result, y, end, rest)), rest);
        }
    }
}
