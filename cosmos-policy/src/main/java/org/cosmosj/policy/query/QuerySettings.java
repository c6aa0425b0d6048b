package org.cosmosj.policy.query;

import org.cosmosj.policy.CosmosPolicyConfig;
import org.cosmosj.policy.EncodedFrames;

/**
 * How a query is asked.
 *
 * @param config what the policy is
 * @param steps requested denoising steps
 * @param seed of the initial noise, in [0, 2^32)
 * @param frames how much of the observation is encoded
 * @param encoding what the encoding is compared with
 */
record QuerySettings(CosmosPolicyConfig config, int steps, long seed, EncodedFrames frames,
        Encoding encoding) {
    /** Whether the encoding of only what is needed is checked. */
    enum Encoding {
        /** Trusted. */
        NEEDED_ONLY,
        /** Compared with the encoding of every frame, from the start and bit for bit. */
        COMPARED
    }

    /** Pixel frames that stand for so many latent frames. */
    int pixelFrames(int latentFrames) {
        return 1 + config.vae().temporalFactor() * (latentFrames - 1);
    }
}
