package org.cosmosj.tensor.internal.cpu.vector;

import static org.cosmosj.tensor.internal.cpu.vector.Floats.load;
import static org.cosmosj.tensor.internal.cpu.vector.Floats.store;
import static org.cosmosj.tensor.internal.cpu.vector.Floats.tail;
import static org.cosmosj.tensor.internal.cpu.vector.Floats.whole;
import static org.cosmosj.tensor.internal.cpu.vector.Species.LANES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.cosmosj.tensor.spi.ElementwiseKernels.Binary;

/** {@code y[i] = f(a[i], b[i])}, either operand possibly one value. One loop each, as in {@link UnaryLoops}. */
final class BinaryLoops {
    private BinaryLoops() {}

    /** Both operands are n floats; a, b and y are byte positions and may be the same. */
    static void both(Binary f, MemorySegment left, long a, MemorySegment right, long b, MemorySegment to, long y,
            int n) {
        switch (f) {
            case ADD -> add(left, a, right, b, to, y, n);
            case SUB -> sub(left, a, right, b, to, y, n);
            case MUL -> mul(left, a, right, b, to, y, n);
            case DIV -> div(left, a, right, b, to, y, n);
            case MAX -> max(left, a, right, b, to, y, n);
            case MIN -> min(left, a, right, b, to, y, n);
        }
    }

    /** {@code y[i] = f(a[i], b)}. */
    static void rightOne(Binary f, MemorySegment left, long a, float b, MemorySegment to, long y, int n) {
        switch (f) {
            case ADD -> add(left, a, b, to, y, n);
            case SUB -> sub(left, a, b, to, y, n);
            case MUL -> mul(left, a, b, to, y, n);
            case DIV -> div(left, a, b, to, y, n);
            case MAX -> max(left, a, b, to, y, n);
            case MIN -> min(left, a, b, to, y, n);
        }
    }

    /** {@code y[i] = f(a, b[i])}. */
    static void leftOne(Binary f, float a, MemorySegment right, long b, MemorySegment to, long y, int n) {
        switch (f) {
            case ADD -> add(right, b, a, to, y, n);
            case SUB -> sub(a, right, b, to, y, n);
            case MUL -> mul(right, b, a, to, y, n);
            case DIV -> div(a, right, b, to, y, n);
            case MAX -> max(right, b, a, to, y, n);
            case MIN -> min(right, b, a, to, y, n);
        }
    }

    /** One element; the same bits as a lane of the loops. */
    static float one(Binary f, float a, float b) {
        return switch (f) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> a / b;
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
        };
    }

    private static void add(MemorySegment left, long a, MemorySegment right, long b, MemorySegment to, long y,
            int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, load(left, a, i).add(load(right, b, i)));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, load(left, a, end, rest).add(load(right, b, end, rest)), rest);
        }
    }

    private static void sub(MemorySegment left, long a, MemorySegment right, long b, MemorySegment to, long y,
            int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, load(left, a, i).sub(load(right, b, i)));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, load(left, a, end, rest).sub(load(right, b, end, rest)), rest);
        }
    }

    private static void mul(MemorySegment left, long a, MemorySegment right, long b, MemorySegment to, long y,
            int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, load(left, a, i).mul(load(right, b, i)));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, load(left, a, end, rest).mul(load(right, b, end, rest)), rest);
        }
    }

    private static void div(MemorySegment left, long a, MemorySegment right, long b, MemorySegment to, long y,
            int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, load(left, a, i).div(load(right, b, i)));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, load(left, a, end, rest).div(load(right, b, end, rest)), rest);
        }
    }

    private static void max(MemorySegment left, long a, MemorySegment right, long b, MemorySegment to, long y,
            int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, load(left, a, i).max(load(right, b, i)));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, load(left, a, end, rest).max(load(right, b, end, rest)), rest);
        }
    }

    private static void min(MemorySegment left, long a, MemorySegment right, long b, MemorySegment to, long y,
            int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, load(left, a, i).min(load(right, b, i)));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, load(left, a, end, rest).min(load(right, b, end, rest)), rest);
        }
    }

    private static void add(MemorySegment left, long a, float b, MemorySegment to, long y, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, load(left, a, i).add(b));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, load(left, a, end, rest).add(b), rest);
        }
    }

    private static void sub(MemorySegment left, long a, float b, MemorySegment to, long y, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, load(left, a, i).sub(b));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, load(left, a, end, rest).sub(b), rest);
        }
    }

    private static void mul(MemorySegment left, long a, float b, MemorySegment to, long y, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, load(left, a, i).mul(b));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, load(left, a, end, rest).mul(b), rest);
        }
    }

    private static void div(MemorySegment left, long a, float b, MemorySegment to, long y, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, load(left, a, i).div(b));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, load(left, a, end, rest).div(b), rest);
        }
    }

    private static void max(MemorySegment left, long a, float b, MemorySegment to, long y, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, load(left, a, i).max(b));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, load(left, a, end, rest).max(b), rest);
        }
    }

    private static void min(MemorySegment left, long a, float b, MemorySegment to, long y, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, load(left, a, i).min(b));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, load(left, a, end, rest).min(b), rest);
        }
    }

    private static void sub(float a, MemorySegment right, long b, MemorySegment to, long y, int n) {
        int end = whole(n);
        FloatVector same = FloatVector.broadcast(Species.FLOAT, a);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, same.sub(load(right, b, i)));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, same.sub(load(right, b, end, rest)), rest);
        }
    }

    private static void div(float a, MemorySegment right, long b, MemorySegment to, long y, int n) {
        int end = whole(n);
        FloatVector same = FloatVector.broadcast(Species.FLOAT, a);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, same.div(load(right, b, i)));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, same.div(load(right, b, end, rest)), rest);
        }
    }
}
