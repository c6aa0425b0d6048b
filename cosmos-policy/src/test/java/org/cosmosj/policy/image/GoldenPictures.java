package org.cosmosj.policy.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.cosmosj.testing.Golden;

/** Pictures that Pillow and torchvision made. */
final class GoldenPictures {
    private GoldenPictures() {}

    /** A picture of (height, width, 3), or the first of a batch. */
    static RgbImage image(Golden golden, String name) {
        long[] shape = golden.shape(name);
        int height = (int) shape[shape.length - 3];
        int width = (int) shape[shape.length - 2];
        float[] values = golden.floats(name);
        byte[] rgb = new byte[height * width * RgbImage.CHANNELS];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (int) values[i];
        }
        return new RgbImage(height, width, rgb);
    }

    /** The values of a picture as golden files hold them. */
    static float[] values(RgbImage image) {
        float[] values = new float[image.rgb().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = image.rgb()[i] & 0xFF;
        }
        return values;
    }

    /** A JPEG file that Pillow wrote. */
    static byte[] jpeg(String name) {
        try (InputStream in = Golden.class.getResourceAsStream("/golden/jpeg_" + name + ".jpg")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("jpeg_" + name + ".jpg: cannot be read", e);
        }
    }
}
