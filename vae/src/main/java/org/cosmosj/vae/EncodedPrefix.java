package org.cosmosj.vae;

import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;

/**
 * The start of a video, encoded, and what the encoder remembers of it, so that videos of the same start pay for it
 * once. It is what the weights made of it: encode anew after training them. Its tensors belong to the scope it was made
 * in.
 */
public final class EncodedPrefix implements AutoCloseable {
    private final Shape video;
    private final Tensor latents;
    private final FeatureCache cache;

    EncodedPrefix(Shape video, Tensor latents, FeatureCache cache) {
        this.video = video;
        this.latents = latents;
        this.cache = cache;
    }

    /**
     * Sizes of the start.
     *
     * @return (B, 3, 1 + 4 (T-1), 8 H, 8 W)
     */
    public Shape video() {
        return video;
    }

    /**
     * Its latents.
     *
     * @return normalised, (B, zDim, T, H, W)
     */
    public Tensor latents() {
        return latents;
    }

    FeatureCache cache() {
        return cache;
    }

    /** Frees the latents and what is remembered. */
    @Override
    public void close() {
        latents.close();
        cache.close();
    }
}
