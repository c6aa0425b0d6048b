package org.cosmosj.policy.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cosmosj.policy.image.ImagePreparation.Crop;
import org.cosmosj.testing.Golden;
import org.junit.jupiter.api.Test;

class ImagePreparationTest {
    private static final Golden GOLDEN = Golden.load("image_preprocess");

    @Test
    void equalsTheReferenceWithCropAndWithout() {
        RgbImage raw = GoldenPictures.image(GOLDEN, "raw");
        int size = (int) GOLDEN.shape("resized_from_raw")[1];

        GOLDEN.assertMatches("resized_from_raw",
                GoldenPictures.values(new ImagePreparation(size, Crop.NONE).apply(raw)));
        GOLDEN.assertMatches("center_crop_resize_of_resized_from_raw",
                GoldenPictures.values(new ImagePreparation(size, Crop.CENTRE).apply(raw)));
    }

    /** Pictures are compressed before they are resized, at the size the camera gives. */
    @Test
    void compressesBeforeItResizes() {
        RgbImage raw = GoldenPictures.image(GOLDEN, "raw");
        int size = (int) GOLDEN.shape("prepared_with_jpeg")[1];
        ImagePreparation plain = new ImagePreparation(size, Crop.CENTRE);

        RgbImage compressed = plain.compressed(ImagePreparation.REFERENCE_QUALITY).apply(raw);

        GOLDEN.assertMatches("prepared_with_jpeg", GoldenPictures.values(compressed));
        assertThat(compressed.rgb()).isNotEqualTo(plain.apply(raw).rgb())
                .isNotEqualTo(JpegCodec.compress(plain.apply(raw), ImagePreparation.REFERENCE_QUALITY).rgb());
    }

    @Test
    void testTimeCropOfTheReleasedPoliciesIs212AndItsCureIs213() {
        assertThat(new ImagePreparation(224, Crop.CENTRE).cropSide()).isEqualTo(212);
        assertThat(new ImagePreparation(224, Crop.CENTRE_AS_TRAINED).cropSide()).isEqualTo(213)
                .isEqualTo(ImageAugmentation.cropSide(224));
        assertThat(new ImagePreparation(64, Crop.CENTRE).cropSide()).isEqualTo(60);
        assertThat(new ImagePreparation(64, Crop.NONE).cropSide()).isEqualTo(64);
    }

    /** 11 pixels to spare: Python rounds 5.5 to the even 6. */
    @Test
    void centresOddRestsAsPythonRounds() {
        RgbImage picture = RgbImage.black(224, 224);
        picture.rgb()[(6 * 224 + 6) * RgbImage.CHANNELS] = 1;

        assertThat(new ImagePreparation(224, Crop.CENTRE_AS_TRAINED).centre(picture).at(0, 0, 0)).isEqualTo(1);
        assertThat(new ImagePreparation(224, Crop.CENTRE).centre(picture).at(0, 0, 0)).isEqualTo(1);
    }

    @Test
    void imagesWithoutCropAreOnlyResized() {
        RgbImage black = RgbImage.black(5, 7);

        assertThat(new ImagePreparation(5, Crop.NONE).apply(RgbImage.black(5, 5)).rgb()).containsOnly(0);
        assertThat(new ImagePreparation(4, Crop.NONE).apply(black).width()).isEqualTo(4);
        assertThatThrownBy(() -> new ImagePreparation(0, Crop.NONE)).hasMessageContaining("size 0");
        assertThatThrownBy(() -> new ImagePreparation(4, Crop.NONE).compressed(0)).hasMessageContaining("quality 0");
    }
}
