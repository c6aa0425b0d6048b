package org.cosmosj.tensor.internal.cpu.vector;

import static org.cosmosj.tensor.internal.cpu.vector.Floats.load;
import static org.cosmosj.tensor.internal.cpu.vector.Floats.store;
import static org.cosmosj.tensor.internal.cpu.vector.Floats.tail;
import static org.cosmosj.tensor.internal.cpu.vector.Floats.whole;
import static org.cosmosj.tensor.internal.cpu.vector.Species.LANES;
import static org.cosmosj.tensor.internal.cpu.vector.VectorMath.geluDerivative;
import static org.cosmosj.tensor.internal.cpu.vector.VectorMath.sigmoidDerivative;
import static org.cosmosj.tensor.internal.cpu.vector.VectorMath.siluDerivative;
import static org.cosmosj.tensor.internal.cpu.vector.VectorMath.tanhDerivative;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.cosmosj.tensor.spi.ElementwiseKernels.Unary;

/** {@code d[i] = g[i] f'(x[i])}. One loop per function, for the reason given at {@link UnaryLoops}. */
final class UnaryBackwardLoops {
    private UnaryBackwardLoops() {}

    /** Runs the rule of f over n floats; x (forward input), g (gradient) and d (result) are byte positions. */
    static void run(Unary f, MemorySegment from, long x, MemorySegment gradient, long g, MemorySegment to, long d,
            int n) {
        switch (f) {
            case NEG -> negate(from, x, gradient, g, to, d, n);
            case ABS -> absolute(from, x, gradient, g, to, d, n);
            case SQUARE -> square(from, x, gradient, g, to, d, n);
            case RECIPROCAL -> reciprocal(from, x, gradient, g, to, d, n);
            case SQRT -> squareRoot(from, x, gradient, g, to, d, n);
            case EXP -> exp(from, x, gradient, g, to, d, n);
            case LOG -> log(from, x, gradient, g, to, d, n);
            case SIN -> sin(from, x, gradient, g, to, d, n);
            case COS -> cos(from, x, gradient, g, to, d, n);
            case TANH -> tanh(from, x, gradient, g, to, d, n);
            case SIGMOID -> sigmoid(from, x, gradient, g, to, d, n);
            case RELU -> relu(from, x, gradient, g, to, d, n);
            case SILU -> silu(from, x, gradient, g, to, d, n);
            case GELU -> gelu(from, x, gradient, g, to, d, n);
        }
    }

    private static FloatVector sign(FloatVector x) {
        return x.blend(1f, x.compare(VectorOperators.GT, 0f)).blend(-1f, x.compare(VectorOperators.LT, 0f));
    }

    private static FloatVector step(FloatVector x) {
        return FloatVector.zero(Species.FLOAT).blend(1f, x.compare(VectorOperators.GT, 0f));
    }

    /** {@code -g / x^2}, divided twice because the square may leave the range of float. */
    private static FloatVector reciprocalRule(FloatVector g, FloatVector x) {
        return g.div(x).div(x).neg();
    }

    private static void negate(MemorySegment from, long x, MemorySegment gradient, long g, MemorySegment to, long d,
            int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, d, i, load(gradient, g, i).neg());
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, d, end, load(gradient, g, end, rest).neg(), rest);
        }
    }

    private static void absolute(MemorySegment from, long x, MemorySegment gradient, long g, MemorySegment to, long d,
            int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, d, i, load(gradient, g, i).mul(sign(load(from, x, i))));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, d, end, load(gradient, g, end, rest).mul(sign(load(from, x, end, rest))), rest);
        }
    }

    private static void square(MemorySegment from, long x, MemorySegment gradient, long g, MemorySegment to, long d,
            int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, d, i, load(gradient, g, i).mul(load(from, x, i).mul(2f)));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, d, end, load(gradient, g, end, rest).mul(load(from, x, end, rest).mul(2f)), rest);
        }
    }

    private static void reciprocal(MemorySegment from, long x, MemorySegment gradient, long g, MemorySegment to, long d,
            int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, d, i, reciprocalRule(load(gradient, g, i), load(from, x, i)));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, d, end, reciprocalRule(load(gradient, g, end, rest), load(from, x, end, rest)), rest);
        }
    }

    private static void squareRoot(MemorySegment from, long x, MemorySegment gradient, long g, MemorySegment to, long d,
            int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, d, i, load(gradient, g, i).mul(0.5f).div(load(from, x, i).sqrt()));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, d, end, load(gradient, g, end, rest).mul(0.5f).div(load(from, x, end, rest).sqrt()), rest);
        }
    }

    private static void exp(MemorySegment from, long x, MemorySegment gradient, long g, MemorySegment to, long d,
            int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, d, i, load(gradient, g, i).mul(VectorMath.exp(load(from, x, i))));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, d, end, load(gradient, g, end, rest).mul(VectorMath.exp(load(from, x, end, rest))), rest);
        }
    }

    private static void log(MemorySegment from, long x, MemorySegment gradient, long g, MemorySegment to, long d,
            int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, d, i, load(gradient, g, i).div(load(from, x, i)));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, d, end, load(gradient, g, end, rest).div(load(from, x, end, rest)), rest);
        }
    }

    private static void sin(MemorySegment from, long x, MemorySegment gradient, long g, MemorySegment to, long d,
            int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, d, i, load(gradient, g, i).mul(VectorMath.cos(load(from, x, i))));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, d, end, load(gradient, g, end, rest).mul(VectorMath.cos(load(from, x, end, rest))), rest);
        }
    }

    private static void cos(MemorySegment from, long x, MemorySegment gradient, long g, MemorySegment to, long d,
            int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, d, i, load(gradient, g, i).mul(VectorMath.sin(load(from, x, i))).neg());
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, d, end, load(gradient, g, end, rest).mul(VectorMath.sin(load(from, x, end, rest))).neg(), rest);
        }
    }

    private static void tanh(MemorySegment from, long x, MemorySegment gradient, long g, MemorySegment to, long d,
            int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, d, i, load(gradient, g, i).mul(tanhDerivative(load(from, x, i))));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, d, end, load(gradient, g, end, rest).mul(tanhDerivative(load(from, x, end, rest))), rest);
        }
    }

    private static void sigmoid(MemorySegment from, long x, MemorySegment gradient, long g, MemorySegment to, long d,
            int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, d, i, load(gradient, g, i).mul(sigmoidDerivative(load(from, x, i))));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, d, end, load(gradient, g, end, rest).mul(sigmoidDerivative(load(from, x, end, rest))), rest);
        }
    }

    private static void relu(MemorySegment from, long x, MemorySegment gradient, long g, MemorySegment to, long d,
            int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, d, i, load(gradient, g, i).mul(step(load(from, x, i))));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, d, end, load(gradient, g, end, rest).mul(step(load(from, x, end, rest))), rest);
        }
    }

    private static void silu(MemorySegment from, long x, MemorySegment gradient, long g, MemorySegment to, long d,
            int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, d, i, load(gradient, g, i).mul(siluDerivative(load(from, x, i))));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, d, end, load(gradient, g, end, rest).mul(siluDerivative(load(from, x, end, rest))), rest);
        }
    }

    private static void gelu(MemorySegment from, long x, MemorySegment gradient, long g, MemorySegment to, long d,
            int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, d, i, load(gradient, g, i).mul(geluDerivative(load(from, x, i))));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, d, end, load(gradient, g, end, rest).mul(geluDerivative(load(from, x, end, rest))), rest);
        }
    }
}
