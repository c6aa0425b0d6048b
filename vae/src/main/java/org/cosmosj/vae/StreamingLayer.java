package org.cosmosj.vae;

import org.cosmosj.tensor.Tensor;

/** One stage of the encoder or decoder: consumes a chunk of frames and remembers what the next chunk needs. */
sealed interface StreamingLayer permits StreamingConv, ResidualBlock, AttentionBlock, Resample {
    /**
     * Applies the stage to a chunk.
     *
     * @param x (B, C, T, H, W)
     * @param cache the frames before the chunk; updated
     * @return (B, C', T', H', W')
     */
    Tensor forward(Tensor x, FeatureCache cache);
}
