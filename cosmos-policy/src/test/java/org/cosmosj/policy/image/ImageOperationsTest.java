package org.cosmosj.policy.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.cosmosj.testing.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each operation beside Pillow's and torchvision's, on pictures of awkward sizes. */
class ImageOperationsTest {
    private static final Golden GOLDEN = Golden.load("image_operations");

    private static Stream<String> cases() {
        return GOLDEN.names().stream().filter(name -> !GOLDEN.isInput(name));
    }

    /** A name is operation/input/parameters, or decode/file. */
    @ParameterizedTest
    @MethodSource("cases")
    void equalPillowAndTorchvision(String name) throws ImageFormatException {
        GOLDEN.assertMatches(name, GoldenPictures.values(apply(name.split("/"))));
    }

    private static RgbImage apply(String[] name) throws ImageFormatException {
        if (name[0].equals("decode")) {
            return JpegCodec.decode(GoldenPictures.jpeg(name[1]), name[1]);
        }
        RgbImage in = GoldenPictures.image(GOLDEN, "in/" + name[1]);
        double parameter = Double.parseDouble(name[2]);
        return switch (name[0]) {
            case "bicubic" -> ImageResize.bicubic(in, (int) parameter, Integer.parseInt(name[3]));
            case "bilinear" -> ImageResize.bilinear(in, (int) parameter, Integer.parseInt(name[3]));
            case "rotate" -> ImageRotation.nearest(in, parameter);
            case "brightness" -> ColorAdjustment.brightness(in, parameter);
            case "contrast" -> ColorAdjustment.contrast(in, parameter);
            case "saturation" -> ColorAdjustment.saturation(in, parameter);
            case "hue" -> ColorAdjustment.hue(in, parameter);
            case "jpeg" -> JpegCodec.compress(in, (int) parameter);
            default -> throw new IllegalArgumentException("no operation " + name[0]);
        };
    }

    @Test
    void everyOperationIsCovered() {
        assertThat(cases().map(name -> name.split("/")[0]).distinct()).containsExactlyInAnyOrder("bicubic", "bilinear",
                "rotate", "brightness", "contrast", "saturation", "hue", "jpeg", "decode");
        assertThat(cases().count()).isGreaterThan(70);
    }

    @Test
    void resizingToTheSameSizeChangesNothing() {
        RgbImage in = GoldenPictures.image(GOLDEN, "in/0");

        assertThat(ImageResize.bicubic(in, in.height(), in.width())).isSameAs(in);
        assertThat(ImageResize.bilinear(in, in.height(), in.width()).rgb()).isEqualTo(in.rgb());
    }

    @Test
    void rejectWhatTheReferenceRejects() {
        RgbImage black = RgbImage.black(4, 6);

        assertThatThrownBy(() -> ColorAdjustment.brightness(black, -0.1)).hasMessageContaining("brightness: factor")
                .hasMessageContaining("at least 0");
        assertThatThrownBy(() -> ColorAdjustment.contrast(black, Double.NaN)).hasMessageContaining("contrast: factor");
        assertThatThrownBy(() -> ColorAdjustment.hue(black, 0.51)).hasMessageContaining("[-0.5, 0.5]");
        assertThatThrownBy(() -> ImageResize.bicubic(black, 0, 3)).hasMessageContaining("0 x 3");
        assertThatThrownBy(() -> ImageResize.bilinear(black, 3, -1)).hasMessageContaining("3 x -1");
        assertThatThrownBy(() -> JpegCodec.encode(black, 101)).hasMessageContaining("quality 101")
                .hasMessageContaining("[1, 100]");
    }

    /** One minus the factor is rounded to float after it was computed in double. Expected: torch 2.13. */
    @Test
    void blendsWithTheRestThatWasRoundedLast() {
        RgbImage pixel = new RgbImage(1, 1, new byte[] {(byte) 203, (byte) 204, (byte) 203});

        RgbImage saturated = ColorAdjustment.saturation(pixel, 1.1095693498571633);

        assertThat(saturated.at(0, 0, 0)).isEqualTo(202);
        assertThat(saturated.at(0, 0, 1)).isEqualTo(204);
        assertThat(saturated.at(0, 0, 2)).isEqualTo(202);
    }
}
