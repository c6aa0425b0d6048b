package org.cosmosj.tensor.internal.cpu.vector;

import static org.cosmosj.tensor.internal.cpu.vector.Floats.load;
import static org.cosmosj.tensor.internal.cpu.vector.Floats.store;
import static org.cosmosj.tensor.internal.cpu.vector.Floats.tail;
import static org.cosmosj.tensor.internal.cpu.vector.Floats.whole;
import static org.cosmosj.tensor.internal.cpu.vector.Species.LANES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.cosmosj.tensor.spi.ElementwiseKernels.Unary;

/**
 * {@code y[i] = f(x[i])}. One loop per function, all alike: a loop shared by functions would call them through an
 * interface, which costs ten times the speed once it has seen three of them.
 */
final class UnaryLoops {
    private UnaryLoops() {}

    /** Runs f over n floats; x and y are byte positions and may be the same. */
    static void run(Unary f, MemorySegment from, long x, MemorySegment to, long y, int n) {
        switch (f) {
            case NEG -> negate(from, x, to, y, n);
            case ABS -> absolute(from, x, to, y, n);
            case SQUARE -> square(from, x, to, y, n);
            case RECIPROCAL -> reciprocal(from, x, to, y, n);
            case SQRT -> squareRoot(from, x, to, y, n);
            case EXP -> exp(from, x, to, y, n);
            case LOG -> log(from, x, to, y, n);
            case SIN -> sin(from, x, to, y, n);
            case COS -> cos(from, x, to, y, n);
            case TANH -> tanh(from, x, to, y, n);
            case SIGMOID -> sigmoid(from, x, to, y, n);
            case RELU -> relu(from, x, to, y, n);
            case SILU -> silu(from, x, to, y, n);
            case GELU -> gelu(from, x, to, y, n);
        }
    }

    private static FloatVector square(FloatVector x) {
        return x.mul(x);
    }

    private static FloatVector inverse(FloatVector x) {
        return FloatVector.broadcast(Species.FLOAT, 1f).div(x);
    }

    /** NaN stays; the zeros become +0. */
    private static FloatVector positivePart(FloatVector x) {
        return x.blend(0f, x.compare(VectorOperators.LE, 0f));
    }

    private static void negate(MemorySegment from, long x, MemorySegment to, long y, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, load(from, x, i).neg());
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, load(from, x, end, rest).neg(), rest);
        }
    }

    private static void absolute(MemorySegment from, long x, MemorySegment to, long y, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, load(from, x, i).abs());
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, load(from, x, end, rest).abs(), rest);
        }
    }

    private static void square(MemorySegment from, long x, MemorySegment to, long y, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, square(load(from, x, i)));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, square(load(from, x, end, rest)), rest);
        }
    }

    private static void reciprocal(MemorySegment from, long x, MemorySegment to, long y, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, inverse(load(from, x, i)));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, inverse(load(from, x, end, rest)), rest);
        }
    }

    private static void squareRoot(MemorySegment from, long x, MemorySegment to, long y, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, load(from, x, i).sqrt());
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, load(from, x, end, rest).sqrt(), rest);
        }
    }

    private static void exp(MemorySegment from, long x, MemorySegment to, long y, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, VectorMath.exp(load(from, x, i)));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, VectorMath.exp(load(from, x, end, rest)), rest);
        }
    }

    private static void log(MemorySegment from, long x, MemorySegment to, long y, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, VectorMath.log(load(from, x, i)));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, VectorMath.log(load(from, x, end, rest)), rest);
        }
    }

    private static void sin(MemorySegment from, long x, MemorySegment to, long y, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, VectorMath.sin(load(from, x, i)));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, VectorMath.sin(load(from, x, end, rest)), rest);
        }
    }

    private static void cos(MemorySegment from, long x, MemorySegment to, long y, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, VectorMath.cos(load(from, x, i)));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, VectorMath.cos(load(from, x, end, rest)), rest);
        }
    }

    private static void tanh(MemorySegment from, long x, MemorySegment to, long y, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, VectorMath.tanh(load(from, x, i)));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, VectorMath.tanh(load(from, x, end, rest)), rest);
        }
    }

    private static void sigmoid(MemorySegment from, long x, MemorySegment to, long y, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, VectorMath.sigmoid(load(from, x, i)));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, VectorMath.sigmoid(load(from, x, end, rest)), rest);
        }
    }

    private static void relu(MemorySegment from, long x, MemorySegment to, long y, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, positivePart(load(from, x, i)));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, positivePart(load(from, x, end, rest)), rest);
        }
    }

    private static void silu(MemorySegment from, long x, MemorySegment to, long y, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, VectorMath.silu(load(from, x, i)));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, VectorMath.silu(load(from, x, end, rest)), rest);
        }
    }

    private static void gelu(MemorySegment from, long x, MemorySegment to, long y, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, VectorMath.gelu(load(from, x, i)));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, VectorMath.gelu(load(from, x, end, rest)), rest);
        }
    }
}
