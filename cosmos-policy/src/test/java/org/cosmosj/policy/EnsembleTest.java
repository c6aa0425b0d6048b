package org.cosmosj.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Members of an ensemble and how their values become one. */
class EnsembleTest {
    private static int[] steps(int full, int size) {
        return EnsembleMember.of(7, full, size).stream().mapToInt(EnsembleMember::steps).toArray();
    }

    @Test
    void membersCountUpSeedsAndSpreadSteps() {
        assertThat(EnsembleMember.of(7, 5, 3)).containsExactly(new EnsembleMember(7, 1), new EnsembleMember(8, 3),
                new EnsembleMember(9, 5));
        assertThat(steps(5, 5)).containsExactly(1, 2, 3, 4, 5);
        assertThat(steps(10, 4)).containsExactly(1, 4, 7, 10);
        assertThat(steps(5, 4)).containsExactly(1, 2, 3, 5);
        assertThat(steps(5, 1)).containsExactly(1);
        assertThat(steps(1, 3)).containsExactly(1, 1, 1);
        assertThatThrownBy(() -> EnsembleMember.of(7, 5, 0)).hasMessageContaining("must be at least 1");
    }

    @Test
    void schemesJoinAsTheReference() {
        double[] values = {0.9, 0.02, 0.6, 0.05, 0.7};

        assertThat(ValueAggregation.AVERAGE.of(values)).isCloseTo(0.454, within(1e-12));
        assertThat(ValueAggregation.SUCCESS_VOTE.of(values)).isEqualTo(0.6);
        assertThat(ValueAggregation.MAJORITY_MEAN.of(values)).isCloseTo(2.2 / 3, within(1e-12));
        double deviation =
                Math.sqrt((0.446 * 0.446 + 0.434 * 0.434 + 0.146 * 0.146 + 0.404 * 0.404 + 0.246 * 0.246) / 4);
        assertThat(ValueAggregation.LCB.of(values)).isCloseTo(0.454 - deviation, within(1e-12));
    }

    @Test
    void minorityOfHopeIsNoHope() {
        assertThat(ValueAggregation.MAJORITY_MEAN.of(new double[] {0.9, 0.01, 0.02})).isZero();
        assertThat(ValueAggregation.MAJORITY_MEAN.of(new double[] {0.9, 0.01})).isEqualTo(0.9);
        assertThat(ValueAggregation.LCB.of(new double[] {1, 0})).isZero();
    }

    @Test
    void schemesAreFoundByTheReferencesNames() {
        assertThat(ValueAggregation.parse("majority_mean")).isEqualTo(ValueAggregation.MAJORITY_MEAN);
        assertThatThrownBy(() -> ValueAggregation.parse("gamma_weighted_average"))
                .hasMessageContaining("use average, lcb");
        assertThatThrownBy(() -> ValueAggregation.AVERAGE.of(new double[0])).hasMessageContaining("no values");
        assertThatThrownBy(() -> ValueAggregation.LCB.of(new double[1])).hasMessageContaining("lcb of one value");
    }
}
