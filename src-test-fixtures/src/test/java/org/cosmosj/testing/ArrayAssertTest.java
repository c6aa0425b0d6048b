package org.cosmosj.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.cosmosj.testing.ArrayAssert.assertThatArray;

import org.cosmosj.testing.Tolerance.Measure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ArrayAssertTest {
    private static final double[] EXPECTED = {1, -2, 4, 0, 8, 16};

    @ParameterizedTest
    @EnumSource(Measure.class)
    void acceptsEqualArraysAndRejectsNaNInfinityZerosAndPermutations(Measure measure) {
        Tolerance tolerance = Tolerance.of(measure, measure == Measure.EXACT ? 0 : 0.01);
        assertThatArray(EXPECTED, 2, 3).isCloseTo(EXPECTED, tolerance);
        assertThat(compare(new double[6], tolerance).passed()).as("all zeros").isFalse();
        assertThat(compare(new double[] {-2, 1, 4, 0, 8, 16}, tolerance).passed()).as("swapped").isFalse();

        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            double[] actual = EXPECTED.clone();
            actual[4] = bad;
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> assertThatArray(actual, 2, 3).as("out").isCloseTo(EXPECTED, tolerance))
                    .withMessageContaining("out: ").withMessageContaining("worst at [1, 1]: actual " + (float) bad);
        }
    }

    @ParameterizedTest
    @EnumSource(Measure.class)
    void nanIsNeverEqualToNaNUnlessAsked(Measure measure) {
        double[] nan = {1, Double.NaN};
        double[] infinite = {1, Double.POSITIVE_INFINITY};
        Tolerance tolerance = Tolerance.of(measure, measure == Measure.EXACT ? 0 : 1);

        assertThat(Comparison.of(nan, nan, new long[] {2}, tolerance).passed()).isFalse();
        assertThat(Comparison.of(nan, nan, new long[] {2}, tolerance.matchingNaN()).passed()).isTrue();
        assertThat(Comparison.of(new double[] {1, 1}, nan, new long[] {2}, tolerance.matchingNaN()).passed()).isFalse();
        assertThat(Comparison.of(infinite, infinite, new long[] {2}, tolerance).passed()).isFalse();
    }

    @Test
    void saysHowManyDifferWhereAndByHowMuch() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertThatArray(new float[] {1, -2, 4.5f, 0, 8, 17}, 2, 3).as("block")
                        .isCloseTo(EXPECTED, Tolerance.of(Measure.MAX_ABS, 0.1)))
                .withMessage("block: 2 of 6 differ, worst at [1, 2]: actual 17.0, expected 16.0, limit 1.0e-1");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertThatArray(new double[] {1}, 1).isCloseTo(EXPECTED, Tolerance.exact()))
                .withMessage("array [1]: 1 actual and 6 expected numbers for shape [1]");
    }

    @Test
    void eachMeasureMeansWhatTheGoldenFilesSay() {
        assertThat(compare(new double[] {1, -2, 4, 0.5, 8, 16}, Tolerance.of(Measure.MAX_ABS, 1)).measured())
                .isEqualTo(0.5);
        assertThat(compare(new double[] {1, -2, 4, 0.5, 8, 16}, Tolerance.of(Measure.MAX_REL, 1)).measured())
                .isEqualTo(0.5 / 16);
        assertThat(compare(new double[] {1, -2, 4, 0.5, 8, 16}, Tolerance.of(Measure.RMS_REL, 1)).measured())
                .isEqualTo(Math.sqrt(0.25 / 341));
        assertThat(compare(new double[] {1.5, -2, 4, 0, 8, 16}, Tolerance.of(Measure.EACH_REL, 1)).measured())
                .isEqualTo(0.5);
        assertThat(
                Comparison.of(new double[] {1e-7}, new double[] {0}, new long[] {1}, Tolerance.of(Measure.MAX_REL, 1))
                        .measured())
                .as("scale of at least 1e-6").isEqualTo(0.1);
    }

    @Test
    void tolerancesGrowWithTheReduction() {
        assertThat(Tolerance.f32().forReductionOf(100).limit()).isEqualTo(11 * Tolerance.f32().limit());
        assertThat(Tolerance.f32().limit()).isEqualTo(4 * 0x1p-24);
        assertThatIllegalArgumentException().isThrownBy(() -> Tolerance.of(Measure.MAX_ABS, Double.NaN))
                .withMessage("tolerance: limit NaN must be finite and at least 0");
    }

    private static Comparison compare(double[] actual, Tolerance tolerance) {
        return Comparison.of(actual, EXPECTED, new long[] {2, 3}, tolerance);
    }
}
