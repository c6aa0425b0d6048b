package org.cosmosj.tensor.spi;

/**
 * Copies, casts, fills and gathers; {@link #copy} and {@link #fill} accept any dtype, any strides and any pair of
 * dtypes.
 */
public interface CopyKernels {
    /**
     * {@code out[i] = cast(x[i])}; float to narrower float rounds to nearest even, float to integer truncates.
     *
     * @param x source, any strides (0 repeats)
     * @param out destination of the same shape, any strides without repeats
     */
    void copy(Operand x, Operand out);

    /**
     * {@code out[i] = value}.
     *
     * @param value the constant
     * @param out destination, any strides without repeats
     */
    void fill(double value, Operand out);

    /**
     * {@code out[a, i, b] = x[a, index[i], b]}.
     *
     * @param x (A, N, B), contiguous, any dtype
     * @param index (n), I64, each in [0, N)
     * @param out (A, n, B)
     */
    void gather(Operand x, Operand index, Operand out);

    /**
     * {@code dX[a, index[i], b] += dOut[a, i, b]}, in order of i.
     *
     * @param dOut (A, n, B), contiguous
     * @param index (n), I64
     * @param dX (A, N, B), already initialised
     */
    void scatterAdd(Operand dOut, Operand index, Operand dX);

    /**
     * Fills with standard normal numbers of a counter-based stream; the value at position i depends only on
     * {@code (key, stream, i)}.
     *
     * @param key seed of the generator
     * @param stream which independent stream
     * @param out destination, contiguous, F32 or F64
     */
    void normal(long key, long stream, Operand out);
}
