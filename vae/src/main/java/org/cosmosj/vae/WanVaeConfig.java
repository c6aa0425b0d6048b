package org.cosmosj.vae;

import java.util.List;

/**
 * Sizes of a Wan VAE. Source: spec 02 section 1.
 *
 * @param dim base width
 * @param zDim latent channels
 * @param dimMult width of each level in units of {@code dim}
 * @param numResBlocks residual blocks per encoder level; the decoder has one more
 * @param temporalDownsample whether each of the level changes also halves time
 * @param temporalWindow pixel frames encoded at once after the first, a multiple of the temporal factor
 */
public record WanVaeConfig(int dim, int zDim, List<Integer> dimMult, int numResBlocks,
        List<Boolean> temporalDownsample, int temporalWindow) {
    /** The tokenizer of Wan 2.1 as Cosmos Policy uses it: 126 892 531 parameters. */
    public static final WanVaeConfig WAN_2_1 = new WanVaeConfig(96, 16, List.of(1, 2, 4, 4), 2,
            List.of(false, true, true), 16);

    /** Checks sizes. */
    public WanVaeConfig {
        dimMult = List.copyOf(dimMult);
        temporalDownsample = List.copyOf(temporalDownsample);
        if (dim < 1 || zDim < 1 || numResBlocks < 1 || dimMult.isEmpty()
                || dimMult.stream().anyMatch(m -> m < 1)) {
            throw new IllegalArgumentException("WanVaeConfig: dim " + dim + ", zDim " + zDim + ", dimMult " + dimMult
                    + " and numResBlocks " + numResBlocks + " must all be at least 1");
        }
        if (temporalDownsample.size() != dimMult.size() - 1) {
            throw new IllegalArgumentException("WanVaeConfig: " + temporalDownsample.size()
                    + " temporalDownsample flags for " + dimMult.size() + " levels; give one per change of level");
        }
        int factor = 1 << temporalDownsample.stream().filter(t -> t).count();
        if (temporalWindow < 1 || temporalWindow % factor != 0) {
            throw new IllegalArgumentException("WanVaeConfig: temporalWindow " + temporalWindow
                    + " must be a positive multiple of the temporal factor " + factor);
        }
        for (int level = 1; level < dimMult.size(); level++) {
            if (dim * dimMult.get(level) % 2 != 0) {
                throw new IllegalArgumentException("WanVaeConfig: width " + dim * dimMult.get(level) + " of level "
                        + level + " is odd; the decoder halves it");
            }
        }
    }

    /**
     * Pixels per latent position along height and width.
     *
     * @return 8 for Wan 2.1
     */
    public int spatialFactor() {
        return 1 << dimMult.size() - 1;
    }

    /**
     * Pixel frames per latent frame after the first.
     *
     * @return 4 for Wan 2.1
     */
    public int temporalFactor() {
        return 1 << temporalDownsample.stream().filter(t -> t).count();
    }

    /**
     * This tokenizer with another window. Latents are the same bit for bit; a window of one latent frame takes the
     * least memory.
     *
     * @param frames pixel frames encoded at once after the first, a multiple of the temporal factor
     * @return the configuration
     */
    public WanVaeConfig withTemporalWindow(int frames) {
        return new WanVaeConfig(dim, zDim, dimMult, numResBlocks, temporalDownsample, frames);
    }

    /** Width of a level. */
    int width(int level) {
        return dim * dimMult.get(level);
    }

    int levels() {
        return dimMult.size();
    }
}
