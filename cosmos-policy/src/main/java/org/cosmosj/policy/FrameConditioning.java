package org.cosmosj.policy;

import org.cosmosj.tensor.Tensor;

/**
 * What all blocks know of the timesteps. Source: spec 01 sections 4, 6 and 8.
 *
 * @param activated silu of the normalised sinusoid, (B, T, D); computed once, since every modulation starts from it
 * @param base the modulation that all blocks share and add their own to, (B, T, 3 D)
 */
public record FrameConditioning(Tensor activated, Tensor base) {}
