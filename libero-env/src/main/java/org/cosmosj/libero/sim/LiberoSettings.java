package org.cosmosj.libero.sim;

/**
 * How a LIBERO environment is set up; what the released policies were evaluated with is {@link #EVALUATION}.
 *
 * @param imageHeight   pixels
 * @param imageWidth    pixels
 * @param placementSeed NumPy's seed before every reset, in [0, 2^32): it places fixtures. Cosmos Policy's deterministic
 *                      protocol reseeds with 0 at every step, so that all episodes of a task have the same fixtures
 */
public record LiberoSettings(int imageHeight, int imageWidth, long placementSeed) {

    /** Pictures of 256 x 256 and placement seed 0. */
    public static final LiberoSettings EVALUATION = new LiberoSettings(256, 256, 0);

    /** Validates the size. */
    public LiberoSettings {
        if (imageHeight < 1 || imageWidth < 1) {
            throw new IllegalArgumentException("libero settings: pictures of " + imageHeight + "x" + imageWidth
                    + " pixels, expected at least 1x1");
        }
    }
}
