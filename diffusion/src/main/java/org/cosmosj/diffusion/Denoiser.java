package org.cosmosj.diffusion;

import org.cosmosj.tensor.Tensor;

/**
 * The only thing this package knows of a model: {@code D(x, sigma)}, the estimate of the clean signal. Source: Karras
 * et al. 2022, eq. 2.
 */
@FunctionalInterface
public interface Denoiser {
    /**
     * Estimates the clean signal.
     *
     * @param x noisy signal, (B, ..), F32
     * @param sigma noise standard deviation per sample, (B), F32, each above 0
     * @return the clean signal, shape of {@code x}
     */
    Tensor denoise(Tensor x, Tensor sigma);
}
