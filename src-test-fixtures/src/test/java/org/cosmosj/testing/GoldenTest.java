package org.cosmosj.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class GoldenTest {
    private final Golden golden = Golden.load("reader-sample");

    @Test
    void readsTensorsShapesAndMetadata() {
        assertThat(golden.names()).containsExactly("in.x", "out.exact", "out.y", "out.none");
        assertThat(golden.floats("in.x")).containsExactly(1, 2, 3, 4);
        assertThat(golden.shape("in.x")).containsExactly(2, 2);
        assertThat(golden.shape("out.exact")).isEmpty();
        assertThat(golden.floats("out.exact")).containsExactly(5.5f);
        assertThat(golden.floats("out.none")).isEmpty();
        assertThat(golden.metadata("seed")).isEqualTo("7");
        assertThat(golden.metadata("config")).isEqualTo("{\"n\": 2, \"name\": \"a \\\"b\\\" \\n \\u00e9\"}");
    }

    @Test
    void theFirstMatchingPrefixRules() {
        assertThat(golden.isInput("in.x")).isTrue();
        assertThat(golden.isInput("out.y")).isFalse();
        assertThat(golden.tolerance("out.exact").measure()).isEqualTo(Tolerance.Measure.EXACT);
        assertThat(golden.tolerance("out.y")).isEqualTo(
                Tolerance.of(Tolerance.Measure.MAX_REL, 1e-5).matchingNaN());
    }

    @Test
    void comparesWithTheRuleOfTheTensor() {
        golden.assertMatches("out.y", new float[] {0.25f, Float.NaN, -8.00001f});

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> golden.assertMatches("out.y", new float[] {0.25f, 0, -8}))
                .withMessage(
                        "reader-sample.out.y: 1 of 3 differ, worst at [1]: actual 0.0, expected NaN, limit 8.0e-5");
    }

    @Test
    void namesWhatIsMissing() {
        assertThatIllegalArgumentException().isThrownBy(() -> Golden.load("no-such"))
                .withMessage("golden: no resource /golden/no-such.safetensors on the class path");
        assertThatIllegalArgumentException().isThrownBy(() -> golden.floats("out.z")).withMessageContaining("'out.z'");
        assertThatIllegalArgumentException().isThrownBy(() -> golden.tolerance("in.x")).withMessageContaining("input");
    }
}
