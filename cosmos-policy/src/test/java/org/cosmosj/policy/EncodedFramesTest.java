package org.cosmosj.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.cosmosj.policy.image.RgbImage;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.ShapeException;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.vae.EncodedPrefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EncodedFramesTest {
    private static Stream<LatentLayout> layouts() {
        return Stream.of(LatentLayout.LIBERO, LatentLayout.ROBOCASA, LatentLayout.ALOHA);
    }

    @Test
    void countsThePixelFramesOfLibero() {
        assertThat(pixelFrames(EncodedFrames.PRESENT)).isEqualTo(13);
        assertThat(pixelFrames(EncodedFrames.PICTURES)).isEqualTo(21);
        assertThat(pixelFrames(EncodedFrames.ALL)).isEqualTo(33);
        assertThat(1 + 4 * (LatentLayout.LIBERO.blackFrames() - 1)).isEqualTo(5);
    }

    private static int pixelFrames(EncodedFrames frames) {
        return 1 + 4 * (frames.of(LatentLayout.LIBERO) - 1);
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void whatIsEncodedEqualsTheWholeBitForBit(LatentLayout layout) {
        try (Scope _ = Scope.open(Device.cpu(), "test")) {
            CosmosPolicy policy = TinyPolicy.policy(layout, TinyPolicy.network()::forward);
            PolicyObservation observation = TinyPolicy.observation(layout);
            Tensor whole = policy.observe(observation, TinyPolicy.text()).latents();
            EncodedPrefix black = policy.encodeBlack();

            for (EncodedFrames frames : EncodedFrames.values()) {
                int encoded = frames.of(layout);
                Tensor fresh = policy.observe(observation, TinyPolicy.text(), frames).latents();
                Tensor continued = policy.observe(observation, TinyPolicy.text(), frames, black).latents();

                assertThat(fresh.shape()).isEqualTo(whole.shape());
                assertThat(equal(fresh.narrow(2, 0, encoded), whole.narrow(2, 0, encoded))).isTrue();
                for (float rest : fresh.narrow(2, encoded, layout.size() - encoded).toFloatArray()) {
                    assertThat(rest).isZero();
                }
                assertThat(equal(continued, fresh)).isTrue();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void actionsValuesAndPicturesDoNotDependOnIt(LatentLayout layout) {
        try (Scope _ = Scope.open(Device.cpu(), "test")) {
            CosmosPolicy policy = TinyPolicy.policy(layout, TinyPolicy.network()::forward);
            PolicyObservation observation = TinyPolicy.observation(layout);
            EncodedObservation whole = policy.observe(observation, TinyPolicy.text());
            EncodedObservation present = policy.observe(observation, TinyPolicy.text(), EncodedFrames.PRESENT);
            EncodedObservation pictures = policy.observe(observation, TinyPolicy.text(), EncodedFrames.PICTURES);

            Tensor generated = generate(policy, whole);

            assertThat(equal(generate(policy, present), generated)).isTrue();
            Map<Camera, RgbImage> expected = policy.readOut().futureImages(generated, whole.latents()).getFirst();
            policy.readOut().futureImages(generated, pictures.latents()).getFirst().forEach(
                    (camera, image) -> assertThat(Arrays.equals(image.rgb(), expected.get(camera).rgb())).isTrue());
        }
    }

    private static boolean equal(Tensor a, Tensor b) {
        return Arrays.equals(a.toFloatArray(), b.toFloatArray());
    }

    private static Tensor generate(CosmosPolicy policy, EncodedObservation now) {
        return policy.generate(QueryKind.ACTION, now, now.latents(), new long[] {7}, 3);
    }

    @Test
    void blackFramesBelongToOnePictureSize() {
        try (Scope _ = Scope.open(Device.cpu(), "test")) {
            CosmosPolicy policy = TinyPolicy.policy(LatentLayout.LIBERO, TinyPolicy.network()::forward);
            EncodedPrefix other = TinyPolicy.tokenizer()
                    .encodePrefix(policy.config().videoBuilder().black(2, 64));
            PolicyObservation observation = TinyPolicy.observation(LatentLayout.LIBERO);

            assertThatThrownBy(() -> policy.observe(observation, TinyPolicy.text(), EncodedFrames.PRESENT, other))
                    .isInstanceOf(ShapeException.class).hasMessageContaining("after a start of (1, 3, 5, 64, 64)");
        }
    }
}
