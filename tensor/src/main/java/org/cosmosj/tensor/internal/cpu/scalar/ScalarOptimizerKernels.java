package org.cosmosj.tensor.internal.cpu.scalar;

import org.cosmosj.tensor.spi.Operand;
import org.cosmosj.tensor.spi.OptimizerKernels;

/** Parameter updates element by element, in double precision. */
public class ScalarOptimizerKernels implements OptimizerKernels {
    @Override
    public void adamW(Operand gradient, Operand parameter, Operand firstMoment, Operand secondMoment,
            AdamWStep step) {
        Elements gradients = Elements.of(gradient);
        Elements parameters = Elements.of(parameter);
        Elements first = Elements.of(firstMoment);
        Elements second = Elements.of(secondMoment);
        for (long i = 0; i < parameter.numel(); i++) {
            double g = gradients.get(i) * step.gradientScale();
            double m = step.beta1() * first.get(i) + (1 - step.beta1()) * g;
            double v = step.beta2() * second.get(i) + (1 - step.beta2()) * g * g;
            first.set(i, m);
            second.set(i, v);
            double p = parameters.get(i);
            double update = m / step.correction1() / (Math.sqrt(v / step.correction2()) + step.eps());
            parameters.set(i, p - step.learningRate() * (update + step.weightDecay() * p));
        }
    }

    @Override
    public void movingAverage(Operand value, double decay, Operand average) {
        Elements values = Elements.of(value);
        Elements averages = Elements.of(average);
        for (long i = 0; i < average.numel(); i++) {
            averages.set(i, decay * averages.get(i) + (1 - decay) * values.get(i));
        }
    }

    @Override
    public void zeroNonFinite(Operand gradient) {
        Elements values = Elements.of(gradient);
        for (long i = 0; i < gradient.numel(); i++) {
            if (!Double.isFinite(values.get(i))) {
                values.set(i, 0);
            }
        }
    }
}
