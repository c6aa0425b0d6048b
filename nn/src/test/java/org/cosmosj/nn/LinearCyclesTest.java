package org.cosmosj.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinearCyclesTest {
    private static final LinearCycles LIBERO = new LinearCycles(List.of(
            new LinearCycles.Cycle(30_000, 1_000, 1e-6, 1, 0.3),
            new LinearCycles.Cycle(100_000_000_000_000L, 0, 0.06, 0.06, 0.06)));

    /** The reference's values in float64: LambdaLinearScheduler under Python 3. */
    @ParameterizedTest
    @CsvSource({"0, 1e-06", "1, 0.0010009989999999998", "2, 0.002000998", "10, 0.010000989999999998", "500, 0.5000005",
        "999, 0.999000001", "1000, 1.0", "1001, 0.9999758620689654", "2000, 0.9758620689655173",
        "10000, 0.7827586206896552", "15500, 0.6499999999999999", "29999, 0.3000241379310345", "30000, 0.3",
        "30001, 0.06", "40000, 0.06", "100000, 0.06"})
    void equalsTheReferenceBitForBit(long step, double factor) {
        assertThat(LIBERO.factor(step)).isEqualTo(factor);
    }

    @Test
    void refusesStepsOutsideTheCyclesAndImpossibleWarmUps() {
        LinearCycles one = new LinearCycles(List.of(new LinearCycles.Cycle(5, 0, 1, 1, 1)));

        assertThat(one.factor(5)).isEqualTo(1);
        assertThatThrownBy(() -> one.factor(6)).hasMessage("learning rate: step 6 is outside the cycles, which have 5"
                + " steps");
        assertThatThrownBy(() -> one.factor(-1)).hasMessageContaining("step -1 is outside");
        assertThatThrownBy(() -> new LinearCycles.Cycle(5, 5, 0, 1, 1))
                .hasMessage("learning rate cycle: warm-up of 5 steps does not fit into a length of 5");
        assertThatThrownBy(() -> new LinearCycles(List.of())).hasMessage("learning rate: no cycles given");
    }
}
