package org.cosmosj.tensor.internal.cpu.scalar;

import java.util.function.DoubleUnaryOperator;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.MatmulKernels;
import org.cosmosj.tensor.spi.Operand;

/**
 * Matrix products without the Vector API. F32 (of F32 or BF16 factors) sums each block of K by fma in index
 * order and adds the blocks in order; all other dtypes sum over K in index order in double precision. Products of
 * factors rounded to BF16 follow {@link Bf16}.
 */
public class ScalarMatmulKernels implements MatmulKernels {
    /** The longest block of K that is summed before it is added to the result. */
    public static final int DEPTH_BLOCK = 256;

    /** Makes the kernels. */
    public ScalarMatmulKernels() {}

    /**
     * Length of the blocks of K: equal parts in multiples of 8, a function of K alone.
     *
     * @param depth K, at least 1
     * @return at most {@link #DEPTH_BLOCK}
     */
    public static int depthStep(int depth) {
        int blocks = (depth + DEPTH_BLOCK - 1) / DEPTH_BLOCK;
        return ((depth + blocks - 1) / blocks + 7) / 8 * 8;
    }

    /**
     * The same for products of BF16: at most {@link #DEPTH_BLOCK} pairs, in multiples of 32 elements.
     *
     * @param depth K, at least 1
     * @return at most {@code 2 * DEPTH_BLOCK}
     */
    public static int pairedDepthStep(int depth) {
        int blocks = (depth + 2 * DEPTH_BLOCK - 1) / (2 * DEPTH_BLOCK);
        return ((depth + blocks - 1) / blocks + 31) / 32 * 32;
    }

    @Override
    public void matmul(Operand x, Operand y, Operand out, Accumulation accumulation) {
        boolean single = out.dtype() == DType.F32 && isSingle(x) && isSingle(y);
        if (single) {
            RowProduct.ofSingles(x, y, out, accumulation).run();
        } else {
            inDoublePrecision(x, y, out, accumulation, v -> v);
        }
    }

    @Override
    public void matmulBf16(Operand x, Operand y, Operand out, Accumulation accumulation) {
        if (out.dtype() == DType.F32 && isSingle(x) && isSingle(y)) {
            RowProduct.ofPairs(x, y, out, accumulation).run();
        } else {
            inDoublePrecision(x, y, out, accumulation, v -> Bf16.rounded((float) v));
        }
    }

    /**
     * Whether a factor is one of an F32 product.
     *
     * @param factor x or y
     * @return true for F32 and for BF16, which packing widens
     */
    protected static boolean isSingle(Operand factor) {
        return factor.dtype() == DType.F32 || factor.dtype() == DType.BF16;
    }

    private static void inDoublePrecision(Operand x, Operand y, Operand out, Accumulation accumulation,
            DoubleUnaryOperator factor) {
        Elements left = Elements.of(x);
        Elements right = Elements.of(y);
        Elements to = Elements.of(out);
        long rowStride = out.layout().stride(1);
        for (long b = 0; b < out.size(0); b++) {
            for (long m = 0; m < out.size(1); m++) {
                long atX = b * x.layout().stride(0) + m * x.layout().stride(1);
                for (long n = 0; n < out.size(2); n++) {
                    long atY = b * y.layout().stride(0) + n * y.layout().stride(2);
                    double sum = 0;
                    for (long k = 0; k < x.size(2); k++) {
                        double a = factor.applyAsDouble(left.get(atX + k * x.layout().stride(2)));
                        sum += a * factor.applyAsDouble(right.get(atY + k * y.layout().stride(1)));
                    }
                    long at = b * out.layout().stride(0) + m * rowStride + n;
                    to.set(at, accumulation == Accumulation.ADD ? to.get(at) + sum : sum);
                }
            }
        }
    }
}
