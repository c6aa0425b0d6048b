package org.cosmosj.policy.image;

import org.cosmosj.tensor.Tensor;

/**
 * A colour picture of 8-bit values, row 0 on top.
 *
 * @param height rows, at least 1
 * @param width columns, at least 1
 * @param rgb height x width x 3 values in row-major order, to be read as unsigned; not copied
 */
public record RgbImage(int height, int width, byte[] rgb) {
    /** Channels of a pixel. */
    public static final int CHANNELS = 3;

    /** Checks the number of values. */
    public RgbImage {
        if (height < 1 || width < 1 || rgb.length != height * width * CHANNELS) {
            throw new IllegalArgumentException("image: " + rgb.length + " values for " + height + " x " + width
                    + " pixels; expected " + CHANNELS + " per pixel");
        }
    }

    /**
     * A black picture.
     *
     * @param height rows
     * @param width columns
     * @return the picture
     */
    public static RgbImage black(int height, int width) {
        return new RgbImage(height, width, new byte[height * width * CHANNELS]);
    }

    /**
     * One value.
     *
     * @param row row
     * @param column column
     * @param channel 0 red, 1 green, 2 blue
     * @return in [0, 255]
     */
    public int at(int row, int column, int channel) {
        return rgb[(row * width + column) * CHANNELS + channel] & 0xFF;
    }

    /**
     * This picture as a batch of one.
     *
     * @return (1, height, width, 3), U8
     */
    public Tensor toTensor() {
        return Tensor.of(rgb, 1, height, width, CHANNELS);
    }
}
