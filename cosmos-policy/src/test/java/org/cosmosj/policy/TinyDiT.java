package org.cosmosj.policy;

import org.cosmosj.nn.Rounding;
import org.cosmosj.nn.Weights;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;

/** Networks small enough for finite differences, in which every size is another number. */
final class TinyDiT {
    static final CosmosDiTConfig CONFIG = config(1);
    static final int TEXT_TOKENS = 5;

    private TinyDiT() {}

    static CosmosDiTConfig config(int blocks) {
        return new CosmosDiTConfig(3, 3, 16, 16, 8, 2, 24, blocks, 2, 1.5, 7, 4, 3, 3, 1, Rounding.FLOAT32, 1,
                Rounding.FLOAT32, Rounding.FLOAT32);
    }

    /** A network without zeros, so that nothing is hidden behind one. */
    static CosmosDiT random(CosmosDiTConfig config, DType dtype) {
        CosmosDiT model = new CosmosDiT(config, Weights.random(Rng.seeded(1), dtype));
        for (Parameter p : model.parameters()) {
            Tensor noise = Tensor.randn(Rng.seeded(2).stream(p.name().hashCode()), DType.F64, p.value().shape());
            boolean isGain = p.value().shape().rank() == 1;
            p.value().copyFrom(isGain ? noise.mul(0.3).add(1) : noise.mul(1 / Math.sqrt(p.value().size(1))));
        }
        return model;
    }

    /** B samples of T frames of H x W latents. */
    static DiTInput input(CosmosDiTConfig config, DType dtype, long batch, long frames, long height, long width) {
        Rng rng = Rng.seeded(3);
        Tensor mask = Tensor.zeros(dtype, Shape.of(batch, 1, frames, height, width));
        mask.narrow(2, 0, 1).fill(1);
        return DiTInput.unpadded(
                Tensor.randn(rng.stream(0), DType.F64, Shape.of(batch, config.inChannels(), frames, height, width))
                        .to(dtype),
                Tensor.randn(rng.stream(1), DType.F64, Shape.of(batch, frames)).to(dtype),
                Tensor.randn(rng.stream(2), DType.F64, Shape.of(batch, TEXT_TOKENS, config.crossattnEmbChannels()))
                        .to(dtype),
                mask);
    }
}
