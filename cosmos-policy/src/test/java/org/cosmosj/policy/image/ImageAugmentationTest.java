package org.cosmosj.policy.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.cosmosj.policy.image.ImageAugmentation.Strength;
import org.cosmosj.tensor.Rng;
import org.cosmosj.testing.Golden;
import org.junit.jupiter.api.Test;

class ImageAugmentationTest {
    private static List<ImageAugmentation> drawn(Strength strength) {
        List<ImageAugmentation> drawn = new ArrayList<>();
        for (int sample = 0; sample < 2000; sample++) {
            drawn.add(ImageAugmentation.draw(Rng.seeded(3).stream(sample), 224, strength));
        }
        return drawn;
    }

    private static void assertFills(
            List<ImageAugmentation> drawn, ToDoubleFunction<ImageAugmentation> parameter, double low, double high) {
        double[] values = drawn.stream().mapToDouble(parameter).sorted().toArray();
        double edge = (high - low) / 100;
        assertThat(values[0]).isBetween(low, low + edge);
        assertThat(values[values.length - 1]).isBetween(high - edge, high);
        assertThat(values[values.length / 2]).isBetween((low + high) / 2 - 5 * edge, (low + high) / 2 + 5 * edge);
    }

    @Test
    void drawsInTheRangesOfTheReleasedPolicies() {
        List<ImageAugmentation> strong = drawn(Strength.STRONG);

        assertFills(strong, ImageAugmentation::degrees, -5, 5);
        assertFills(strong, ImageAugmentation::brightness, 0.7, 1.3);
        assertFills(strong, ImageAugmentation::contrast, 0.6, 1.4);
        assertFills(strong, ImageAugmentation::saturation, 0.5, 1.5);
        assertFills(strong, ImageAugmentation::hue, -0.05, 0.05);
        assertThat(new TreeSet<>(strong.stream().map(ImageAugmentation::top).toList())).hasSize(12).contains(0, 11);
        assertThat(new TreeSet<>(strong.stream().map(ImageAugmentation::left).toList())).hasSize(12).contains(0, 11);
        assertThat(strong).allMatch(augmentation -> augmentation.side() == 213);
    }

    @Test
    void theWeakVariantDoesNotTurn() {
        List<ImageAugmentation> weak = drawn(Strength.WEAK);

        assertThat(weak).allMatch(augmentation -> augmentation.degrees() == 0);
        assertFills(weak, ImageAugmentation::brightness, 0.8, 1.2);
        assertFills(weak, ImageAugmentation::contrast, 0.8, 1.2);
        assertFills(weak, ImageAugmentation::saturation, 0.8, 1.2);
        assertFills(weak, ImageAugmentation::hue, -0.05, 0.05);
    }

    @Test
    void dependsOnTheStreamAlone() {
        Rng sample = Rng.seeded(7).stream(40, 2);

        assertThat(ImageAugmentation.draw(sample, 64, Strength.STRONG))
                .isEqualTo(ImageAugmentation.draw(Rng.seeded(7).stream(40, 2), 64, Strength.STRONG))
                .isNotEqualTo(ImageAugmentation.draw(sample, 64, Strength.STRONG));
    }

    /** Frames without a picture are black, and stay so under any parameters. */
    @Test
    void blackFramesStayBlack() {
        for (ImageAugmentation augmentation : drawn(Strength.STRONG).subList(0, 5)) {
            assertThat(augmentation.apply(RgbImage.black(224, 224)).rgb()).containsOnly(0);
        }
    }

    @Test
    void framesShareParametersAndRepeatedOnesTheResult() {
        Golden golden = Golden.load("image_preprocess_small");
        RgbImage picture = GoldenPictures.image(golden, "resized_from_raw");
        RgbImage black = RgbImage.black(picture.height(), picture.width());
        RgbImage again = picture.crop(0, 0, picture.height(), picture.width());
        ImageAugmentation augmentation =
                ImageAugmentation.draw(Rng.seeded(1), picture.height(), Strength.STRONG);

        List<RgbImage> frames = augmentation.apply(List.of(black, picture, again, black, picture));

        assertThat(frames).hasSize(5);
        assertThat(frames.get(1).rgb()).isEqualTo(augmentation.apply(picture).rgb()).isNotEqualTo(picture.rgb());
        assertThat(frames.get(2)).isSameAs(frames.get(1));
        assertThat(frames.get(3).rgb()).containsOnly(0);
        assertThat(frames.get(4).rgb()).isEqualTo(frames.get(1).rgb());
        assertThat(augmentation.apply(List.of())).isEmpty();
    }

    @Test
    void refusesSquaresOverTheEdge() {
        ImageAugmentation augmentation = new ImageAugmentation(3, 0, 8, 0, 1, 1, 1, 0);

        assertThatThrownBy(() -> augmentation.apply(RgbImage.black(10, 10))).hasMessageContaining("8 x 8 pixels")
                .hasMessageContaining("do not lie in a picture of 10 x 10");
        assertThatThrownBy(() -> new ImageAugmentation(-1, 0, 8, 0, 1, 1, 1, 0)).hasMessageContaining("row -1");
    }
}
