package org.cosmosj.policy.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class JpegCodecTest {
    /** Quantisation steps that libjpeg writes for the luminance of quality 95, in zigzag order. */
    private static final int[] LUMINANCE_95 = {2, 1, 1, 1, 1, 1, 2, 1, 1, 1, 2, 2, 2, 2, 2, 4};

    private static byte[] file() {
        return GoldenPictures.jpeg("420");
    }

    /** The contents of all segments with a marker. */
    private static List<byte[]> segments(byte[] jpeg, int marker) {
        List<byte[]> found = new ArrayList<>();
        int at = 2;
        while ((jpeg[at + 1] & 0xFF) != 0xDA) {
            int length = (jpeg[at + 2] & 0xFF) << 8 | jpeg[at + 3] & 0xFF;
            if ((jpeg[at + 1] & 0xFF) == marker) {
                found.add(Arrays.copyOfRange(jpeg, at + 4, at + 2 + length));
            }
            at += 2 + length;
        }
        return found;
    }

    /** Tables and sampling are those of the file that Pillow wrote. */
    @Test
    void encodesWithTheTablesAndSamplingOfLibjpeg() throws ImageFormatException {
        byte[] encoded = JpegCodec.encode(JpegCodec.decode(file(), "420"), 95);

        byte[] tables = join(segments(encoded, 0xDB));
        assertThat(tables).isEqualTo(join(segments(file(), 0xDB)));
        for (int i = 0; i < LUMINANCE_95.length; i++) {
            assertThat(tables[1 + i]).isEqualTo((byte) LUMINANCE_95[i]);
        }
        byte[] frame = segments(encoded, 0xC0).getFirst();
        assertThat(frame).isEqualTo(segments(file(), 0xC0).getFirst());
        assertThat(new int[] {frame[7], frame[10], frame[13]}).containsExactly(0x22, 0x11, 0x11);
    }

    private static byte[] join(List<byte[]> parts) {
        byte[] joined = new byte[0];
        for (byte[] part : parts) {
            joined = Arrays.copyOf(joined, joined.length + part.length);
            System.arraycopy(part, 0, joined, joined.length - part.length, part.length);
        }
        return joined;
    }

    @Test
    void greyPicturesGetThreeEqualChannels() throws ImageFormatException {
        RgbImage grey = JpegCodec.decode(GoldenPictures.jpeg("grey"), "grey");

        for (int i = 0; i < grey.rgb().length; i += RgbImage.CHANNELS) {
            assertThat(grey.rgb()[i]).isEqualTo(grey.rgb()[i + 1]).isEqualTo(grey.rgb()[i + 2]);
        }
    }

    /** Profiles, comments and what follows the picture do not reach the decoder. */
    @Test
    void ignoresWhatIsNoPartOfThePicture() throws ImageFormatException {
        byte[] file = file();
        byte[] extended = new byte[file.length + 9];
        System.arraycopy(file, 0, extended, 0, 2);
        byte[] profile = {(byte) 0xFF, (byte) 0xE2, 0, 4, 1, 2};
        System.arraycopy(profile, 0, extended, 2, profile.length);
        System.arraycopy(file, 2, extended, 8, file.length - 2);

        assertThat(JpegCodec.decode(extended, "extended").rgb()).isEqualTo(JpegCodec.decode(file, "420").rgb());
    }

    @Test
    void refusesWhatIsNoJpeg() {
        assertThatThrownBy(() -> JpegCodec.decode(new byte[0], "a.jpg")).isInstanceOf(ImageFormatException.class)
                .hasMessage("a.jpg: at byte 0: no JPEG; expected it to start with FF D8");
        assertThatThrownBy(() -> JpegCodec.decode(new byte[] {(byte) 0x89, 'P', 'N', 'G'}, "b.png"))
                .isInstanceOf(ImageFormatException.class).hasMessageContaining("b.png: at byte 0: no JPEG");
    }

    @Test
    void saysWhereAFileIsTruncated() {
        byte[] file = file();

        assertThatThrownBy(() -> JpegCodec.decode(Arrays.copyOf(file, file.length - 2), "cut.jpg"))
                .isInstanceOf(ImageFormatException.class)
                .hasMessage("cut.jpg: at byte %d: the file is truncated; expected another segment", file.length - 2);
        assertThatThrownBy(() -> JpegCodec.decode(Arrays.copyOf(file, 30), "cut.jpg"))
                .isInstanceOf(ImageFormatException.class).hasMessageContaining("does not fit into a file of 30");
        byte[] cutInside = Arrays.copyOf(file, file.length - 100);
        cutInside[cutInside.length - 2] = (byte) 0xFF;
        cutInside[cutInside.length - 1] = (byte) 0xD9;
        assertThatThrownBy(() -> JpegCodec.decode(cutInside, "cut.jpg")).isInstanceOf(ImageFormatException.class)
                .hasMessageMatching("cut.jpg: behind byte \\d+: the picture is damaged: .+");
    }

    /** Nothing is allocated for pixels that the bytes cannot hold. */
    @Test
    void refusesSizesThatTheBytesCannotHold() {
        byte[] file = file();
        int frame = frame(file);
        file[frame + 5] = 4;
        file[frame + 7] = 4;
        // 131 x 131 blocks of luminance and 66 x 66 of either colour, two bits each
        assertThatThrownBy(() -> JpegCodec.decode(file, "large.jpg")).isInstanceOf(ImageFormatException.class)
                .hasMessage("large.jpg: at byte %d: %d x %d pixels take at least %d bytes, the file has %d", frame,
                        1024 + 17, 1024 + 23, 6468, file.length);
        for (int i = 5; i < 9; i++) {
            file[frame + i] = (byte) 0xFF;
        }
        assertThatThrownBy(() -> JpegCodec.decode(file, "huge.jpg")).isInstanceOf(ImageFormatException.class)
                .hasMessage("huge.jpg: at byte %d: 65535 x 65535 pixels; expected 1 to 33554432", frame);
    }

    @Test
    void refusesOtherKindsOfPicture() {
        byte[] file = file();
        int frame = frame(file);
        file[frame + 4] = 12;
        assertThatThrownBy(() -> JpegCodec.decode(file, "medical.jpg"))
                .hasMessage("medical.jpg: at byte %d: 3 components of 12 bits; expected 8-bit grey or colour (1 or 3)",
                        frame);
        file[frame + 4] = 8;
        file[frame + 9] = 4;
        assertThatThrownBy(() -> JpegCodec.decode(file, "components.jpg"))
                .hasMessageContaining("3 for each of its 4 components, got 15");
        file[frame + 1] = (byte) 0xC9;
        assertThatThrownBy(() -> JpegCodec.decode(file, "arithmetic.jpg"))
                .hasMessageContaining("coding process FF C9 is not supported");
    }

    private static int frame(byte[] file) {
        int at = 2;
        while ((file[at + 1] & 0xFF) != 0xC0) {
            at += 2 + ((file[at + 2] & 0xFF) << 8 | file[at + 3] & 0xFF);
        }
        return at;
    }
}
