package org.cosmosj.tensor.spi;

/**
 * Batched matrix products. Transposes are strides: each matrix has one of its two strides equal to 1 (or a size of 1).
 * The order of summation over K depends on (K, N) only, never on M, the batch or the thread count.
 */
public interface MatmulKernels {
    /**
     * {@code out[b] = x[b] y[b]} or {@code out[b] += x[b] y[b]}.
     *
     * @param x (B, M, K), any batch stride including 0; F32 results also take BF16 factors, widened exactly
     * @param y (B, K, N), any batch stride including 0; F32 results also take BF16 factors, widened exactly
     * @param out (B, M, N), unit stride along N
     * @param accumulation assign or add
     */
    void matmul(Operand x, Operand y, Operand out, Accumulation accumulation);
}
