package org.cosmosj.policy.image;

/**
 * torchvision's {@code rotate} of a tensor with nearest-neighbour sampling, bit for bit: the grid is computed in F32
 * and rounded where the reference rounds. Source: spec 04 section 14.
 */
public final class ImageRotation {
    private ImageRotation() {}

    /**
     * Turns a picture about its centre; the size stays.
     *
     * @param image the picture
     * @param degrees angle, counter-clockwise
     * @return the turned picture; black where the source lies outside
     */
    public static RgbImage nearest(RgbImage image, double degrees) {
        int height = image.height();
        int width = image.width();
        double radians = Math.toRadians(-degrees);
        float cosine = (float) Math.cos(radians);
        float sine = (float) Math.sin(radians);
        float halfWidth = width * 0.5f;
        float halfHeight = height * 0.5f;
        byte[] rgb = new byte[image.rgb().length];
        for (int y = 0; y < height; y++) {
            float fromCentreY = y - halfHeight + 0.5f;
            for (int x = 0; x < width; x++) {
                float fromCentreX = x - halfWidth + 0.5f;
                int column = pixel(fromCentreX * (cosine / halfWidth) + fromCentreY * (sine / halfWidth), halfWidth);
                int row = pixel(fromCentreX * (-sine / halfHeight) + fromCentreY * (cosine / halfHeight), halfHeight);
                if (row >= 0 && row < height && column >= 0 && column < width) {
                    System.arraycopy(image.rgb(), (row * width + column) * RgbImage.CHANNELS, rgb,
                            (y * width + x) * RgbImage.CHANNELS, RgbImage.CHANNELS);
                }
            }
        }
        return new RgbImage(height, width, rgb);
    }

    /** From [-1, 1] to the index of a pixel; halves go to the even one, and the reference's multiply-add is fused. */
    private static int pixel(float position, float halfSize) {
        return (int) Math.rint(Math.fma(position + 1, halfSize, -0.5f));
    }
}
