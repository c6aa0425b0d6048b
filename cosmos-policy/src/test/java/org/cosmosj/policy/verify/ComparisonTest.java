package org.cosmosj.policy.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import org.cosmosj.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ComparisonTest {
    private static final ToleranceRule MAX_REL = new ToleranceRule("", Measure.MAX_REL, 1e-5);

    @ParameterizedTest
    @EnumSource(value = Measure.class, names = "SKIP", mode = EnumSource.Mode.EXCLUDE)
    void acceptsEqualValuesUnderEveryMeasure(Measure measure) {
        assertThat(compare("out", new float[] {1, -2, 0}, new float[] {1, -2, 0}, new ToleranceRule("", measure, 0)))
                .isEmpty();
    }

    @Test
    void measuresAsTheFixturesDefine() {
        float[] actual = {1, 2, -4.5f, 7};
        float[] expected = {1, 2, -4, Float.NaN};

        assertThat(Measure.MAX_ABS.distance(actual, expected)).isEqualTo(0.5);
        assertThat(Measure.MAX_REL.distance(actual, expected)).isEqualTo(0.125);
        assertThat(Measure.RMS_REL.distance(actual, expected)).isCloseTo(0.5 / Math.sqrt(21), within(1e-12));
        assertThat(Measure.MAX_REL.distance(new float[] {1e-8f}, new float[] {0})).isEqualTo(1e-8f / 1e-6);
        assertThat(Measure.RMS_REL.distance(new float[] {1e-8f}, new float[] {0})).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void namesTheWorstElement() {
        Values actual = new Values(Shape.of(2, 2), new float[] {1, 2, 3.5f, 4});
        Values expected = new Values(Shape.of(2, 2), new float[] {1, 2.1f, 3, 4});

        assertThat(Comparison.failure("out", actual, expected, MAX_REL))
                .hasValue("out: worst at [1, 0]: actual 3.5, expected 3.0, max_rel 0.125 exceeds limit 1.0E-5");
    }

    @ParameterizedTest
    @EnumSource(value = Measure.class, names = "SKIP", mode = EnumSource.Mode.EXCLUDE)
    void refusesWhatIsNotFinite(Measure measure) {
        double limit = measure == Measure.EXACT ? 0 : 1e30;
        ToleranceRule wide = new ToleranceRule("", measure, limit);
        float[] bad = {1, Float.NaN, 3};

        assertThat(compare("out", bad, new float[] {1, 2, 3}, wide)).hasValueSatisfying(
                line -> assertThat(line).startsWith("out: worst at [1]: actual NaN, expected 2.0, limit "));
        assertThat(compare("out", new float[] {Float.POSITIVE_INFINITY}, new float[] {2}, wide)).isPresent();
        assertThat(compare("out", bad, bad, wide)).isPresent();
        assertThat(compare("terms.mse", new float[] {1, 2, 3}, bad, wide)).isPresent();
    }

    @Test
    void acceptsNaNWhereATermOfTheReferenceIsNaN() {
        float[] bad = {1, Float.NaN, 3};

        assertThat(compare("terms.mse", bad, bad, MAX_REL)).isEmpty();
    }

    @Test
    void refusesAnotherShapeAndWhatWasLeftOut() {
        Values expected = new Values(Shape.of(1, 2), new float[] {1, 2});

        assertThat(Comparison.failure("out", new Values(Shape.of(2), new float[] {1, 2}), expected, MAX_REL))
                .hasValue("out: actual shape (2), expected (1, 2)");
        assertThat(Comparison.failure("out", null, expected, MAX_REL)).hasValue("out: not computed");
    }

    private static Optional<String> compare(String name, float[] actual, float[] expected, ToleranceRule rule) {
        Shape shape = Shape.of(expected.length);
        return Comparison.failure(name, new Values(shape, actual), new Values(shape, expected), rule);
    }
}
