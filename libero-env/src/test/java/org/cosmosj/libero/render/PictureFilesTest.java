package org.cosmosj.libero.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureFilesTest {

    private static final Picture RED_BLUE = new Picture(1, 2, new byte[] {(byte) 255, 0, 0, 0, 0, (byte) 255});

    @Test
    void aPngKeepsEveryByte(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("new").resolve("a.png");
        PictureFiles.writePng(file, RED_BLUE);

        assertThat(PictureFiles.decode(Files.readAllBytes(file), "a.png").rgb()).isEqualTo(RED_BLUE.rgb());
        assertThat(file.getParent()).isDirectoryContaining("glob:**a.png");
    }

    @Test
    void aGifHasAllFramesAndTheirTime() throws IOException {
        byte[] gif = PictureFiles.gif(List.of(RED_BLUE, RED_BLUE.enlarged(1), RED_BLUE), 80);
        ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(gif))) {
            reader.setInput(in);
            assertThat(reader.getNumImages(true)).isEqualTo(3);
            assertThat(reader.read(1).getRGB(1, 0) & 0xFFFFFF).isEqualTo(0x0000FF);
        }
        String text = new String(gif, java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(text).startsWith("GIF89a").contains("NETSCAPE2.0").contains("!ù\u0004\u0000\b\u0000");
    }

    /** Draws while a JVM shuts down, as a run does that was stopped with Ctrl-C. */
    static final class DrawsWhileShuttingDown {
        private DrawsWhileShuttingDown() {}

        public static void main(String[] args) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                PictureFiles.decode(PictureFiles.png(RED_BLUE), "png");
                PictureFiles.decode(PictureFiles.jpeg(RED_BLUE, 0.9f), "jpeg");
                PictureFiles.decode(PictureFiles.gif(List.of(RED_BLUE), 80), "gif");
                System.out.print("drawn");
            }));
        }
    }

    @Test
    void worksWhileTheProcessIsBeingStopped() throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), DrawsWhileShuttingDown.class.getName())
                .redirectErrorStream(true).start();

        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("drawn");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void enlargesAndJoins() {
        Picture large = RED_BLUE.enlarged(2);
        assertThat(large.rgb()).hasSize(24);
        assertThat(large.rgb()[3]).isEqualTo((byte) 255);
        Picture row = Picture.row(1, RED_BLUE, RED_BLUE);
        assertThat(row.width()).isEqualTo(5);
        assertThat(row.rgb()[6]).isEqualTo((byte) 255);
        assertThatThrownBy(() -> Picture.row(0, RED_BLUE, large)).hasMessageContaining("heights 1 and 2 differ");
    }

    @Test
    void anUnwritablePlaceLeavesTheOldFileAndSaysWhatToDo(@TempDir Path folder) throws IOException {
        Path notAFolder = folder.resolve("file");
        Files.writeString(notAFolder, "old");

        assertThatThrownBy(() -> PictureFiles.writePng(notAFolder.resolve("a.png"), RED_BLUE))
                .hasMessageContaining("a.png").hasMessageContaining("unchanged").hasMessageContaining("disk space");
        assertThat(notAFolder).hasContent("old");
    }

    /** A grey picture's colour model is linear in the JDK: its colours would not be the stored values. */
    @Test
    void greyJpegsKeepTheirValues() throws IOException {
        BufferedImage grey = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 64; i++) {
            grey.getRaster().setSample(i % 8, i / 8, 0, 100);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(grey, "jpeg", bytes);

        Picture picture = PictureFiles.decode(bytes.toByteArray(), "grey.jpg");

        assertThat(picture.rgb()).containsOnly(100);
        byte[] cut = Arrays.copyOf(bytes.toByteArray(), bytes.size() - 20);
        assertThatThrownBy(() -> PictureFiles.decode(cut, "cut.jpg")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cut.jpg");
    }

    @Test
    void refusesBytesThatAreNoPicture() {
        assertThatThrownBy(() -> PictureFiles.decode(new byte[] {1, 2, 3}, "x.jpg"))
                .hasMessage("x.jpg: not a picture, expected PNG, JPEG or GIF");
        assertThatThrownBy(() -> new Picture(2, 2, new byte[3]))
                .hasMessage("picture: 3 bytes, expected 2 x 2 x 3 = 12");
    }
}
