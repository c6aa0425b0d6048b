package org.cosmosj.tensor.internal.cpu;

import java.util.OptionalDouble;
import java.util.function.IntFunction;
import org.cosmosj.tensor.spi.AttentionKernels;
import org.cosmosj.tensor.spi.ConvolutionKernels;
import org.cosmosj.tensor.spi.CopyKernels;
import org.cosmosj.tensor.spi.ElementwiseKernels;
import org.cosmosj.tensor.spi.MatmulKernels;
import org.cosmosj.tensor.spi.NormKernels;
import org.cosmosj.tensor.spi.OptimizerKernels;
import org.cosmosj.tensor.spi.ReductionKernels;

/**
 * One implementation of every kernel family on the host.
 *
 * @param name {@code scalar}, {@code vector} or {@code machine}, in messages and benchmarks
 * @param detail what the kernels are made of, in a few words
 * @param copies copies, casts, fills and gathers
 * @param elementwise elementwise arithmetic
 * @param reductions sums and losses
 * @param matmul matrix products
 * @param norms normalisations, softmax, rotary embedding
 * @param attention attention
 * @param convolutions convolutions and resampling
 * @param optimizers parameter updates
 * @param multiplyAddPeak measures what {@code Backend#multiplyAddPeak} returns
 */
public record CpuKernels(String name, String detail, CopyKernels copies, ElementwiseKernels elementwise,
        ReductionKernels reductions, MatmulKernels matmul, NormKernels norms, AttentionKernels attention,
        ConvolutionKernels convolutions,
        OptimizerKernels optimizers, IntFunction<OptionalDouble> multiplyAddPeak) {
    /**
     * The same with other products.
     *
     * @param other name of the whole
     * @param products matrix products
     * @return all other families unchanged
     */
    CpuKernels withMatmul(String other, MatmulKernels products) {
        return new CpuKernels(other, detail, copies, elementwise, reductions, products, norms, attention,
                convolutions, optimizers, multiplyAddPeak);
    }
}
