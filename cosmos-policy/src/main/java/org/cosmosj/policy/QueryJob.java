package org.cosmosj.policy;

import org.cosmosj.tensor.Tensor;

/**
 * One query among many that are asked together.
 *
 * @param frames latents that hold the given frames, (1, C, T, H, W)
 * @param seed in [0, 2^32)
 * @param steps requested sampler steps
 */
public record QueryJob(Tensor frames, long seed, int steps) {}
