package org.cosmosj.tensor.internal.cpu.scalar;

import java.util.OptionalDouble;
import org.cosmosj.tensor.internal.cpu.CpuKernels;

/**
 * The readable reference of every kernel: loops over elements as the formula says, computing in double precision and
 * rounding once into the result. It serves F64, checks the fast kernels, and runs where the Vector API is missing.
 */
public final class ScalarKernels {
    private ScalarKernels() {}

    /**
     * All families.
     *
     * @return the kernels
     */
    public static CpuKernels create() {
        return new CpuKernels("scalar", "scalar kernels", new ScalarCopyKernels(), new ScalarElementwiseKernels(),
                new ScalarReductionKernels(), new ScalarMatmulKernels(), new ScalarNormKernels(),
                new ScalarAttentionKernels(), new ScalarConvolutionKernels(), new ScalarOptimizerKernels(),
                _ -> OptionalDouble.empty());
    }
}
