package org.cosmosj.policy.image;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import javax.imageio.IIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.plugins.jpeg.JPEGQTable;
import javax.imageio.spi.IIOServiceProvider;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.w3c.dom.NodeList;

/**
 * Baseline JPEG as Pillow writes and reads it: YCbCr with colour at half resolution (4:2:0), quantisation tables of
 * libjpeg's quality scale, smooth upsampling. The JDK's own codec, which wraps libjpeg, does the work.
 * Source: spec 05 section 4.
 */
public final class JpegCodec {
    private static final String FORMAT = "jpeg";
    private static final String METADATA = "javax_imageio_jpeg_image_1.0";
    private static final int MAX_QUALITY = 100;
    /** From here on libjpeg's scale of quality is linear. */
    private static final int LINEAR_QUALITY = 50;
    private static final int MAX_STEP = 255;

    private JpegCodec() {}

    /**
     * Encodes a picture.
     *
     * @param image the picture
     * @param quality in libjpeg's scale of 1 to 100
     * @return the file's bytes
     */
    public static byte[] encode(RgbImage image, int quality) {
        checkQuality(quality);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer =
                ofThisJdk(ImageIO.getImageWritersByFormatName(FORMAT), ImageWriter::getOriginatingProvider);
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            BufferedImage pixels = buffered(image);
            writer.write(null, new IIOImage(pixels, null, metadata(writer, pixels, quality)), null);
        } catch (IOException e) {
            throw new UncheckedIOException("jpeg: writing to memory failed", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /**
     * Encodes and decodes a picture, so that it looks like those that policies were trained on.
     *
     * @param image the picture
     * @param quality in libjpeg's scale of 1 to 100
     * @return a picture of the same size
     */
    public static RgbImage compress(RgbImage image, int quality) {
        try {
            return decode(encode(image, quality), "compressed picture");
        } catch (ImageFormatException e) {
            throw new IllegalStateException("jpeg: what was encoded cannot be decoded", e);
        }
    }

    /**
     * Decodes a picture. Colour profiles and orientation tags are not applied, as Pillow does not.
     *
     * @param bytes the file's bytes: 8-bit grey or colour, baseline or progressive
     * @param source its name for messages
     * @return the picture; grey ones with three equal channels
     * @throws ImageFormatException if the bytes are no JPEG, are damaged or truncated, or hold another kind of picture
     */
    public static RgbImage decode(byte[] bytes, String source) throws ImageFormatException {
        JpegSegments segments = JpegSegments.of(bytes, source);
        String where = source + ": behind byte " + segments.firstScan() + ": ";
        ImageReader reader =
                ofThisJdk(ImageIO.getImageReadersByFormatName(FORMAT), ImageReader::getOriginatingProvider);
        List<String> warnings = new ArrayList<>();
        try (MemoryCacheImageInputStream in =
                new MemoryCacheImageInputStream(new ByteArrayInputStream(segments.decoded()))) {
            reader.setInput(in, true, true);
            reader.addIIOReadWarningListener((_, warning) -> warnings.add(warning));
            RgbImage image = rgb(reader.read(0).getRaster());
            if (!warnings.isEmpty()) {
                throw new ImageFormatException(where + "the picture is damaged: " + warnings.getFirst());
            }
            return image;
        } catch (IIOException | RuntimeException e) { // the JDK's reader lets runtime exceptions out on damaged tables
            throw new ImageFormatException(where + "the picture is damaged: " + e.getMessage(), e);
        } catch (ImageFormatException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(where + "reading from memory failed", e);
        } finally {
            reader.dispose();
        }
    }

    /**
     * Checks a quality.
     *
     * @throws IllegalArgumentException if it is not in libjpeg's scale
     */
    static void checkQuality(int quality) {
        if (quality < 1 || quality > MAX_QUALITY) {
            throw new IllegalArgumentException("jpeg: quality " + quality + " must lie in [1, " + MAX_QUALITY + "]");
        }
    }

    /** Other codecs on the class path would decode to other values. */
    private static <C> C ofThisJdk(Iterator<C> codecs, Function<C, IIOServiceProvider> provider) {
        while (codecs.hasNext()) {
            C codec = codecs.next();
            if (provider.apply(codec).getClass().getModule() == ImageIO.class.getModule()) {
                return codec;
            }
        }
        throw new IllegalStateException("jpeg: this Java runtime has no JPEG codec; use one with module java.desktop");
    }

    private static BufferedImage buffered(RgbImage image) {
        BufferedImage pixels = new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                for (int c = 0; c < RgbImage.CHANNELS; c++) {
                    pixels.getRaster().setSample(x, y, c, image.at(y, x, c));
                }
            }
        }
        return pixels;
    }

    /** The raster's own values: a grey picture's colour model would change them. */
    private static RgbImage rgb(Raster raster) {
        int bands = raster.getNumBands();
        byte[] rgb = new byte[raster.getHeight() * raster.getWidth() * RgbImage.CHANNELS];
        int[] row = new int[raster.getWidth() * bands];
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(0, y, raster.getWidth(), 1, row);
            for (int i = 0; i < raster.getWidth() * RgbImage.CHANNELS; i++) {
                int value = bands == RgbImage.CHANNELS ? row[i] : row[i / RgbImage.CHANNELS];
                rgb[y * raster.getWidth() * RgbImage.CHANNELS + i] = (byte) value;
            }
        }
        return new RgbImage(raster.getHeight(), raster.getWidth(), rgb);
    }

    /** What the writer writes by itself, with libjpeg's tables of a quality in place of its own. */
    private static IIOMetadata metadata(ImageWriter writer, BufferedImage pixels, int quality) throws IOException {
        IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(pixels), null);
        IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(METADATA);
        JPEGQTable[] tables = {JPEGQTable.K1Luminance, JPEGQTable.K2Chrominance};
        NodeList nodes = root.getElementsByTagName("dqtable");
        for (int i = 0; i < nodes.getLength(); i++) {
            IIOMetadataNode node = (IIOMetadataNode) nodes.item(i);
            int id = Integer.parseInt(node.getAttribute("qtableId"));
            node.setUserObject(new JPEGQTable(scaled(tables[id].getTable(), quality)));
        }
        metadata.setFromTree(METADATA, root);
        return metadata;
    }

    /** libjpeg's {@code jpeg_quality_scaling} and {@code jpeg_add_quant_table}: percentages in whole numbers. */
    private static int[] scaled(int[] table, int quality) {
        int percent = quality < LINEAR_QUALITY ? 5000 / quality : 200 - 2 * quality;
        int[] steps = new int[table.length];
        Arrays.setAll(steps, i -> Math.clamp((table[i] * percent + 50) / 100, 1, MAX_STEP));
        return steps;
    }
}
