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
        int end = whole(n);
        switch (f) {
            case NEG -> negate(from, x, gradient, g, to, d, end);
            case ABS -> absolute(from, x, gradient, g, to, d, end);
            case SQUARE -> square(from, x, gradient, g, to, d, end);
            case RECIPROCAL -> reciprocal(from, x, gradient, g, to, d, end);
            case SQRT -> squareRoot(from, x, gradient, g, to, d, end);
            case EXP -> exp(from, x, gradient, g, to, d, end);
            case LOG -> log(from, x, gradient, g, to, d, end);
            case SIN -> sin(from, x, gradient, g, to, d, end);
            case COS -> cos(from, x, gradient, g, to, d, end);
            case TANH -> tanh(from, x, gradient, g, to, d, end);
            case SIGMOID -> sigmoid(from, x, gradient, g, to, d, end);
            case RELU -> relu(from, x, gradient, g, to, d, end);
            case SILU -> silu(from, x, gradient, g, to, d, end);
            case GELU -> gelu(from, x, gradient, g, to, d, end);
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, d, end, last(f, load(from, x, end, rest), load(gradient, g, end, rest)), rest);
        }
    }

    /** What the loops compute, for the elements behind their last whole vector. */
    private static FloatVector last(Unary f, FloatVector x, FloatVector g) {
        return switch (f) {
            case NEG -> g.neg();
            case ABS -> g.mul(sign(x));
            case SQUARE -> g.mul(x.mul(2f));
            case RECIPROCAL -> reciprocalRule(g, x);
            case SQRT -> g.mul(0.5f).div(x.sqrt());
            case EXP -> g.mul(VectorMath.exp(x));
            case LOG -> g.div(x);
            case SIN -> g.mul(VectorMath.cos(x));
            case COS -> g.mul(VectorMath.sin(x)).neg();
            case TANH -> g.mul(tanhDerivative(x));
            case SIGMOID -> g.mul(sigmoidDerivative(x));
            case RELU -> g.mul(step(x));
            case SILU -> g.mul(siluDerivative(x));
            case GELU -> g.mul(geluDerivative(x));
        };
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
            int end) {
        for (int i = 0; i < end; i += LANES) {
            store(to, d, i, load(gradient, g, i).neg());
        }
    }

    private static void absolute(MemorySegment from, long x, MemorySegment gradient, long g, MemorySegment to, long d,
            int end) {
        for (int i = 0; i < end; i += LANES) {
            store(to, d, i, load(gradient, g, i).mul(sign(load(from, x, i))));
        }
    }

    private static void square(MemorySegment from, long x, MemorySegment gradient, long g, MemorySegment to, long d,
            int end) {
        for (int i = 0; i < end; i += LANES) {
            store(to, d, i, load(gradient, g, i).mul(load(from, x, i).mul(2f)));
        }
    }

    private static void reciprocal(MemorySegment from, long x, MemorySegment gradient, long g, MemorySegment to, long d,
            int end) {
        for (int i = 0; i < end; i += LANES) {
            store(to, d, i, reciprocalRule(load(gradient, g, i), load(from, x, i)));
        }
    }

    private static void squareRoot(MemorySegment from, long x, MemorySegment gradient, long g, MemorySegment to, long d,
            int end) {
        for (int i = 0; i < end; i += LANES) {
            store(to, d, i, load(gradient, g, i).mul(0.5f).div(load(from, x, i).sqrt()));
        }
    }

    private static void exp(MemorySegment from, long x, MemorySegment gradient, long g, MemorySegment to, long d,
            int end) {
        for (int i = 0; i < end; i += LANES) {
            store(to, d, i, load(gradient, g, i).mul(VectorMath.exp(load(from, x, i))));
        }
    }

    private static void log(MemorySegment from, long x, MemorySegment gradient, long g, MemorySegment to, long d,
            int end) {
        for (int i = 0; i < end; i += LANES) {
            store(to, d, i, load(gradient, g, i).div(load(from, x, i)));
        }
    }

    private static void sin(MemorySegment from, long x, MemorySegment gradient, long g, MemorySegment to, long d,
            int end) {
        for (int i = 0; i < end; i += LANES) {
            store(to, d, i, load(gradient, g, i).mul(VectorMath.cos(load(from, x, i))));
        }
    }

    private static void cos(MemorySegment from, long x, MemorySegment gradient, long g, MemorySegment to, long d,
            int end) {
        for (int i = 0; i < end; i += LANES) {
            store(to, d, i, load(gradient, g, i).mul(VectorMath.sin(load(from, x, i))).neg());
        }
    }

    private static void tanh(MemorySegment from, long x, MemorySegment gradient, long g, MemorySegment to, long d,
            int end) {
        for (int i = 0; i < end; i += LANES) {
            store(to, d, i, load(gradient, g, i).mul(tanhDerivative(load(from, x, i))));
        }
    }

    private static void sigmoid(MemorySegment from, long x, MemorySegment gradient, long g, MemorySegment to, long d,
            int end) {
        for (int i = 0; i < end; i += LANES) {
            store(to, d, i, load(gradient, g, i).mul(sigmoidDerivative(load(from, x, i))));
        }
    }

    private static void relu(MemorySegment from, long x, MemorySegment gradient, long g, MemorySegment to, long d,
            int end) {
        for (int i = 0; i < end; i += LANES) {
            store(to, d, i, load(gradient, g, i).mul(step(load(from, x, i))));
        }
    }

    private static void silu(MemorySegment from, long x, MemorySegment gradient, long g, MemorySegment to, long d,
            int end) {
        for (int i = 0; i < end; i += LANES) {
            store(to, d, i, load(gradient, g, i).mul(siluDerivative(load(from, x, i))));
        }
    }

    /** In two passes over short blocks, as {@link UnaryLoops} does it. */
    private static void gelu(MemorySegment from, long x, MemorySegment gradient, long g, MemorySegment to, long d,
            int end) {
        float[] bells = Scratch.room(UnaryLoops.BLOCK);
        for (int start = 0; start < end; start += UnaryLoops.BLOCK) {
            int n = Math.min(UnaryLoops.BLOCK, end - start);
            long skip = 4L * start;
            UnaryLoops.bells(from, x + skip, bells, n);
            gelu(from, x + skip, bells, gradient, g + skip, to, d + skip, n);
        }
    }

    private static void gelu(MemorySegment from, long x, float[] bells, MemorySegment gradient, long g,
            MemorySegment to, long d, int end) {
        for (int i = 0; i < end; i += LANES) {
            FloatVector bell = FloatVector.fromArray(Species.FLOAT, bells, i);
            store(to, d, i, load(gradient, g, i).mul(geluDerivative(load(from, x, i), bell)));
        }
    }
}
