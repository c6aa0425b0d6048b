package org.cosmosj.policy.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cosmosj.policy.image.ImagePreparation.Crop;
import org.cosmosj.testing.Golden;
import org.junit.jupiter.api.Test;

class ImagePreparationTest {
    private static RgbImage image(Golden golden, String name) {
        long[] shape = golden.shape(name);
        float[] values = golden.floats(name);
        byte[] rgb = new byte[values.length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (int) values[i];
        }
        return new RgbImage((int) shape[0], (int) shape[1], rgb);
    }

    @Test
    void bicubicEqualsPillow() {
        Golden golden = Golden.load("image_resize");
        RgbImage raw = image(golden, "raw");

        assertThat(ImageResize.bicubic(raw, 64, 64).rgb()).isEqualTo(image(golden, "resized_down").rgb());
        assertThat(ImageResize.bicubic(raw, 112, 112).rgb()).isEqualTo(image(golden, "resized_up").rgb());
        assertThat(ImageResize.bicubic(raw, 96, 96)).isSameAs(raw);
    }

    @Test
    void centreCropEqualsTorchvision() {
        Golden golden = Golden.load("image_resize");

        RgbImage prepared = new ImagePreparation(64, Crop.CENTRE).apply(image(golden, "raw"));

        assertThat(prepared.rgb()).isEqualTo(image(golden, "prepared").rgb());
    }

    @Test
    void testTimeCropOfTheReleasedPoliciesIs212() {
        assertThat(new ImagePreparation(224, Crop.CENTRE).cropSide()).isEqualTo(212);
        assertThat(new ImagePreparation(64, Crop.CENTRE).cropSide()).isEqualTo(60);
    }

    @Test
    void imagesWithoutCropAreOnlyResized() {
        RgbImage black = RgbImage.black(5, 7);

        assertThat(new ImagePreparation(5, Crop.NONE).apply(RgbImage.black(5, 5)).rgb()).containsOnly(0);
        assertThat(new ImagePreparation(4, Crop.NONE).apply(black).width()).isEqualTo(4);
        assertThatThrownBy(() -> new RgbImage(2, 2, new byte[3])).hasMessageContaining("3 values for 2 x 2 pixels");
    }
}
