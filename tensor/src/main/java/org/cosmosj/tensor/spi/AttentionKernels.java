package org.cosmosj.tensor.spi;

/**
 * Scaled dot-product attention without a mask. Heads are strides: batch, token and head strides are arbitrary, the
 * stride along d is 1.
 */
public interface AttentionKernels {
    /**
     * {@code out = softmax(scale q k^T) v} per batch and head. With BF16 operands and F32 results the weights
     * {@code exp(logit - largest so far)} are rounded to BF16 before they are multiplied by v, but not in their sum, as
     * flash attention does it.
     *
     * @param q (B, L, h, d)
     * @param k (B, S, h, d), dtype of q
     * @param v (B, S, h, e), dtype of q
     * @param scale factor of the logits
     * @param out (B, L, h, e), contiguous; dtype of q, or F32 if that is BF16
     * @param logSumExp (B, h, L), dtype of out: natural log of the sum of exponentials of the scaled
     *     logits, saved for backward
     */
    void attention(Operand q, Operand k, Operand v, double scale, Operand out, Operand logSumExp);

    /**
     * With {@code P = exp(scale q k^T - logSumExp)}, {@code delta = rowsum(dOut out)},
     * {@code dS = P (dOut v^T - delta)}: {@code dV = P^T dOut}, {@code dQ = scale dS k}, {@code dK = scale dS^T q}.
     *
     * @param dOut (B, L, h, e), contiguous
     * @param q as forward
     * @param k as forward
     * @param v as forward
     * @param out the forward result
     * @param logSumExp from forward
     * @param scale as forward
     * @param dQ (B, L, h, d), contiguous
     * @param dK (B, S, h, d), contiguous
     * @param dV (B, S, h, e), contiguous
     */
    void attentionBackward(Operand dOut, Operand q, Operand k, Operand v, Operand out, Operand logSumExp, double scale,
            Operand dQ, Operand dK, Operand dV);
}
