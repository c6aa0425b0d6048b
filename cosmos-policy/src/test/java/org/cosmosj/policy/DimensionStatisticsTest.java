package org.cosmosj.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DimensionStatisticsTest {
    /** Third column is constant, as an unused rotation axis would be. */
    private static final double[][] ROWS = {{1, -4, 0.25}, {2, 0, 0.25}, {4, 12, 0.25}, {9, 4, 0.25}};

    @Test
    void measuresEachDimension() {
        DimensionStatistics statistics = DimensionStatistics.measure(ROWS);

        assertThat(statistics.min()).containsExactly(1, -4, 0.25);
        assertThat(statistics.max()).containsExactly(9, 12, 0.25);
        assertThat(statistics.mean()).containsExactly(4, 3, 0.25);
        assertThat(statistics.median()).containsExactly(3, 2, 0.25);
        assertThat(statistics.std()[0]).isCloseTo(Math.sqrt(9.5), within(1e-15));
        assertThat(statistics.std()[2]).isZero();
    }

    @Test
    void roundTripReturnsTheData() {
        DimensionStatistics statistics = DimensionStatistics.measure(ROWS);
        for (double[] row : ROWS) {
            double[] y = statistics.normalize(row);

            assertThat(java.util.Arrays.stream(y)).allMatch(v -> v >= -1 && v <= 1);
            assertThat(statistics.unnormalize(y)).containsExactly(row, within(1e-14));
        }
    }

    @Test
    void constantDimensionMapsToZeroAndBackToItsConstant() {
        DimensionStatistics statistics = DimensionStatistics.measure(ROWS);

        assertThat(statistics.normalize(new double[] {1, 1, 0.25})[2]).isZero();
        assertThat(statistics.unnormalize(new double[] {0, 0, 0.7})[2]).isEqualTo(0.25);
    }

    @Test
    void valuesBeyondTheDataAreNotClipped() {
        DimensionStatistics statistics = DimensionStatistics.measure(ROWS);

        assertThat(statistics.normalize(new double[] {11, 0, 0})[0]).isEqualTo(1.5);
    }

    @Test
    void jsonRoundTripKeepsEveryBit() {
        DimensionStatistics third = DimensionStatistics.measure(new double[][] {{1 / 3.0, -1e-17}, {2 / 3.0, 1e30}});
        NormalizationStatistics statistics = new NormalizationStatistics(third, DimensionStatistics.measure(ROWS));

        String json = statistics.toJson();
        NormalizationStatistics read = NormalizationStatistics.parse("test", json);

        assertThat(json).contains("actions_min", "proprio_median");
        assertThat(read.actions().mean()).isEqualTo(third.mean());
        assertThat(read.actions().max()).isEqualTo(third.max());
        assertThat(read.proprio().std()).isEqualTo(statistics.proprio().std());
        assertThat(read.toJson()).isEqualTo(json);
    }

    @Test
    void rejectsForeignVectorsAndEmptyData() {
        assertThatThrownBy(() -> DimensionStatistics.measure(ROWS).normalize(new double[2]))
                .hasMessageContaining("normalize: vector of 2 numbers, statistics of 3 dimensions");
        assertThatThrownBy(() -> DimensionStatistics.measure(new double[0][])).hasMessageContaining("no rows");
        assertThatThrownBy(() -> NormalizationStatistics.parse("stats.json", "{\"actions_min\": [1]}"))
                .hasMessageContaining("stats.json: actions_max is missing");
    }
}
