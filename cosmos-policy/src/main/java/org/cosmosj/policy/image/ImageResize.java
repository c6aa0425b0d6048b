package org.cosmosj.policy.image;

import java.util.function.DoubleUnaryOperator;

/**
 * The two image resizings of the reference, bit for bit. Each is separable, rows of pixels first, and widens its kernel
 * when it shrinks. Source: spec 04 section 13 and spec 05 section 4.
 */
public final class ImageResize {
    /** Fraction bits of Pillow's integer coefficients. */
    private static final int PRECISION = 22;

    private ImageResize() {}

    /**
     * Pillow's {@code Image.resize} with its default filter, bicubic with a = -0.5: integer coefficients of 22 fraction
     * bits, each pass rounded to 8 bits.
     *
     * @param image the picture
     * @param height new rows
     * @param width new columns
     * @return the resized picture; the same object if the size is right already
     */
    public static RgbImage bicubic(RgbImage image, int height, int width) {
        if (image.height() == height && image.width() == width) {
            return image;
        }
        RgbImage wide = image.width() == width ? image : rows(image, width);
        return wide.height() == height ? wide : transpose(rows(transpose(wide), height));
    }

    /**
     * torchvision's {@code resize} of an 8-bit picture: bilinear with antialias, computed in F32 with fused
     * multiply-add, rounded half to even at the end.
     *
     * @param image the picture
     * @param height new rows
     * @param width new columns
     * @return the resized picture
     */
    public static RgbImage bilinear(RgbImage image, int height, int width) {
        float[] values = new float[image.rgb().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = image.rgb()[i] & 0xFF;
        }
        float[] wide = bilinear(values, image.height(), image.width(), RgbImage.CHANNELS, width);
        float[] resized = bilinear(wide, 1, image.height(), width * RgbImage.CHANNELS, height);
        byte[] rgb = new byte[resized.length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) Math.clamp((int) Math.rint(resized[i]), 0, 255);
        }
        return new RgbImage(height, width, rgb);
    }

    /** Resamples the middle axis of (outer, from, inner) to {@code to}. */
    private static float[] bilinear(float[] source, int outer, int from, int inner, int to) {
        float[] target = new float[outer * to * inner];
        float scale = (float) from / to;
        float support = Math.max(scale, 1f);
        float inverse = scale >= 1 ? 1 / scale : 1;
        for (int i = 0; i < to; i++) {
            float centre = (float) (scale * (i + 0.5));
            int first = Math.max((int) ((centre - support) + 0.5), 0);
            float[] weights = new float[Math.min((int) ((centre + support) + 0.5), from) - first];
            float total = 0;
            for (int j = 0; j < weights.length; j++) {
                float distance = Math.abs((float) ((j + first - centre + 0.5) * inverse));
                weights[j] = distance < 1 ? 1 - distance : 0;
                total += weights[j];
            }
            for (int o = 0; o < outer; o++) {
                for (int k = 0; k < inner; k++) {
                    int at = (o * from + first) * inner + k;
                    float sum = source[at] * (weights[0] / total);
                    for (int j = 1; j < weights.length; j++) {
                        sum = Math.fma(source[at + j * inner], weights[j] / total, sum);
                    }
                    target[(o * to + i) * inner + k] = sum;
                }
            }
        }
        return target;
    }

    private static RgbImage rows(RgbImage image, int width) {
        byte[] target = new byte[image.height() * width * RgbImage.CHANNELS];
        double scale = (double) image.width() / width;
        double support = 2 * Math.max(scale, 1);
        for (int x = 0; x < width; x++) {
            double centre = (x + 0.5) * scale;
            int first = Math.max((int) (centre - support + 0.5), 0);
            int end = Math.min((int) (centre + support + 0.5), image.width());
            int[] weights = coefficients(centre, first, end, Math.max(scale, 1), ImageResize::cubic);
            for (int y = 0; y < image.height(); y++) {
                for (int c = 0; c < RgbImage.CHANNELS; c++) {
                    int sum = 1 << PRECISION - 1;
                    for (int j = 0; j < weights.length; j++) {
                        sum += image.at(y, first + j, c) * weights[j];
                    }
                    target[(y * width + x) * RgbImage.CHANNELS + c] = (byte) Math.clamp(sum >> PRECISION, 0, 255);
                }
            }
        }
        return new RgbImage(image.height(), width, target);
    }

    private static int[] coefficients(double centre, int first, int end, double scale, DoubleUnaryOperator kernel) {
        double[] weights = new double[end - first];
        double total = 0;
        for (int j = 0; j < weights.length; j++) {
            weights[j] = kernel.applyAsDouble((j + first - centre + 0.5) * (1 / scale));
            total += weights[j];
        }
        int[] fixed = new int[weights.length];
        for (int j = 0; j < fixed.length; j++) {
            double scaled = weights[j] / total * (1 << PRECISION);
            fixed[j] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
        }
        return fixed;
    }

    private static double cubic(double distance) {
        double a = -0.5;
        double x = Math.abs(distance);
        if (x < 1) {
            return ((a + 2) * x - (a + 3)) * x * x + 1;
        }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    }

    private static RgbImage transpose(RgbImage image) {
        byte[] target = new byte[image.rgb().length];
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                System.arraycopy(image.rgb(), (y * image.width() + x) * RgbImage.CHANNELS, target,
                        (x * image.height() + y) * RgbImage.CHANNELS, RgbImage.CHANNELS);
            }
        }
        return new RgbImage(image.width(), image.height(), target);
    }
}
