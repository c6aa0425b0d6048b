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
    /** Floats that a pass hands to the next: 4 KiB. */
    static final int BLOCK = 1024;

    private UnaryLoops() {}

    /** Runs f over n floats; x and y are byte positions and may be the same. */
    static void run(Unary f, MemorySegment from, long x, MemorySegment to, long y, int n) {
        int end = whole(n);
        switch (f) {
            case NEG -> negate(from, x, to, y, end);
            case ABS -> absolute(from, x, to, y, end);
            case SQUARE -> square(from, x, to, y, end);
            case RECIPROCAL -> reciprocal(from, x, to, y, end);
            case SQRT -> squareRoot(from, x, to, y, end);
            case EXP -> exp(from, x, to, y, end);
            case LOG -> log(from, x, to, y, end);
            case SIN -> sin(from, x, to, y, end);
            case COS -> cos(from, x, to, y, end);
            case TANH -> tanh(from, x, to, y, end);
            case SIGMOID -> sigmoid(from, x, to, y, end);
            case RELU -> relu(from, x, to, y, end);
            case SILU -> silu(from, x, to, y, end);
            case GELU -> gelu(from, x, to, y, end);
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, y, end, last(f, load(from, x, end, rest)), rest);
        }
    }

    /**
     * What the loops compute, for the elements behind their last whole vector. In a method of its own: C2 gives up on
     * loops whose body is too large, and boxes every vector.
     */
    private static FloatVector last(Unary f, FloatVector x) {
        return switch (f) {
            case NEG -> x.neg();
            case ABS -> x.abs();
            case SQUARE -> square(x);
            case RECIPROCAL -> inverse(x);
            case SQRT -> x.sqrt();
            case EXP -> VectorMath.exp(x);
            case LOG -> VectorMath.log(x);
            case SIN -> VectorMath.sin(x);
            case COS -> VectorMath.cos(x);
            case TANH -> VectorMath.tanh(x);
            case SIGMOID -> VectorMath.sigmoid(x);
            case RELU -> positivePart(x);
            case SILU -> VectorMath.silu(x);
            case GELU -> VectorMath.gelu(x);
        };
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

    private static void negate(MemorySegment from, long x, MemorySegment to, long y, int end) {
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, load(from, x, i).neg());
        }
    }

    private static void absolute(MemorySegment from, long x, MemorySegment to, long y, int end) {
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, load(from, x, i).abs());
        }
    }

    private static void square(MemorySegment from, long x, MemorySegment to, long y, int end) {
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, square(load(from, x, i)));
        }
    }

    private static void reciprocal(MemorySegment from, long x, MemorySegment to, long y, int end) {
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, inverse(load(from, x, i)));
        }
    }

    private static void squareRoot(MemorySegment from, long x, MemorySegment to, long y, int end) {
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, load(from, x, i).sqrt());
        }
    }

    private static void exp(MemorySegment from, long x, MemorySegment to, long y, int end) {
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, VectorMath.exp(load(from, x, i)));
        }
    }

    private static void log(MemorySegment from, long x, MemorySegment to, long y, int end) {
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, VectorMath.log(load(from, x, i)));
        }
    }

    private static void sin(MemorySegment from, long x, MemorySegment to, long y, int end) {
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, VectorMath.sin(load(from, x, i)));
        }
    }

    private static void cos(MemorySegment from, long x, MemorySegment to, long y, int end) {
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, VectorMath.cos(load(from, x, i)));
        }
    }

    private static void tanh(MemorySegment from, long x, MemorySegment to, long y, int end) {
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, VectorMath.tanh(load(from, x, i)));
        }
    }

    private static void sigmoid(MemorySegment from, long x, MemorySegment to, long y, int end) {
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, VectorMath.sigmoid(load(from, x, i)));
        }
    }

    private static void relu(MemorySegment from, long x, MemorySegment to, long y, int end) {
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, positivePart(load(from, x, i)));
        }
    }

    private static void silu(MemorySegment from, long x, MemorySegment to, long y, int end) {
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, VectorMath.silu(load(from, x, i)));
        }
    }

    /** In two passes over short blocks, because the body of one would be too large for C2. */
    private static void gelu(MemorySegment from, long x, MemorySegment to, long y, int end) {
        float[] bells = Scratch.room(BLOCK);
        for (int start = 0; start < end; start += BLOCK) {
            int n = Math.min(BLOCK, end - start);
            bells(from, x + 4L * start, bells, n);
            gelu(from, x + 4L * start, bells, to, y + 4L * start, n);
        }
    }

    /** {@code e^(-x^2/2)} of whole vectors. */
    static void bells(MemorySegment from, long x, float[] bells, int end) {
        for (int i = 0; i < end; i += LANES) {
            VectorMath.bell(load(from, x, i)).intoArray(bells, i);
        }
    }

    private static void gelu(MemorySegment from, long x, float[] bells, MemorySegment to, long y, int end) {
        for (int i = 0; i < end; i += LANES) {
            store(to, y, i, VectorMath.gelu(load(from, x, i), FloatVector.fromArray(Species.FLOAT, bells, i)));
        }
    }
}
