package org.cosmosj.tensor.internal.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

/** The largest errors here are the ones VectorMath's javadoc states. */
class VectorMathTest {
    private static final int SAMPLES = 16_000;
    private static final double SMALLEST_NORMAL = Float.MIN_NORMAL;

    @Test
    void expIsWithinItsStatedError() {
        assertThat(worst(VectorMath::exp, StrictMath::exp, -87.3, 88.7)).isLessThan(1.5);
        assertThat(worst(VectorMath::exp, StrictMath::exp, -1, 1)).isLessThan(1.5);
        assertThat(worst(VectorMath::exp, StrictMath::exp, -105, -87.3)).as("denormal results").isLessThan(1.0);
    }

    @Test
    void expKeepsTheSpecialValues() {
        assertThat(at(VectorMath::exp, Float.NaN)).isNaN();
        assertThat(at(VectorMath::exp, Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(at(VectorMath::exp, Float.NEGATIVE_INFINITY)).isZero();
        assertThat(at(VectorMath::exp, 0f)).isEqualTo(1f);
        assertThat(at(VectorMath::exp, 88.8f)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(at(VectorMath::exp, 3e38f)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(at(VectorMath::exp, -3e38f)).isZero();
    }

    @Test
    void logIsWithinItsStatedError() {
        assertThat(worst(VectorMath::log, StrictMath::log, 1e-3, 10)).isLessThan(1.0);
        assertThat(worst(VectorMath::log, StrictMath::log, 0.9, 1.1)).isLessThan(1.0);
        assertThat(worst(VectorMath::log, StrictMath::log, 1, 3e38)).isLessThan(1.0);
        assertThat(worst(VectorMath::log, StrictMath::log, Float.MIN_VALUE, 1e-38)).as("denormals").isLessThan(1.0);
    }

    @Test
    void logKeepsTheSpecialValues() {
        assertThat(at(VectorMath::log, Float.NaN)).isNaN();
        assertThat(at(VectorMath::log, -1f)).isNaN();
        assertThat(at(VectorMath::log, Float.NEGATIVE_INFINITY)).isNaN();
        assertThat(at(VectorMath::log, 0f)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(at(VectorMath::log, -0f)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(at(VectorMath::log, Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(at(VectorMath::log, 1f)).isZero();
    }

    @Test
    void sigmoidAndSiluAreWithinTheirStatedErrors() {
        assertThat(worst(VectorMath::sigmoid, VectorMathTest::sigmoid, -87, 40)).isLessThan(2.1);
        assertThat(worst(VectorMath::silu, x -> x * sigmoid(x), -80, 40)).isLessThan(3.0);
        assertThat(at(VectorMath::sigmoid, Float.NEGATIVE_INFINITY)).isZero();
        assertThat(at(VectorMath::sigmoid, Float.POSITIVE_INFINITY)).isEqualTo(1f);
        assertThat(at(VectorMath::silu, Float.NaN)).isNaN();
    }

    @Test
    void tanhIsWithinItsStatedError() {
        assertThat(worst(VectorMath::tanh, StrictMath::tanh, -1, 1)).isLessThan(2.0);
        assertThat(worst(VectorMath::tanh, StrictMath::tanh, -20, 20)).isLessThan(2.0);
        assertThat(at(VectorMath::tanh, Float.POSITIVE_INFINITY)).isEqualTo(1f);
        assertThat(at(VectorMath::tanh, Float.NEGATIVE_INFINITY)).isEqualTo(-1f);
        assertThat(at(VectorMath::tanh, Float.NaN)).isNaN();
    }

    @Test
    void sineAndCosineAreWithinTheirStatedErrors() {
        for (double range : new double[] {1, 10, 1000, 99_999}) {
            assertThat(worst(VectorMath::sin, StrictMath::sin, -range, range)).as("sin to %s", range).isLessThan(1.5);
            assertThat(worst(VectorMath::cos, StrictMath::cos, -range, range)).as("cos to %s", range).isLessThan(1.5);
        }
        assertThat(worst(VectorMath::sin, StrictMath::sin, 1e5, 1e30)).isLessThanOrEqualTo(0.5);
        assertThat(worst(VectorMath::cos, StrictMath::cos, 1e5, 1e30)).isLessThanOrEqualTo(0.5);
        assertThat(at(VectorMath::sin, Float.POSITIVE_INFINITY)).isNaN();
        assertThat(at(VectorMath::cos, Float.NaN)).isNaN();
    }

    @Test
    void phiAndGeluAreWithinTheirStatedErrors() {
        assertThat(worst(VectorMath::phi, VectorMathTest::phi, -12.9, 6)).isLessThan(5.0);
        assertThat(worst(VectorMath::phi, VectorMathTest::phi, 0, 6)).isLessThan(2.5);
        assertThat(worst(VectorMath::gelu, x -> x * phi(x), -12.9, 20)).isLessThan(5.0);
        assertThat(worst(VectorMath::gelu, x -> x * phi(x), 0, 4)).isLessThan(3.5);
        assertThat(at(VectorMath::phi, -30f)).isZero();
        assertThat(at(VectorMath::phi, 30f)).isEqualTo(1f);
        assertThat(at(VectorMath::gelu, Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(at(VectorMath::gelu, Float.NaN)).isNaN();
        assertThat(at(VectorMath::gelu, -3e38f)).isZero();
    }

    @Test
    void aWorsePolynomialIsNoticed() {
        UnaryOperator<FloatVector> halfAsGood = x -> VectorMath.exp(x).mul(1 + 0x1p-22f);

        assertThat(worst(halfAsGood, StrictMath::exp, -1, 1)).isGreaterThan(2);
    }

    /** Largest error in ulp over random points of a range; NaN counts as infinite. */
    private static double worst(UnaryOperator<FloatVector> f, DoubleUnaryOperator exact, double low, double high) {
        SplittableRandom random = new SplittableRandom(7);
        float[] x = new float[Species.LANES];
        double worst = 0;
        double worstAt = 0;
        for (int k = 0; k < SAMPLES / x.length; k++) {
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) random.nextDouble(low, high);
            }
            float[] y = f.apply(FloatVector.fromArray(Species.FLOAT, x, 0)).toArray();
            for (int i = 0; i < x.length; i++) {
                double expected = exact.applyAsDouble(x[i]);
                double ulp = Math.ulp((float) Math.max(Math.abs(expected), SMALLEST_NORMAL));
                double error = Math.abs(y[i] - expected) / ulp;
                if (!(error <= worst)) {
                    worst = Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
                    worstAt = x[i];
                }
            }
        }
        if (Boolean.getBoolean("cosmosj.test.print")) {
            System.out.printf("%8.3f ulp at %s in [%s, %s]%n", worst, worstAt, low, high);
        }
        return worst;
    }

    private static float at(UnaryOperator<FloatVector> f, float x) {
        float[] result = f.apply(FloatVector.broadcast(Species.FLOAT, x)).toArray();
        for (float lane : result) {
            assertThat(Float.floatToIntBits(lane)).isEqualTo(Float.floatToIntBits(result[0]));
        }
        return result[0];
    }

    private static double sigmoid(double x) {
        return 1 / (1 + StrictMath.exp(-x));
    }

    /** By Boole's rule from the far tail: independent of any series used elsewhere. */
    private static double phi(double x) {
        if (x > 0) {
            return 1 - phi(-x);
        }
        int steps = 320;
        double h = 40 / (4 - x) / steps;
        double sum = 0;
        for (int i = 0; i <= steps; i++) {
            double t = i * h;
            double weight = i == 0 || i == steps ? 7 : i % 2 == 1 ? 32 : i % 4 == 2 ? 12 : 14;
            sum += weight * StrictMath.exp(x * t - t * t / 2);
        }
        return sum * h * 2 / 45 * StrictMath.exp(-x * x / 2) / StrictMath.sqrt(2 * Math.PI);
    }
}
