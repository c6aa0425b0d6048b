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

    /**
     * The same product of factors that are rounded to BF16, summed in F32: within blocks of K, whose length depends on
     * K only, {@code sum = fma(x1, y1, sum)} of the odd and then of the even element of each pair, denormal numbers
     * being 0; the blocks are added in order. Of F64 operands the rounded factors are summed in double precision.
     *
     * @param x (B, M, K), F32, BF16 or F64, any batch stride including 0
     * @param y (B, K, N), F32, BF16 or F64, any batch stride including 0
     * @param out (B, M, N), F32, or F64 if a factor is, unit stride along N
     * @param accumulation assign or add
     * @throws UnsupportedOperationException if the device has no such kernel
     */
    default void matmulBf16(Operand x, Operand y, Operand out, Accumulation accumulation) {
        throw new UnsupportedOperationException("matmul: this device has no kernel for " + x.dtype() + " and "
                + y.dtype() + " factors rounded to BF16; use MatmulPrecision.F32");
    }
}
