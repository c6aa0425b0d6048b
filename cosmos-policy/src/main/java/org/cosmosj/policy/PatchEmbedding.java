package org.cosmosj.policy;

import org.cosmosj.nn.Linear;
import org.cosmosj.nn.Weights;
import org.cosmosj.tensor.Tensor;

/** Maps each patch of latents and masks to a token. Source: spec 01 section 5. */
public final class PatchEmbedding {
    private final int patch;
    private final Linear proj;

    /**
     * Makes the layer; key {@code proj.1.weight} (D, (C + 2) p p).
     *
     * @param weights where the parameter comes from
     * @param config sizes
     */
    PatchEmbedding(Weights weights, CosmosDiTConfig config) {
        int features = (config.inChannels() + CosmosDiTConfig.MASK_CHANNELS) * config.patchSpatial()
                * config.patchSpatial();
        this.patch = config.patchSpatial();
        this.proj = new Linear(weights.at("proj").at(1), features, config.modelChannels());
    }

    /**
     * Embeds a batch.
     *
     * @param input latents (B, C, T, H, W) and masks
     * @return tokens, (B, T, H/p, W/p, D)
     */
    public Tensor forward(DiTInput input) {
        return proj.forward(Patches.split(input.channels(), patch));
    }
}
