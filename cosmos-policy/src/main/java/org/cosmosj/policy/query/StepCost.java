package org.cosmosj.policy.query;

import org.cosmosj.policy.CosmosDiTConfig;
import org.cosmosj.policy.CosmosPolicyConfig;

/** Arithmetic of one evaluation of the network, the keys and values of the text being known. */
final class StepCost {
    private StepCost() {}

    /** Tokens L of one video. */
    static long tokens(CosmosPolicyConfig config) {
        long side = config.sizes().image() / config.vae().spatialFactor() / config.net().patchSpatial();
        return config.layout().size() * side * side;
    }

    /**
     * Multiplications and additions of the matrix products and attentions; what is left out (norms, modulations, the
     * first and the last layer) is below 1 % at full size.
     */
    static double flops(CosmosPolicyConfig config) {
        CosmosDiTConfig net = config.net();
        double l = tokens(config);
        double d = net.modelChannels();
        double selfAttention = 8 * l * d * d + 4 * l * l * d;
        double crossAttention = 4 * l * d * d + 4 * l * config.sizes().text() * d;
        double mlp = 4 * l * d * d * net.mlpRatio();
        return net.numBlocks() * (selfAttention + crossAttention + mlp);
    }
}
