package org.cosmosj.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tensor;
import org.junit.jupiter.api.Test;

class RotaryEmbedding3dTest {
    private static final double ROUNDING = 2e-7;
    /** bfloat16 values of 2i/42 and 2i/44; spec 01 section 7.1. */
    private static final double[] SPATIAL = {0, 0.0476074219, 0.0952148438, 0.142578125, 0.1904296875, 0.23828125,
        0.28515625, 0.333984375, 0.380859375, 0.427734375, 0.4765625, 0.5234375, 0.5703125, 0.6171875, 0.66796875,
        0.71484375, 0.76171875, 0.80859375, 0.85546875, 0.90625, 0.953125};
    private static final double[] TEMPORAL = {0, 0.0454101562, 0.0908203125, 0.13671875, 0.181640625, 0.2275390625,
        0.2734375, 0.318359375, 0.36328125, 0.408203125, 0.455078125, 0.5, 0.546875, 0.58984375, 0.63671875,
        0.68359375, 0.7265625, 0.7734375, 0.81640625, 0.86328125, 0.91015625, 0.953125};
    private static final double THETA_SPATIAL = 31694.01925648614;

    @Test
    void usesTheExponentsOfTheReleasedWeights() {
        float[] angles = released().angles(new TokenGrid(2, 2, 2));

        for (int i = 0; i < TEMPORAL.length; i++) {
            assertRelative(angles[4 * 64 + i], Math.pow(10_000, -TEMPORAL[i])); // token (1, 0, 0)
        }
        for (int i = 0; i < SPATIAL.length; i++) {
            assertRelative(angles[2 * 64 + 22 + i], Math.pow(THETA_SPATIAL, -SPATIAL[i])); // token (0, 1, 0)
            assertRelative(angles[64 + 43 + i], Math.pow(THETA_SPATIAL, -SPATIAL[i])); // token (0, 0, 1)
        }
        for (int i = 0; i < 64; i++) {
            assertThat(angles[7 * 64 + i]).isEqualTo(angles[64 + i] + angles[2 * 64 + i] + angles[4 * 64 + i]);
        }
    }

    @Test
    void roundedExponentsAreUpToTwoPercentAway() {
        float[] exact = new RotaryEmbedding3d(new RotaryConfig(128, 1, 3, 3, Rounding.FLOAT32))
                .angles(new TokenGrid(1, 1, 2));
        float[] rounded = released().angles(new TokenGrid(1, 1, 2));
        double largest = 0;
        for (int i = 64 + 43; i < 128; i++) {
            largest = Math.max(largest, Math.abs(rounded[i] / exact[i] - 1));
        }

        assertThat(largest).isCloseTo(0.0195, within(5e-4));
    }

    @Test
    void everyAxisHasARatioOfItsOwn() {
        RotaryEmbedding3d rope = new RotaryEmbedding3d(new RotaryConfig(24, 1.5, 2, 4, Rounding.FLOAT32));

        float[] angles = rope.angles(new TokenGrid(2, 2, 2));

        for (int i = 0; i < 4; i++) { // 8 channels, so 4 pairs, for each axis
            assertRelative(angles[4 * 12 + i], Math.pow(10_000 * Math.pow(1.5, 8 / 6.0), -i / 4.0));
            assertRelative(angles[2 * 12 + 4 + i], Math.pow(10_000 * Math.pow(2, 8 / 6.0), -i / 4.0));
            assertRelative(angles[12 + 8 + i], Math.pow(10_000 * Math.pow(4, 8 / 6.0), -i / 4.0));
        }
    }

    @Test
    void slowsTimeDownAtHigherFrameRates() {
        RotaryEmbedding3d rope = released();
        TokenGrid grid = new TokenGrid(3, 1, 2);

        assertThat(rope.anglesAtFrameRate(grid, 24)).isEqualTo(rope.angles(grid));
        assertThat(rope.anglesAtFrameRate(grid, 16)[4 * 64]).isEqualTo(3f); // frame 2 of 16 per second
    }

    @Test
    void turnsPairsOfChannelsThatAreHalfAHeadApart() {
        try (Scope _ = Scope.open(Device.cpu(), "test")) {
            TokenGrid grid = new TokenGrid(1, 1, 3);
            RotaryEmbedding3d rope = new RotaryEmbedding3d(new RotaryConfig(12, 1, 1, 1, Rounding.FLOAT32));
            float[] angles = rope.angles(grid);
            double[] x = new double[3 * 12];
            x[2 * 12 + 4] = 1; // token 2, first of the two pairs that turn with the column

            double[] turned = rope.tables(grid, DType.F64).rotate(Tensor.of(x, 1, 3, 1, 12)).toDoubleArray();

            assertThat(angles[2 * 6 + 4]).isEqualTo(2f);
            assertThat(turned[2 * 12 + 4]).isCloseTo(Math.cos(2), within(1e-15));
            assertThat(turned[2 * 12 + 10]).isCloseTo(Math.sin(2), within(1e-15));
        }
    }

    @Test
    void refusesHeadsThatThreeAxesCannotShare() {
        assertThatThrownBy(() -> new RotaryConfig(10, 1, 1, 1, Rounding.FLOAT32))
                .hasMessageContaining("head width 10 must be even and at least 12");
        assertThatThrownBy(() -> new RotaryConfig(128, 0, 1, 1, Rounding.FLOAT32))
                .hasMessageContaining("ratios 0.0, 1.0, 1.0 must be above 0");
        assertThatThrownBy(() -> new TokenGrid(1, 0, 1)).hasMessage("token grid: 1 x 0 x 1 has an empty axis");
    }

    private static RotaryEmbedding3d released() {
        return new RotaryEmbedding3d(new RotaryConfig(128, 1, 3, 3, Rounding.BFLOAT16));
    }

    private static void assertRelative(double actual, double expected) {
        assertThat(actual / expected).isCloseTo(1, within(ROUNDING));
    }
}
