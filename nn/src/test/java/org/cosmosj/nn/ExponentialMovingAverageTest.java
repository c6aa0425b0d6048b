package org.cosmosj.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.cosmosj.nn.ExponentialMovingAverage.Decay;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ExponentialMovingAverageTest {
    @Test
    void averagesAndSwaps() {
        try (Scope _ = Scope.open(Device.cpu(), "test")) {
            Parameter p = new Parameter("p", Tensor.of(new double[] {1, 2}, 2));
            var average = new ExponentialMovingAverage(List.of(p), Decay.constant(0.75));

            p.value().copyFrom(Tensor.of(new double[] {5, 2}, 2));
            average.update(0);

            assertThat(average.state().get("p").toDoubleArray()).containsExactly(2, 2);
            average.swap();
            assertThat(p.value().toDoubleArray()).containsExactly(2, 2);
            average.swap();
            assertThat(p.value().toDoubleArray()).containsExactly(5, 2);
        }
    }

    /** Karras et al. 2024: a deviation of 0.1 is the exponent 6.94. */
    @Test
    void powerDecayHasThePublishedExponent() {
        double exponent = ExponentialMovingAverage.powerExponent(0.1);

        assertThat(exponent).isCloseTo(6.94, within(5e-3));
        assertThat(((exponent + 7) * exponent + 16 - 100) * exponent + 12 - 100).isCloseTo(0, within(1e-11));
        assertThat(Decay.power(0.1).at(0)).isZero();
        assertThat(Decay.power(0.1).at(9)).isEqualTo(StrictMath.pow(0.9, exponent + 1));
    }

    @Test
    void refusesDecaysThatKeepEverything() {
        assertThatThrownBy(() -> Decay.constant(1)).hasMessage("moving average: decay 1.0 must be in [0, 1)");
        assertThatThrownBy(() -> Decay.power(0.5)).hasMessageContaining("deviation 0.5 must be in (0, 0.28)");
    }
}
