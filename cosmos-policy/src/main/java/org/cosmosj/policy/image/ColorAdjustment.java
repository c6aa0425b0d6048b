package org.cosmosj.policy.image;

/**
 * torchvision's colour operations on 8-bit pictures, bit for bit: F32 arithmetic, cut to whole values at the end of
 * each operation. Source: spec 04 section 14.
 */
public final class ColorAdjustment {
    private static final int MAX = 255;
    /** Brings [0, 1] to whole values by cutting: torchvision leaves a thousandth below 256. */
    private static final float WHOLE_VALUES = 255.999f;

    private ColorAdjustment() {}

    /**
     * Brightness: {@code factor v}.
     *
     * @param image the picture
     * @param factor at least 0; 1 changes nothing
     * @return the adjusted picture
     */
    public static RgbImage brightness(RgbImage image, double factor) {
        check("brightness", factor);
        byte[] rgb = new byte[image.rgb().length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = blend(image.rgb()[i] & 0xFF, 0, factor);
        }
        return new RgbImage(image.height(), image.width(), rgb);
    }

    /**
     * Contrast: {@code factor v + (1 - factor) mean}, where the mean is that of the grey picture. The mean is exact;
     * torch sums in F32, which is exact too for up to 65793 pixels (256 x 257).
     *
     * @param image the picture
     * @param factor at least 0; 1 changes nothing
     * @return the adjusted picture
     */
    public static RgbImage contrast(RgbImage image, double factor) {
        check("contrast", factor);
        byte[] rgb = new byte[image.rgb().length];
        long total = 0;
        for (int i = 0; i < rgb.length; i += RgbImage.CHANNELS) {
            total += grey(image.rgb(), i);
        }
        float mean = (float) total / (rgb.length / RgbImage.CHANNELS);
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = blend(image.rgb()[i] & 0xFF, mean, factor);
        }
        return new RgbImage(image.height(), image.width(), rgb);
    }

    /**
     * Saturation: {@code factor v + (1 - factor) grey} at each pixel.
     *
     * @param image the picture
     * @param factor at least 0; 1 changes nothing
     * @return the adjusted picture
     */
    public static RgbImage saturation(RgbImage image, double factor) {
        check("saturation", factor);
        byte[] rgb = new byte[image.rgb().length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = blend(image.rgb()[i] & 0xFF, grey(image.rgb(), i - i % RgbImage.CHANNELS), factor);
        }
        return new RgbImage(image.height(), image.width(), rgb);
    }

    /**
     * Hue: turns the colour circle of HSV. Even a shift of 0 may change values by one, because the reference goes
     * through HSV and cuts.
     *
     * @param image the picture
     * @param shift in turns, in [-0.5, 0.5]
     * @return the adjusted picture
     */
    public static RgbImage hue(RgbImage image, double shift) {
        if (!(shift >= -0.5 && shift <= 0.5)) {
            throw new IllegalArgumentException("hue: shift " + shift + " must lie in [-0.5, 0.5]");
        }
        byte[] rgb = new byte[image.rgb().length];
        for (int i = 0; i < rgb.length; i += RgbImage.CHANNELS) {
            turn(image.rgb(), rgb, i, (float) shift);
        }
        return new RgbImage(image.height(), image.width(), rgb);
    }

    private static void check(String operation, double factor) {
        if (!(factor >= 0 && factor < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(operation + ": factor " + factor + " must be at least 0 and finite");
        }
    }

    private static byte blend(float value, float other, double factor) {
        float blended = (float) factor * value + (float) (1 - factor) * other;
        return (byte) (int) Math.clamp(blended, 0f, MAX);
    }

    /** Luma of the pixel whose values start at {@code at}, cut to a whole value. */
    private static int grey(byte[] rgb, int at) {
        return (int) (0.2989f * (rgb[at] & 0xFF) + 0.587f * (rgb[at + 1] & 0xFF) + 0.114f * (rgb[at + 2] & 0xFF));
    }

    private static void turn(byte[] source, byte[] target, int at, float shift) {
        float r = (source[at] & 0xFF) / 255f;
        float g = (source[at + 1] & 0xFF) / 255f;
        float b = (source[at + 2] & 0xFF) / 255f;
        float max = Math.max(r, Math.max(g, b));
        float range = max - Math.min(r, Math.min(g, b));
        float saturation = range == 0 ? 0 : range / max;
        float hue = hue(r, g, b, max, range == 0 ? 1 : range) + shift;
        float turned = hue % 1;
        if (turned < 0) {
            turned += 1;
        }
        float sextant = (float) Math.floor(turned * 6);
        float within = turned * 6 - sextant;
        byte v = whole(max);
        byte p = whole(max * (1 - saturation));
        byte q = whole(max * (1 - saturation * within));
        byte t = whole(max * (1 - saturation * (1 - within)));
        switch ((int) sextant % 6) {
            case 0 -> put(target, at, v, t, p);
            case 1 -> put(target, at, q, v, p);
            case 2 -> put(target, at, p, v, t);
            case 3 -> put(target, at, p, q, v);
            case 4 -> put(target, at, t, p, v);
            default -> put(target, at, v, p, q);
        }
    }

    /** Position on the colour circle, in turns, in [0, 1). */
    private static float hue(float r, float g, float b, float max, float range) {
        float fromRed = (max - r) / range;
        float fromGreen = (max - g) / range;
        float fromBlue = (max - b) / range;
        float sixths = max == r ? fromBlue - fromGreen : max == g ? 2 + fromRed - fromBlue : 4 + fromGreen - fromRed;
        return (sixths / 6 + 1) % 1;
    }

    private static byte whole(float value) {
        return (byte) (int) (Math.clamp(value, 0f, 1f) * WHOLE_VALUES);
    }

    private static void put(byte[] target, int at, byte r, byte g, byte b) {
        target[at] = r;
        target[at + 1] = g;
        target[at + 2] = b;
    }
}
