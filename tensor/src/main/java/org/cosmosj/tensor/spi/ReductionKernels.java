package org.cosmosj.tensor.spi;

/** Reductions over fixed chunks joined by a fixed tree: the same bits for any number of threads. */
public interface ReductionKernels {
    /** Ways to reduce. */
    enum Reduce {
        /** {@code sum x}. */
        SUM,
        /** {@code sum x^2}. */
        SUM_OF_SQUARES,
        /** {@code max x}; NaN if any is NaN. */
        MAX,
        /** {@code min x}; NaN if any is NaN. */
        MIN
    }

    /**
     * {@code out[a, b] = reduce_r x[a, r, b]}.
     *
     * @param how the reduction
     * @param x (A, R, B)
     * @param out (A, B)
     */
    void reduce(Reduce how, Operand x, Operand out);

    /**
     * Weighted squared error {@code out = scale * sum_{b,c,t,s} weight[b,t] (prediction - target)^2}.
     *
     * @param prediction (B, C, T, S)
     * @param target (B, C, T, S)
     * @param weight (B, T)
     * @param scale factor, such as 1/numel
     * @param out scalar
     */
    void weightedSquaredError(Operand prediction, Operand target, Operand weight, double scale, Operand out);

    /**
     * {@code dPrediction = 2 scale dOut weight[b,t] (prediction - target)}.
     *
     * @param dOut scalar
     * @param prediction (B, C, T, S)
     * @param target (B, C, T, S)
     * @param weight (B, T)
     * @param scale as forward
     * @param dPrediction (B, C, T, S)
     */
    void weightedSquaredErrorBackward(
            Operand dOut, Operand prediction, Operand target, Operand weight, double scale, Operand dPrediction);
}
