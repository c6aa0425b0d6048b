package org.cosmosj.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalQuantileTest {
    private static final double RELATIVE = 4e-16;

    /** Expected: {@code statistics.NormalDist().inv_cdf(p)} of CPython 3.11. */
    @ParameterizedTest
    @CsvSource({
        "1e-300, -37.0470962993612", "1e-12, -7.034483825301132", "0.001, -3.090232306167813",
        "0.075, -1.4395314709384557", "0.3, -0.5244005127080407", "0.5, 0.0", "0.9, 1.2815515655446008",
        "0.999999, 4.753424308817089"})
    void equalsPythonInEveryBranch(double p, double expected) {
        double actual = NormalQuantile.of(p);

        assertThat(actual).isCloseTo(expected, within(RELATIVE * Math.abs(expected)));
    }

    @Test
    void rejectsProbabilitiesWithoutQuantile() {
        assertThatThrownBy(() -> NormalQuantile.of(1)).hasMessageContaining("1.0 is not inside (0, 1)");
        assertThatThrownBy(() -> NormalQuantile.of(Double.NaN)).hasMessageContaining("NaN");
    }
}
