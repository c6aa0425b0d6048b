package org.cosmosj.tensor;

import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.MatmulKernels;
import org.cosmosj.tensor.spi.Operand;

/**
 * How the factors of a matrix product are rounded before they are multiplied; sums and results are F32 either way.
 * PyTorch's names of the two are {@code highest} and {@code medium} of {@code set_float32_matmul_precision}.
 */
public enum MatmulPrecision {
    /** Not at all. BF16 factors are widened. */
    F32,
    /**
     * To BF16, to nearest even, denormal numbers to 0: about twice as fast where the processor multiplies BF16, the
     * same bits everywhere. Gradients are the products of the rounded factors: rounding passes them on unchanged.
     */
    BF16;

    /**
     * The precision of a name as configurations spell it.
     *
     * @param name {@code float32} or {@code bfloat16}
     * @return the precision
     * @throws IllegalArgumentException if the name is another
     */
    public static MatmulPrecision parse(String name) {
        return switch (name) {
            case "float32" -> F32;
            case "bfloat16" -> BF16;
            default -> throw new IllegalArgumentException("matmul precision: '" + name
                    + "' is unknown; use float32 or bfloat16");
        };
    }

    /** Contract of {@link MatmulKernels}. */
    void multiply(MatmulKernels kernels, Operand x, Operand y, Operand out, Accumulation accumulation) {
        if (this == BF16) {
            kernels.matmulBf16(x, y, out, accumulation);
        } else {
            kernels.matmul(x, y, out, accumulation);
        }
    }
}
