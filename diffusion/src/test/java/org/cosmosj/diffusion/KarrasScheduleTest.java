package org.cosmosj.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class KarrasScheduleTest {
    private static final double RELATIVE = 1e-15;
    private static final KarrasSchedule INFERENCE = new KarrasSchedule(80, 4, 7);

    private static void assertLevels(double[] actual, double... expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).as("sigma[%d]", i).isCloseTo(expected[i], within(RELATIVE * 4 * expected[i]));
        }
    }

    /** Expected: spec 03 section 7, computed with NumPy. */
    @Test
    void equalsTheTablesOfTheReference() {
        assertLevels(INFERENCE.sigmas(4), 80, 42.29112070739096, 20.97244866800536, 9.618250562522087,
                3.9999999999999987);
        assertLevels(INFERENCE.sigmas(9), 80, 60.6946612797483, 45.52856635893324, 33.73403054750772,
                24.661776580781865, 17.76667265740533, 12.594664992133383, 8.770852606817822, 5.9886520830646734,
                3.9999999999999987);
        assertLevels(new KarrasSchedule(200, 0.01, 7).sigmas(1), 200.00000000000009, 0.009999999999999995);
    }

    @Test
    void scalesItsEnds() {
        assertThat(INFERENCE.scaled(1.5, 0.5)).isEqualTo(new KarrasSchedule(120, 2, 7));
    }

    @Test
    void rejectsLevelsOutOfOrder() {
        assertThatThrownBy(() -> new KarrasSchedule(4, 80, 7)).hasMessageContaining("0 < sigma_min < sigma_max");
        assertThatThrownBy(() -> INFERENCE.sigmas(0)).hasMessageContaining("use at least 1");
    }
}
