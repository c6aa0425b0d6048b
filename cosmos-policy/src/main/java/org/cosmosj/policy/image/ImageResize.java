package org.cosmosj.policy.image;

/**
 * The two image resizings of the reference, bit for bit. Each is separable, rows of pixels first, and widens its kernel
 * when it shrinks. Source: spec 04 section 13 and spec 05 section 4.
 */
public final class ImageResize {
    /** Fraction bits of Pillow's integer coefficients. */
    private static final int PRECISION = 22;
    /** Taps that torch's x86 build weighs at once. */
    private static final int TORCH_LANES = 4;

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
        check(height, width);
        if (image.height() == height && image.width() == width) {
            return image;
        }
        RgbImage wide = image.width() == width ? image : rows(image, width);
        return wide.height() == height ? wide : transpose(rows(transpose(wide), height));
    }

    /**
     * torchvision's {@code resize} of an 8-bit picture: bilinear with antialias, computed in F32, rounded half to even
     * at the end. (Of a picture one column wide torch 2.13 makes one colour; here it is resized like any other.)
     *
     * @param image the picture
     * @param height new rows
     * @param width new columns
     * @return the resized picture
     */
    public static RgbImage bilinear(RgbImage image, int height, int width) {
        float[] resized = bilinearUnrounded(image, height, width);
        byte[] rgb = new byte[resized.length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) Math.clamp((int) Math.rint(resized[i]), 0, 255);
        }
        return new RgbImage(height, width, rgb);
    }

    /**
     * The values of {@link #bilinear} before they are rounded.
     *
     * @param image the picture
     * @param height new rows
     * @param width new columns
     * @return height x width x 3 values in row-major order
     */
    public static float[] bilinearUnrounded(RgbImage image, int height, int width) {
        check(height, width);
        float[] values = new float[image.rgb().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = image.rgb()[i] & 0xFF;
        }
        float[] wide = bilinear(values, image.height(), image.width(), RgbImage.CHANNELS, width);
        return bilinear(wide, 1, image.height(), width * RgbImage.CHANNELS, height);
    }

    private static void check(int height, int width) {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("resize: " + height + " x " + width
                    + " pixels; expected at least 1 x 1");
        }
    }

    /** Resamples the middle axis of (outer, from, inner) to {@code to}; torch's types and order of rounding. */
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
            for (int j = 0; j < weights.length; j++) {
                weights[j] /= total;
            }
            for (int o = 0; o < outer; o++) {
                weigh(source, (o * from + first) * inner, weights, inner, target, (o * to + i) * inner);
            }
        }
        return target;
    }

    /**
     * A run of {@code inner} values from the runs at {@code at} and behind it, one for each weight. torch's compiled
     * loop multiplies four taps at a time before it adds them, and fuses multiplication and addition for those left
     * over.
     */
    private static void weigh(float[] source, int at, float[] weights, int inner, float[] target, int to) {
        int unfused = 1 + (weights.length - 1) / TORCH_LANES * TORCH_LANES;
        for (int k = 0; k < inner; k++) {
            float sum = source[at + k] * weights[0];
            for (int j = 1; j < unfused; j++) {
                sum += source[at + j * inner + k] * weights[j];
            }
            for (int j = unfused; j < weights.length; j++) {
                sum = Math.fma(source[at + j * inner + k], weights[j], sum);
            }
            target[to + k] = sum;
        }
    }

    private static RgbImage rows(RgbImage image, int width) {
        byte[] target = new byte[image.height() * width * RgbImage.CHANNELS];
        double scale = (double) image.width() / width;
        double support = 2 * Math.max(scale, 1);
        for (int x = 0; x < width; x++) {
            double centre = (x + 0.5) * scale;
            int first = Math.max((int) (centre - support + 0.5), 0);
            int end = Math.min((int) (centre + support + 0.5), image.width());
            int[] weights = coefficients(centre, first, end, Math.max(scale, 1));
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

    private static int[] coefficients(double centre, int first, int end, double scale) {
        double[] weights = new double[end - first];
        double total = 0;
        for (int j = 0; j < weights.length; j++) {
            weights[j] = cubic((j + first - centre + 0.5) * (1 / scale));
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
