package org.cosmosj.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.junit.jupiter.api.Test;

class VideoBuilderTest {
    private static Tensor grey(int value) {
        return Tensor.full(value, DType.F32, Shape.of(2, 8, 8, 3)).to(DType.U8);
    }

    @Test
    void repeatsEveryFrameButTheFirst() {
        try (Scope scope = Scope.open(Device.cpu(), "test")) {
            Map<Camera, Tensor> now = Map.of(Camera.WRIST, grey(255), Camera.PRIMARY, grey(51));
            Map<Camera, Tensor> then = Map.of(Camera.WRIST, grey(102), Camera.PRIMARY, grey(204));
            int before = scope.live();

            Tensor video = new VideoBuilder(LatentLayout.LIBERO, 4).video(now, then, 9);

            assertThat(scope.live()).isEqualTo(before + 1);
            assertThat(video.shape()).isEqualTo(Shape.of(2, 3, 33, 8, 8));
            float[] expected = {-1, 1, -0.6f, -1, -1, -0.2f, 0.6f, -1};
            assertThat(video.select(2, 0).toFloatArray()).containsOnly(-1);
            for (int t = 1; t < 33; t++) {
                int latent = (t - 1) / 4 + 1;
                float value = expected[latent - 1];
                for (float pixel : video.select(2, t).toFloatArray()) {
                    assertThat(pixel).as("pixel frame %d", t).isBetween(value - 1e-6f, value + 1e-6f);
                }
            }
        }
    }

    @Test
    void buildsAPrefixOnly() {
        try (Scope _ = Scope.open(Device.cpu(), "test")) {
            Map<Camera, Tensor> now = Map.of(Camera.WRIST, grey(255), Camera.PRIMARY, grey(51));

            assertThat(new VideoBuilder(LatentLayout.LIBERO, 4).video(now, Map.of(), 4).size(2)).isEqualTo(13);
        }
    }

    @Test
    void namesTheCameraThatIsMissing() {
        try (Scope _ = Scope.open(Device.cpu(), "test")) {
            Map<Camera, Tensor> now = Map.of(Camera.WRIST, grey(1), Camera.PRIMARY, grey(2));
            VideoBuilder builder = new VideoBuilder(LatentLayout.ALOHA, 4);

            assertThatThrownBy(() -> builder.video(now, now, 11)).hasMessageContaining("aloha")
                    .hasMessageContaining("WRIST2");
        }
    }
}
