package org.cosmosj.tensor.spi;

/** Parameter updates over flat buffers. */
public interface OptimizerKernels {
    /**
     * AdamW with bias correction: {@code m = b1 m + (1-b1) g; v = b2 v + (1-b2) g^2;
     * p -= lr ((m / c1) / (sqrt(v / c2) + eps) + weightDecay p)}. Source: spec 04 section 16.
     *
     * @param gradient (n)
     * @param parameter (n), updated in place
     * @param firstMoment (n), updated in place
     * @param secondMoment (n), updated in place
     * @param step coefficients of this step
     */
    void adamW(Operand gradient, Operand parameter, Operand firstMoment, Operand secondMoment, AdamWStep step);

    /**
     * Coefficients of one AdamW step.
     *
     * @param learningRate lr of this step
     * @param beta1 decay of the first moment
     * @param beta2 decay of the second moment
     * @param eps added to the root
     * @param weightDecay decoupled decay
     * @param correction1 {@code 1 - beta1^k}
     * @param correction2 {@code 1 - beta2^k}
     * @param gradientScale factor applied to the gradient first (global norm clip)
     */
    record AdamWStep(double learningRate, double beta1, double beta2, double eps, double weightDecay,
            double correction1, double correction2, double gradientScale) {}

    /**
     * Exponential moving average: {@code average = decay average + (1-decay) value}.
     *
     * @param value (n)
     * @param decay in [0, 1]
     * @param average (n), updated in place
     */
    void movingAverage(Operand value, double decay, Operand average);

    /**
     * Replaces NaN and infinities by 0 in place. Source: spec 04 section 16, gradient clip.
     *
     * @param gradient (n)
     */
    void zeroNonFinite(Operand gradient);
}
