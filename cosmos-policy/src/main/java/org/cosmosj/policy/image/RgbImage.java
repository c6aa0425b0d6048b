package org.cosmosj.policy.image;

import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.ShapeException;
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
        if (height < 1 || width < 1 || rgb.length != (long) height * width * CHANNELS) {
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
     * Copies a picture out of a tensor.
     *
     * @param picture (height, width, 3), whole values in [0, 255], U8 or a float dtype
     * @return the picture
     * @throws ShapeException if the shape is another
     */
    public static RgbImage of(Tensor picture) {
        if (picture.shape().rank() != 3 || picture.size(2) != CHANNELS) {
            throw new ShapeException("image: shape " + picture.shape() + ", expected (height, width, " + CHANNELS
                    + ")");
        }
        return new RgbImage(Math.toIntExact(picture.size(0)), Math.toIntExact(picture.size(1)),
                picture.to(DType.U8).toByteArray());
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
     * A part of this picture.
     *
     * @param top first row
     * @param left first column
     * @param rows rows, at least 1
     * @param columns columns, at least 1
     * @return the part, copied
     * @throws IllegalArgumentException if it reaches over an edge
     */
    public RgbImage crop(int top, int left, int rows, int columns) {
        if (top < 0 || left < 0 || rows < 1 || columns < 1 || rows > height - top || columns > width - left) {
            throw new IllegalArgumentException("crop: " + rows + " x " + columns + " pixels from row " + top
                    + " and column " + left + " do not lie in a picture of " + height + " x " + width);
        }
        byte[] part = new byte[rows * columns * CHANNELS];
        for (int y = 0; y < rows; y++) {
            System.arraycopy(rgb, ((top + y) * width + left) * CHANNELS, part, y * columns * CHANNELS,
                    columns * CHANNELS);
        }
        return new RgbImage(rows, columns, part);
    }

    /**
     * This picture upside down. The simulators of LIBERO and RoboCasa render the bottom row first, and the reference
     * turns each picture by itself; its own option to turn the stacked pictures would swap the cameras instead.
     *
     * @return the last row on top
     */
    public RgbImage flippedVertically() {
        byte[] flipped = new byte[rgb.length];
        int row = width * CHANNELS;
        for (int y = 0; y < height; y++) {
            System.arraycopy(rgb, y * row, flipped, (height - 1 - y) * row, row);
        }
        return new RgbImage(height, width, flipped);
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
