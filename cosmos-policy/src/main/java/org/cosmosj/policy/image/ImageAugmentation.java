package org.cosmosj.policy.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cosmosj.tensor.Rng;

/**
 * What the reference does to the pictures of a training sample: a square is cut out and brought back to full size, then
 * turned, then brightness, contrast, saturation and hue change, each step ending in 8-bit values. All frames of a
 * sample share one set of parameters. Source: spec 04 section 14.
 *
 * @param top first row of the square
 * @param left first column of the square
 * @param side rows and columns of the square
 * @param degrees angle, counter-clockwise
 * @param brightness factor, at least 0
 * @param contrast factor, at least 0
 * @param saturation factor, at least 0
 * @param hue shift in turns, in [-0.5, 0.5]
 */
public record ImageAugmentation(int top, int left, int side, double degrees, double brightness, double contrast,
        double saturation, double hue) {
    /** How far parameters may be drawn from doing nothing. */
    public enum Strength {
        /** Turns of up to 5 degrees and the wider colour ranges: all released policies. */
        STRONG(5, 0.3, 0.4, 0.5),
        /** No turn, and colour factors within 0.2 of 1. */
        WEAK(0, 0.2, 0.2, 0.2);

        private final double degrees;
        private final double brightness;
        private final double contrast;
        private final double saturation;

        Strength(double degrees, double brightness, double contrast, double saturation) {
            this.degrees = degrees;
            this.brightness = brightness;
            this.contrast = contrast;
            this.saturation = saturation;
        }
    }

    /** Share of the area that the square covers; torchvision draws it in F32. */
    private static final double AREA = 0.9f;
    private static final double HUE = 0.05;

    /** Checks the square; the factors are checked where they are used. */
    public ImageAugmentation {
        if (top < 0 || left < 0 || side < 1) {
            throw new IllegalArgumentException("augmentation: a square of " + side + " pixels from row " + top
                    + " and column " + left + "; expected at least one pixel inside the picture");
        }
    }

    /**
     * Draws the parameters of one sample in the reference's order; the reference draws them from torch's generator.
     *
     * @param rng the sample's own stream
     * @param size rows and columns of the pictures
     * @param strength how far
     * @return the parameters
     */
    public static ImageAugmentation draw(Rng rng, int size, Strength strength) {
        int side = cropSide(size);
        int top = rng.nextInt(size - side + 1);
        int left = rng.nextInt(size - side + 1);
        return new ImageAugmentation(top, left, side, around(rng, 0, strength.degrees),
                around(rng, 1, strength.brightness), around(rng, 1, strength.contrast),
                around(rng, 1, strength.saturation), around(rng, 0, HUE));
    }

    private static double around(Rng rng, double centre, double reach) {
        return rng.nextDouble(centre - reach, centre + reach);
    }

    /**
     * Side of the square that training cuts out of a picture: {@code round(sqrt(0.9 size^2))}, 213 of 224. At test time
     * the reference cuts {@link ImagePreparation.Crop#CENTRE 212}, one less.
     *
     * @param size rows and columns of the picture
     * @return pixels
     */
    public static int cropSide(int size) {
        return (int) Math.rint(Math.sqrt((double) size * size * AREA));
    }

    /**
     * Augments one picture.
     *
     * @param image contains the square
     * @return a picture of the same size
     * @throws IllegalArgumentException if the square reaches over an edge or a factor is out of range
     */
    public RgbImage apply(RgbImage image) {
        return steps(image).getLast();
    }

    /**
     * Augments all frames of a sample. A run of equal frames is worked out once.
     *
     * @param frames each contains the square
     * @return as many pictures
     * @throws IllegalArgumentException if the square reaches over an edge or a factor is out of range
     */
    public List<RgbImage> apply(List<RgbImage> frames) {
        List<RgbImage> augmented = new ArrayList<>(frames.size());
        for (int i = 0; i < frames.size(); i++) {
            boolean repeated = i > 0 && same(frames.get(i), frames.get(i - 1));
            augmented.add(repeated ? augmented.getLast() : apply(frames.get(i)));
        }
        return augmented;
    }

    /**
     * The picture after each of the six steps.
     *
     * @param image contains the square
     * @return cut out and resized, turned, then with other brightness, contrast, saturation and hue
     * @throws IllegalArgumentException if the square reaches over an edge or a factor is out of range
     */
    public List<RgbImage> steps(RgbImage image) {
        RgbImage cropped =
                ImageResize.bilinear(image.crop(top, left, side, side), image.height(), image.width());
        RgbImage turned = ImageRotation.nearest(cropped, degrees);
        RgbImage bright = ColorAdjustment.brightness(turned, brightness);
        RgbImage contrasted = ColorAdjustment.contrast(bright, contrast);
        RgbImage saturated = ColorAdjustment.saturation(contrasted, saturation);
        return List.of(cropped, turned, bright, contrasted, saturated, ColorAdjustment.hue(saturated, hue));
    }

    private static boolean same(RgbImage a, RgbImage b) {
        return a.height() == b.height() && a.width() == b.width() && Arrays.equals(a.rgb(), b.rgb());
    }
}
