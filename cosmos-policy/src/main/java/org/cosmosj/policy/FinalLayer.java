package org.cosmosj.policy;

import org.cosmosj.nn.Linear;
import org.cosmosj.nn.Weights;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Tensor;

/** Maps each token to the pixels of its patch, after a last modulation. Source: spec 01 section 11. */
public final class FinalLayer {
    private final AdaLnModulation adalnModulation;
    private final Linear linear;
    private final int width;

    /**
     * Makes the layer; keys {@code linear.weight} (p p out, D) and {@code adaln_modulation.{1,2}.weight}.
     *
     * @param weights where the parameters come from
     * @param config sizes
     */
    FinalLayer(Weights weights, CosmosDiTConfig config) {
        this.width = config.modelChannels();
        int pixels = config.patchSpatial() * config.patchSpatial() * config.outChannels();
        this.linear = new Linear(weights.at("linear"), width, pixels);
        this.adalnModulation = new AdaLnModulation(weights.at("adaln_modulation"), config, 2 * width);
    }

    /**
     * Applies the layer.
     *
     * @param x tokens, (B, T, H/p, W/p, D)
     * @param conditioning of the frames; of the shared modulation the shift and scale thirds
     * @return pixels of each patch, channels fastest, (B, T, H/p, W/p, p p out)
     */
    public Tensor forward(Tensor x, FrameConditioning conditioning) {
        Tensor base = conditioning.base().narrow(-1, 0, 2L * width);
        Tensor[] parts = adalnModulation.corrected(conditioning, base).chunk(2, -1);
        return linear.forward(Functional.modulatedLayerNorm(x, parts[0], parts[1], CosmosDiTConfig.NORM_EPS));
    }
}
