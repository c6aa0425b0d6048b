package org.cosmosj.tensor.internal.cpu.scalar;

import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.MatmulKernels;
import org.cosmosj.tensor.spi.Operand;

/**
 * Matrix products without the Vector API. F32 (of F32 or BF16 factors) sums each block of K by fma in index
 * order and adds the blocks in order; all other dtypes sum over K in index order in double precision.
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

    @Override
    public void matmul(Operand x, Operand y, Operand out, Accumulation accumulation) {
        boolean single = out.dtype() == DType.F32 && isSingle(x) && isSingle(y);
        if (single) {
            new RowProduct(x, y, out, accumulation).run();
        } else {
            inDoublePrecision(x, y, out, accumulation);
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

    private static void inDoublePrecision(Operand x, Operand y, Operand out, Accumulation accumulation) {
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
                        sum += left.get(atX + k * x.layout().stride(2)) * right.get(atY + k * y.layout().stride(1));
                    }
                    long at = b * out.layout().stride(0) + m * rowStride + n;
                    to.set(at, accumulation == Accumulation.ADD ? to.get(at) + sum : sum);
                }
            }
        }
    }
}
