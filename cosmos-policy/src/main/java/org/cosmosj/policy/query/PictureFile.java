package org.cosmosj.policy.query;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.cosmosj.policy.image.ImageFormatException;
import org.cosmosj.policy.image.JpegCodec;
import org.cosmosj.policy.image.RgbImage;
import org.cosmosj.tensor.AtomicFile;

/** Pictures in files: reads PNG and JPEG, told apart by their first bytes, and writes PNG. */
final class PictureFile {
    private static final int JPEG_START = 0xFF;
    private static final String PNG = "png";
    /** A camera's picture is far smaller; a header that claims more is not believed. */
    private static final long LARGEST_SIDE = 1 << 14;

    private PictureFile() {}

    /**
     * Reads a picture.
     *
     * @param file PNG or JPEG
     * @return the picture; transparency is dropped
     * @throws IOException if the file is missing or no such picture
     */
    static RgbImage read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("picture " + file + ": no such file");
        }
        byte[] bytes = Files.readAllBytes(file);
        boolean jpeg = bytes.length > 0 && (bytes[0] & 0xFF) == JPEG_START;
        return jpeg ? JpegCodec.decode(bytes, "picture " + file) : png(file, bytes);
    }

    private static RgbImage png(Path file, byte[] bytes) throws IOException {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(PNG);
        ImageReader reader = readers.next();
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(in, true, true);
            if (reader.getWidth(0) > LARGEST_SIDE || reader.getHeight(0) > LARGEST_SIDE) {
                throw new ImageFormatException("picture " + file + ": " + reader.getWidth(0) + " x "
                        + reader.getHeight(0) + " pixels, expected at most " + LARGEST_SIDE + " a side");
            }
            return rgb(reader.read(0));
        } catch (ImageFormatException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // the JDK's reader lets runtime exceptions out on damaged files
            throw new ImageFormatException("picture " + file + ": is no readable PNG or JPEG (" + e.getMessage() + ")",
                    e);
        } finally {
            reader.dispose();
        }
    }

    private static RgbImage rgb(BufferedImage image) {
        byte[] rgb = new byte[image.getWidth() * image.getHeight() * RgbImage.CHANNELS];
        int at = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int argb = image.getRGB(x, y);
                rgb[at++] = (byte) (argb >> 16);
                rgb[at++] = (byte) (argb >> 8);
                rgb[at++] = (byte) argb;
            }
        }
        return new RgbImage(image.getHeight(), image.getWidth(), rgb);
    }

    /**
     * Writes a PNG; an older file of that name is replaced in one step.
     *
     * @param file where to
     * @param picture what
     * @throws UncheckedIOException if it cannot be written
     */
    static void write(Path file, RgbImage picture) {
        BufferedImage image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < picture.height(); y++) {
            for (int x = 0; x < picture.width(); x++) {
                image.setRGB(x, y, picture.at(y, x, 0) << 16 | picture.at(y, x, 1) << 8 | picture.at(y, x, 2));
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageIO.write(image, PNG, out);
        } catch (IOException e) {
            throw new UncheckedIOException("png: writing to memory failed", e);
        }
        AtomicFile.write(file, bytes.toByteArray());
    }
}
