package org.cosmosj.libero.render;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.cosmosj.policy.image.ImageFormatException;
import org.cosmosj.policy.image.JpegCodec;
import org.cosmosj.policy.image.RgbImage;
import org.cosmosj.tensor.AtomicFile;

/** Writes pictures as PNG and sequences of pictures as endlessly repeating GIF; reads PNG back. */
public final class PictureFiles {

    /** A JPEG's first two bytes. */
    private static final int JPEG_START = 0xFF;
    private static final int JPEG_SECOND = 0xD8;
    private static final String GIF_FORMAT = "javax_imageio_gif_image_1.0";

    private PictureFiles() {
    }

    /** Not ImageIO's choice, a cache file, which cannot be opened any more once the process has been told to stop. */
    private static ImageOutputStream memory(ByteArrayOutputStream bytes) {
        return new MemoryCacheImageOutputStream(bytes);
    }

    /**
     * Encodes a PNG.
     *
     * @param picture what
     * @return the file's bytes
     */
    public static byte[] png(Picture picture) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = memory(bytes)) {
            ImageIO.write(picture.toBufferedImage(), "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException("png: writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Writes a PNG.
     *
     * @param file    where; an existing file stays intact if writing fails
     * @param picture what
     * @throws UncheckedIOException if the file cannot be written
     */
    public static void writePng(Path file, Picture picture) {
        AtomicFile.write(file, png(picture));
    }

    /**
     * Encodes a JPEG.
     *
     * @param picture what
     * @param quality 0 to 1, in the JDK encoder's sense
     * @return the file's bytes
     */
    public static byte[] jpeg(Picture picture, float quality) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (ImageOutputStream out = memory(bytes)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(quality);
            writer.setOutput(out);
            writer.write(null, new IIOImage(picture.toBufferedImage(), null, null), param);
        } catch (IOException e) {
            throw new UncheckedIOException("jpeg: writing to memory failed", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /**
     * Encodes an animated GIF that repeats for ever.
     *
     * @param frames      pictures of equal size, at least one
     * @param frameMillis how long each one stays, milliseconds; GIF rounds to 10
     * @return the file's bytes
     */
    public static byte[] gif(List<Picture> frames, int frameMillis) {
        if (frames.isEmpty() || frameMillis < 10) {
            throw new IllegalArgumentException("gif: " + frames.size() + " frames of " + frameMillis
                    + " ms, expected at least one frame of at least 10 ms");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        try (ImageOutputStream out = memory(bytes)) {
            writer.setOutput(out);
            writer.prepareWriteSequence(null);
            for (int i = 0; i < frames.size(); i++) {
                BufferedImage image = frames.get(i).toBufferedImage();
                writer.writeToSequence(new IIOImage(image, null, metadata(writer, image, frameMillis, i)), null);
            }
            writer.endWriteSequence();
        } catch (IOException e) {
            throw new UncheckedIOException("gif: writing to memory failed", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /**
     * Writes an animated GIF that repeats for ever.
     *
     * @param file        where; an existing file stays intact if writing fails
     * @param frames      pictures of equal size, at least one
     * @param frameMillis how long each one stays, milliseconds
     * @throws UncheckedIOException if the file cannot be written
     */
    public static void writeGif(Path file, List<Picture> frames, int frameMillis) {
        AtomicFile.write(file, gif(frames, frameMillis));
    }

    /**
     * Decodes a PNG or JPEG, or the first picture of a GIF. JPEGs are decoded as policies see them, grey ones included.
     *
     * @param bytes  the file's bytes
     * @param source its name for messages
     * @return the picture
     * @throws IllegalArgumentException if the bytes are none of these, or damaged
     */
    public static Picture decode(byte[] bytes, String source) {
        if (bytes.length > 1 && (bytes[0] & 0xFF) == JPEG_START && (bytes[1] & 0xFF) == JPEG_SECOND) {
            return jpeg(bytes, source);
        }
        BufferedImage image;
        try {
            image = ImageIO.read(new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes)));
        } catch (IOException e) {
            throw new IllegalArgumentException(source + ": not a readable picture, expected PNG, JPEG or GIF", e);
        }
        if (image == null) {
            throw new IllegalArgumentException(source + ": not a picture, expected PNG, JPEG or GIF");
        }
        byte[] rgb = new byte[image.getWidth() * image.getHeight() * 3];
        for (int i = 0; i < rgb.length / 3; i++) {
            int pixel = image.getRGB(i % image.getWidth(), i / image.getWidth());
            rgb[3 * i] = (byte) (pixel >> 16);
            rgb[3 * i + 1] = (byte) (pixel >> 8);
            rgb[3 * i + 2] = (byte) pixel;
        }
        return new Picture(image.getHeight(), image.getWidth(), rgb);
    }

    private static Picture jpeg(byte[] bytes, String source) {
        try {
            RgbImage image = JpegCodec.decode(bytes, source);
            return new Picture(image.height(), image.width(), image.rgb());
        } catch (ImageFormatException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static IIOMetadata metadata(ImageWriter writer, BufferedImage image, int frameMillis, int index)
            throws IOException {
        ImageWriteParam param = writer.getDefaultWriteParam();
        IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), param);
        IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(GIF_FORMAT);
        IIOMetadataNode control = child(root, "GraphicControlExtension");
        control.setAttribute("disposalMethod", "none");
        control.setAttribute("userInputFlag", "FALSE");
        control.setAttribute("transparentColorFlag", "FALSE");
        control.setAttribute("delayTime", Integer.toString(Math.max(1, frameMillis / 10)));
        control.setAttribute("transparentColorIndex", "0");
        if (index == 0) {
            IIOMetadataNode extensions = child(root, "ApplicationExtensions");
            IIOMetadataNode loop = new IIOMetadataNode("ApplicationExtension");
            loop.setAttribute("applicationID", "NETSCAPE");
            loop.setAttribute("authenticationCode", "2.0");
            loop.setUserObject(new byte[] {1, 0, 0});
            extensions.appendChild(loop);
        }
        metadata.setFromTree(GIF_FORMAT, root);
        return metadata;
    }

    private static IIOMetadataNode child(IIOMetadataNode root, String name) {
        for (int i = 0; i < root.getLength(); i++) {
            if (root.item(i).getNodeName().equals(name)) {
                return (IIOMetadataNode) root.item(i);
            }
        }
        IIOMetadataNode node = new IIOMetadataNode(name);
        root.appendChild(node);
        return node;
    }
}
