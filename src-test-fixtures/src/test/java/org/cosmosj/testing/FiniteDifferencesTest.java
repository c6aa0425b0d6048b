package org.cosmosj.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.cosmosj.testing.ArrayAssert.assertThatArray;

import org.junit.jupiter.api.Test;

class FiniteDifferencesTest {
    /** x^3 + sin(x y): gradient (3 x^2 + y cos(xy), x cos(xy)). */
    private static double f(double[] at) {
        return at[0] * at[0] * at[0] + Math.sin(at[0] * at[1]);
    }

    @Test
    void matchesTheDerivativeOfAKnownFunction() {
        double[] x = {0.7, -1.3};
        double cos = Math.cos(x[0] * x[1]);
        double[] expected = {3 * x[0] * x[0] + x[1] * cos, x[0] * cos};

        assertThatArray(FiniteDifferences.gradient(FiniteDifferencesTest::f, x), 2).isCloseTo(expected,
                Tolerance.finiteDifference(1));
        assertThat(FiniteDifferences.along(FiniteDifferencesTest::f, x, new double[] {1, -2}))
                .isCloseTo(expected[0] - 2 * expected[1], within(1e-8));
        assertThat(x).containsExactly(0.7, -1.3);
    }

    @Test
    void aWrongTermIsOutsideTheTolerance() {
        double[] x = {0.7, -1.3};
        double[] wrong = {3 * x[0] * x[0], x[0] * Math.cos(x[0] * x[1])};

        assertThat(Comparison.of(FiniteDifferences.gradient(FiniteDifferencesTest::f, x), wrong, new long[] {2},
                Tolerance.finiteDifference(1)).passed()).isFalse();
    }
}
