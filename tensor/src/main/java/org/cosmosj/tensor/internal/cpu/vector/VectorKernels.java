package org.cosmosj.tensor.internal.cpu.vector;

import java.util.OptionalDouble;
import org.cosmosj.tensor.internal.cpu.CpuKernels;

/** Kernels on the Vector API; each family extends its scalar reference and replaces the F32 paths. */
public final class VectorKernels {
    private VectorKernels() {}

    /**
     * All families.
     *
     * @return the kernels
     */
    public static CpuKernels create() {
        return new CpuKernels("vector",
                "Vector API kernels of " + Species.FLOAT.vectorBitSize() + " bits",
                new VectorCopyKernels(),
                new VectorElementwiseKernels(),
                new VectorReductionKernels(),
                new VectorMatmulKernels(),
                new VectorNormKernels(),
                new VectorAttentionKernels(),
                new VectorConvolutionKernels(),
                new VectorOptimizerKernels(),
                threads -> OptionalDouble.of(FmaPeak.flopsPerSecond(threads)));
    }
}
