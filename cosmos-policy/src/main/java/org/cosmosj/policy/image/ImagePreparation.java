package org.cosmosj.policy.image;

import java.util.OptionalInt;

/**
 * What happens to a camera picture before a query: JPEG and back for policies trained on compressed pictures, bicubic
 * resize to the model's size, then, for models trained with random crops, a centre crop of 90 % of the area brought
 * back to full size. Source: spec 05 section 4.
 *
 * @param size rows and columns the model takes
 * @param crop whether the centre is cut out
 * @param jpegQuality quality in libjpeg's scale of 1 to 100; nothing if pictures are not compressed
 */
public record ImagePreparation(int size, Crop crop, OptionalInt jpegQuality) {
    /** What is cut from a picture at test time. */
    public enum Crop {
        /** Nothing. */
        NONE,
        /** The centre square of {@code int(size sqrt(0.9))} pixels as in the reference: 212 of 224. */
        CENTRE,
        /**
         * The centre square of the side that training cuts, {@link ImageAugmentation#cropSide}: 213 of 224. The
         * reference rounds up in training and down at test time; this undoes the difference.
         */
        CENTRE_AS_TRAINED
    }

    /** The quality that the reference compresses with. */
    public static final int REFERENCE_QUALITY = 95;

    private static final double AREA = 0.9;

    /** Checks the numbers. */
    public ImagePreparation {
        if (size < 1) {
            throw new IllegalArgumentException("image preparation: size " + size + " must be at least 1");
        }
        jpegQuality.ifPresent(JpegCodec::checkQuality);
    }

    /**
     * Without compression.
     *
     * @param size rows and columns the model takes
     * @param crop whether the centre is cut out
     */
    public ImagePreparation(int size, Crop crop) {
        this(size, crop, OptionalInt.empty());
    }

    /**
     * The same with JPEG before everything else.
     *
     * @param quality in libjpeg's scale of 1 to 100
     * @return the preparation
     */
    public ImagePreparation compressed(int quality) {
        return new ImagePreparation(size, crop, OptionalInt.of(quality));
    }

    /**
     * Prepares one picture.
     *
     * @param image any size
     * @return size x size pixels
     */
    public RgbImage apply(RgbImage image) {
        RgbImage seen = jpegQuality.isPresent() ? JpegCodec.compress(image, jpegQuality.getAsInt()) : image;
        RgbImage resized = ImageResize.bicubic(seen, size, size);
        return crop == Crop.NONE ? resized : ImageResize.bilinear(centre(resized), size, size);
    }

    /**
     * Side of what is kept of a resized picture.
     *
     * @return pixels
     */
    public int cropSide() {
        return switch (crop) {
            case NONE -> size;
            case CENTRE -> (int) (size * Math.sqrt(AREA));
            case CENTRE_AS_TRAINED -> ImageAugmentation.cropSide(size);
        };
    }

    /**
     * The part of a resized picture that is kept, before it is brought back to full size.
     *
     * @param resized size x size pixels
     * @return {@link #cropSide} x {@link #cropSide} pixels
     */
    public RgbImage centre(RgbImage resized) {
        int side = cropSide();
        int offset = (int) Math.rint((size - side) / 2.0); // halves go to the even number, as Python's round
        return resized.crop(offset, offset, side, side);
    }
}
