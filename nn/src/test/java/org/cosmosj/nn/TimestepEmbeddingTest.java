package org.cosmosj.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tensor;
import org.junit.jupiter.api.Test;

class TimestepEmbeddingTest {
    @Test
    void putsCosinesFirst() {
        try (Scope _ = Scope.open(Device.cpu(), "test")) {
            Tensor timesteps = Tensor.of(new float[] {0, 0.75f}, 1, 2);

            Tensor sinusoid = TimestepEmbedding.sinusoid(timesteps, 4);

            assertThat(sinusoid.shape().toArray()).containsExactly(1, 2, 4);
            assertThat(sinusoid.toFloatArray()).containsExactly(new float[] {1, 1, 0, 0, (float) Math.cos(0.75),
                (float) Math.cos(0.0075), (float) Math.sin(0.75), (float) Math.sin(0.0075)}, within(1e-7f));
            assertThatThrownBy(() -> TimestepEmbedding.sinusoid(timesteps, 5)).hasMessageContaining("width 5 is odd");
        }
    }

    /** Spec 01 section 17: sigma 80 and 4 under the rectified flow. */
    @Test
    void roundsTimestepsAsTheReleasedNetworkReceivesThem() {
        assertThat(Rounding.BFLOAT16.apply(80f / 81)).isEqualTo(0.98828125f);
        assertThat(Rounding.BFLOAT16.apply(0.8f)).isEqualTo(0.80078125f);
        assertThat(Rounding.FLOAT32.apply(0.8f)).isEqualTo(0.8f);
        try (Scope _ = Scope.open(Device.cpu(), "test")) {
            Tensor timesteps = Tensor.of(new float[] {80f / 81, 0.8f}, 2);

            assertThat(Rounding.BFLOAT16.apply(timesteps).toFloatArray()).containsExactly(0.98828125f, 0.80078125f);
            assertThat(Rounding.FLOAT32.apply(timesteps)).isSameAs(timesteps);
        }
        assertThatThrownBy(() -> Rounding.parse("float16"))
                .hasMessage("rounding: 'float16' is unknown; use float32 or bfloat16");
    }
}
