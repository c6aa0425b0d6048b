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
import jdk.incubator.vector.VectorOperators;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.spi.Operand;
import org.cosmosj.tensor.spi.OptimizerKernels.AdamWStep;

/** Parameter updates over spans of flat buffers, one pass over memory each. */
final class OptimizerLoops {
    private OptimizerLoops() {}

    /**
     * AdamW over one parameter group's buffers. The first moment moves by {@code (1-b1) (g - m)}, which keeps a
     * constant gradient a fixed point although b1 is rounded; the second does not, because it may be infinite.
     */
    static final class AdamW {
        private final MemorySegment gradients;
        private final MemorySegment parameters;
        private final MemorySegment firsts;
        private final MemorySegment seconds;
        private final long gradient;
        private final long parameter;
        private final long first;
        private final long second;
        private final AdamWStep step;

        AdamW(Operand gradient, Operand parameter, Operand first, Operand second, AdamWStep step) {
            gradients = CpuBuffer.segment(gradient);
            parameters = CpuBuffer.segment(parameter);
            firsts = CpuBuffer.segment(first);
            seconds = CpuBuffer.segment(second);
            this.gradient = gradient.byteOffset();
            this.parameter = parameter.byteOffset();
            this.first = first.byteOffset();
            this.second = second.byteOffset();
            this.step = step;
        }

        /** Elements [from, from + n). */
        void run(long from, int n) {
            long skip = 4 * from;
            int end = whole(n);
            float blend1 = (float) (1 - step.beta1());
            float keep2 = (float) step.beta2();
            float blend2 = (float) (1 - step.beta2());
            float scale = (float) step.gradientScale();
            FloatVector eps = all((float) step.eps());
            FloatVector unbias1 = all((float) (1 / step.correction1()));
            FloatVector unbias2 = all((float) (1 / step.correction2()));
            FloatVector decay = all((float) step.weightDecay());
            FloatVector rate = all((float) -step.learningRate());
            for (int i = 0; i < end; i += LANES) {
                FloatVector g = load(gradients, gradient + skip, i).mul(scale);
                FloatVector m = load(firsts, first + skip, i);
                m = g.sub(m).fma(all(blend1), m);
                FloatVector v = g.mul(g).fma(all(blend2), load(seconds, second + skip, i).mul(keep2));
                FloatVector p = load(parameters, parameter + skip, i);
                FloatVector update = m.mul(unbias1).div(v.mul(unbias2).sqrt().add(eps));
                store(firsts, first + skip, i, m);
                store(seconds, second + skip, i, v);
                store(parameters, parameter + skip, i, p.fma(decay, update).fma(rate, p));
            }
            if (end < n) {
                VectorMask<Float> rest = tail(n - end);
                FloatVector g = load(gradients, gradient + skip, end, rest).mul(scale);
                FloatVector m = load(firsts, first + skip, end, rest);
                m = g.sub(m).fma(all(blend1), m);
                FloatVector v = g.mul(g).fma(all(blend2), load(seconds, second + skip, end, rest).mul(keep2));
                FloatVector p = load(parameters, parameter + skip, end, rest);
                store(firsts, first + skip, end, m, rest);
                store(seconds, second + skip, end, v, rest);
                store(parameters, parameter + skip, end, updated(p, m, v), rest);
            }
        }

        /** {@code p - lr (m / c1 / (sqrt(v / c2) + eps) + decay p)}. */
        private FloatVector updated(FloatVector p, FloatVector m, FloatVector v) {
            FloatVector root = v.mul((float) (1 / step.correction2())).sqrt().add((float) step.eps());
            FloatVector update = m.mul((float) (1 / step.correction1())).div(root);
            return p.fma(all((float) step.weightDecay()), update).fma(all((float) -step.learningRate()), p);
        }
    }

    private static FloatVector all(float value) {
        return FloatVector.broadcast(FLOAT, value);
    }

    /** {@code average += weight (value - average)}: a constant value is a fixed point for any rounding of weight. */
    static void movingAverage(MemorySegment from, long value, float weight, MemorySegment to, long average, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            FloatVector old = load(to, average, i);
            store(to, average, i, load(from, value, i).sub(old).fma(all(weight), old));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            FloatVector old = load(to, average, end, rest);
            store(to, average, end, load(from, value, end, rest).sub(old).fma(all(weight), old), rest);
        }
    }

    /** NaN and infinities become 0. */
    static void zeroNonFinite(MemorySegment memory, long x, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(memory, x, i, finite(load(memory, x, i)));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(memory, x, end, finite(load(memory, x, end, rest)), rest);
        }
    }

    private static FloatVector finite(FloatVector x) {
        return FloatVector.zero(FLOAT).blend(x, x.abs().compare(VectorOperators.LE, Float.MAX_VALUE));
    }
}
