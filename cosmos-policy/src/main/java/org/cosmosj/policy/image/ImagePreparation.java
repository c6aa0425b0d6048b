package org.cosmosj.policy.image;

import java.util.Arrays;

/**
 * What happens to a camera picture before a query: bicubic resize to the model's size, then, for models trained with
 * random crops, the centre crop of 90 % of the area brought back to full size. Source: spec 05 section 4.
 *
 * @param size rows and columns the model takes
 * @param crop whether the centre is cut out
 */
public record ImagePreparation(int size, Crop crop) {
    /** What is cut from a picture at test time. */
    public enum Crop {
        /** Nothing. */
        NONE,
        /** The centre square of {@code int(size sqrt(0.9))} pixels: 212 of 224, while training crops 213. */
        CENTRE
    }

    private static final double AREA = 0.9;

    /** Checks the size. */
    public ImagePreparation {
        if (size < 1) {
            throw new IllegalArgumentException("image preparation: size " + size + " must be at least 1");
        }
    }

    /**
     * Prepares one picture.
     *
     * @param image any size
     * @return size x size pixels
     */
    public RgbImage apply(RgbImage image) {
        RgbImage resized = ImageResize.bicubic(image, size, size);
        return crop == Crop.NONE ? resized : ImageResize.bilinear(centre(resized), size, size);
    }

    /**
     * Side of the centre crop.
     *
     * @return pixels
     */
    public int cropSide() {
        return (int) (size * Math.sqrt(AREA));
    }

    private RgbImage centre(RgbImage image) {
        int side = cropSide();
        int offset = (int) Math.rint((size - side) / 2.0); // halves go to the even number, as Python's round
        byte[] rgb = new byte[side * side * RgbImage.CHANNELS];
        for (int y = 0; y < side; y++) {
            int from = ((y + offset) * size + offset) * RgbImage.CHANNELS;
            byte[] row = Arrays.copyOfRange(image.rgb(), from, from + side * RgbImage.CHANNELS);
            System.arraycopy(row, 0, rgb, y * row.length, row.length);
        }
        return new RgbImage(side, side, rgb);
    }
}
