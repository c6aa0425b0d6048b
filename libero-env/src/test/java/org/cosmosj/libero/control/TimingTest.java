package org.cosmosj.libero.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TimingTest {

    private static final int SUBSTEPS = 25;

    @Test
    void samplesTheLastSubstepAfterAReset() {
        assertSampledAt(1, 25);
    }

    @Test
    void samplesTheLastButOneAfterAStartStateWasSet() {
        assertSampledAt(2, 24);
    }

    private static void assertSampledAt(int forced, int expected) {
        ObservationClock clock = new ObservationClock();
        for (int i = 0; i < forced; i++) {
            clock.force();
        }
        for (int step = 0; step < 600; step++) {
            for (int substep = 1; substep <= SUBSTEPS; substep++) {
                assertThat(clock.advance()).as("step %d substep %d", step, substep).isEqualTo(substep == expected);
            }
        }
    }

    @Test
    void gripperTravelsInEightSteps() {
        GripperCommand gripper = new GripperCommand();
        for (int i = 0; i < 100; i++) {
            gripper.advance(-0.3); // the sign counts
        }
        assertThat(gripper.current()).containsExactly(new double[] {1, -1}, within(1e-12));
        for (int i = 0; i < 7 * SUBSTEPS; i++) {
            gripper.advance(1);
        }
        assertThat(gripper.current()[0]).isCloseTo(-0.75, within(1e-12));
        gripper.advance(0);
        assertThat(gripper.current()[0]).isCloseTo(-0.75, within(1e-12));
        assertThat(gripper.control(0, 0, 0.04)).isCloseTo(0.005, within(1e-12));
        assertThat(gripper.control(1, -0.04, 0)).isCloseTo(-0.005, within(1e-12));
        for (int i = 0; i < 2 * SUBSTEPS; i++) {
            gripper.advance(1);
        }
        assertThat(gripper.control(0, 0, 0.04)).isZero();
        gripper.reset();
        assertThat(gripper.current()).containsExactly(0, 0);
    }
}
