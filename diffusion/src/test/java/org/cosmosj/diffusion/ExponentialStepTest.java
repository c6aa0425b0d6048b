package org.cosmosj.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExponentialStepTest {
    private static final double PRINTED_DIGITS = 5.1e-10;

    /** Expected: spec 03 section 9.1. */
    @ParameterizedTest
    @CsvSource({
        "4, 1, 0.495906666, 0.813567598, -0.309474264", "4, 2, 0.458613618, 0.880952754, -0.339566372",
        "4, 3, 0.415876045, 0.960296267, -0.376172311", "9, 1, 0.750124729, 0.386169539, -0.136294269",
        "9, 2, 0.740942078, 0.400875885, -0.141817963", "9, 5, 0.708892725, 0.452555657, -0.161448382",
        "9, 8, 0.667929936, 0.519459984, -0.187389920"})
    void equalsTheTableOfTheReference(int intervals, int i, double a, double b, double c) {
        double[] sigma = new KarrasSchedule(80, 4, 7).sigmas(intervals);

        ExponentialStep step = ExponentialStep.between(sigma[i], sigma[i + 1], sigma[i - 1]);

        assertThat(step.a()).isCloseTo(a, within(PRINTED_DIGITS));
        assertThat(step.b()).isCloseTo(b, within(PRINTED_DIGITS));
        assertThat(step.c()).isCloseTo(c, within(PRINTED_DIGITS));
        assertThat(step.a() + step.b() + step.c()).isCloseTo(1, within(1e-14));
    }

    @Test
    void rejectsEqualLevels() {
        assertThatThrownBy(() -> ExponentialStep.between(4, 4, 5)).hasMessageContaining("too close");
        assertThatThrownBy(() -> ExponentialStep.between(5, 4, 5)).hasMessageContaining("too close");
    }
}
