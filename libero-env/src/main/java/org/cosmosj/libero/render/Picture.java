package org.cosmosj.libero.render;

import java.awt.image.BufferedImage;
import java.util.Arrays;

/**
 * An RGB picture.
 *
 * @param height pixels
 * @param width  pixels
 * @param rgb    (H, W, 3) uint8, row 0 on top
 */
public record Picture(int height, int width, byte[] rgb) {

    /** Validates the size. */
    public Picture {
        if (height < 1 || width < 1 || rgb.length != height * width * 3) {
            throw new IllegalArgumentException("picture: " + rgb.length + " bytes, expected " + height + " x " + width
                    + " x 3 = " + (long) height * width * 3);
        }
    }

    /**
     * Repeats every pixel.
     *
     * @param factor times along each axis, at least 1
     * @return the larger picture
     */
    public Picture enlarged(int factor) {
        if (factor < 1) {
            throw new IllegalArgumentException("picture: enlarged by " + factor + ", expected at least 1");
        }
        byte[] large = new byte[rgb.length * factor * factor];
        for (int y = 0, out = 0; y < height * factor; y++) {
            for (int x = 0; x < width * factor; x++, out += 3) {
                System.arraycopy(rgb, 3 * (y / factor * width + x / factor), large, out, 3);
            }
        }
        return new Picture(height * factor, width * factor, large);
    }

    /**
     * Reverses the rows: LIBERO's raw pictures are bottom-up.
     *
     * @return the flipped picture
     */
    public Picture flippedVertically() {
        byte[] flipped = new byte[rgb.length];
        int row = 3 * width;
        for (int y = 0; y < height; y++) {
            System.arraycopy(rgb, y * row, flipped, (height - 1 - y) * row, row);
        }
        return new Picture(height, width, flipped);
    }

    /**
     * Puts pictures of equal height side by side.
     *
     * @param gap   pixels of white between neighbours
     * @param parts from left to right
     * @return one picture
     */
    public static Picture row(int gap, Picture... parts) {
        int height = parts[0].height;
        int width = (parts.length - 1) * gap;
        for (Picture part : parts) {
            if (part.height != height) {
                throw new IllegalArgumentException("picture row: heights " + height + " and " + part.height
                        + " differ, enlarge the smaller one first");
            }
            width += part.width;
        }
        byte[] all = new byte[height * width * 3];
        Arrays.fill(all, (byte) 255);
        int left = 0;
        for (Picture part : parts) {
            for (int y = 0; y < height; y++) {
                System.arraycopy(part.rgb, 3 * y * part.width, all, 3 * (y * width + left), 3 * part.width);
            }
            left += part.width + gap;
        }
        return new Picture(height, width, all);
    }

    /** For javax.imageio. */
    BufferedImage toBufferedImage() {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width,
                    (rgb[3 * i] & 255) << 16 | (rgb[3 * i + 1] & 255) << 8 | rgb[3 * i + 2] & 255);
        }
        return image;
    }
}
