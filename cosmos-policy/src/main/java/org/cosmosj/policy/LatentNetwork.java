package org.cosmosj.policy;

import org.cosmosj.tensor.Tensor;

/**
 * The network that a policy is built around, before preconditioning; {@code CosmosDiT::forward} is the one there is.
 */
@FunctionalInterface
public interface LatentNetwork {
    /**
     * Predicts the raw output.
     *
     * @param input scaled noisy latents and what conditions them
     * @return (B, C, T, H, W)
     */
    Tensor forward(DiTInput input);
}
