package org.cosmosj.libero.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.cosmosj.libero.golden.GoldenFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against excerpts of the reference's own controller: osc_pose.safetensors, whose metadata name its versions. */
class OscPoseControllerTest {

    private static final double[] REST = {0, -0.161037389, 0, -2.44459747, 0, 2.2267522, Math.PI / 4};

    private static GoldenFile golden;

    @BeforeAll
    static void read() throws Exception {
        golden = GoldenFile.read(Path.of(OscPoseControllerTest.class.getResource("osc_pose.safetensors").toURI()));
    }

    @Test
    void torquesEqualTheReference() {
        int rows = golden.shape("sub.torques")[0];
        assertThat(rows).isEqualTo(32);
        for (int row = 0; row < rows; row++) {
            OscPoseController controller = new OscPoseController(REST);
            ArmSample goal = new ArmSample();
            fill(goal.position(), "sub.goal_position", row);
            fill(goal.rotation(), "sub.goal_rotation", row);
            controller.reset(goal);
            ArmSample arm = new ArmSample();
            fill(arm.position(), "sub.position", row);
            fill(arm.rotation(), "sub.rotation", row);
            System.arraycopy(golden.row("sub.linear", row), 0, arm.velocity(), 0, 3);
            System.arraycopy(golden.row("sub.angular", row), 0, arm.velocity(), 3, 3);
            fill(arm.joints(), "sub.joints", row);
            fill(arm.jointVelocity(), "sub.joint_velocity", row);
            fill(arm.jacobian(), "sub.jacobian", row);
            fill(arm.mass(), "sub.mass", row);

            double[] torques = controller.torques(arm, golden.row("sub.bias", row));

            // Torques reach 80 Nm; inverses of condition 1e3 leave 1e-12.
            assertThat(torques).as("row %d", row).containsExactly(golden.row("sub.torques", row), within(5e-12));
        }
    }

    @Test
    void goalsEqualTheReference() {
        int turned = 0;
        for (int row = 0; row < golden.shape("goal.action")[0]; row++) {
            OscPoseController controller = new OscPoseController(REST);
            ArmSample old = new ArmSample();
            fill(old.rotation(), "goal.old_rotation", row);
            controller.reset(old);
            ArmSample arm = new ArmSample();
            fill(arm.position(), "goal.position", row);
            fill(arm.rotation(), "goal.rotation", row);

            controller.setGoal(arm, golden.row("goal.action", row));

            assertThat(controller.goalPosition()).containsExactly(golden.row("goal.new_position", row));
            // The last bit of the matrix product is the BLAS library's; a rotation in float64 would differ by 1e-8.
            assertThat(controller.goalRotation())
                    .containsExactly(golden.row("goal.new_rotation", row), within(4e-16));
            turned += golden.row("goal.action", row)[3] == 0 ? 0 : 1;
        }
        assertThat(turned).isEqualTo(6);
    }

    @Test
    void clipsActionsAndKeepsTheRotationGoalWithoutRotation() {
        OscPoseController controller = new OscPoseController(REST);
        ArmSample arm = new ArmSample();
        arm.rotation()[0] = 1;
        arm.rotation()[4] = 1;
        arm.rotation()[8] = 1;
        controller.reset(arm);
        controller.setGoal(arm, new double[] {3, -3, 0.5, 0, 0, 9, 0});
        assertThat(controller.goalPosition()).containsExactly(0.05, -0.05, 0.025);
        assertThat(controller.goalRotation()[3]).isCloseTo(Math.sin(0.5), within(1e-7));

        arm.position()[0] = 1;
        controller.setGoal(arm, new double[7]);
        assertThat(controller.goalPosition()).containsExactly(1, 0, 0);
        assertThat(controller.goalRotation()[3]).isCloseTo(Math.sin(0.5), within(1e-7));
    }

    @Test
    void rotationsAreMadeInFloat32() {
        double[] r = RotationDelta.of(new double[] {0.1, -0.2, 0.3});

        assertThat(r[1]).isEqualTo((double) (float) r[1]); // off-diagonal entries are float32 numbers
        assertThat(r[0]).isNotEqualTo((double) (float) r[0]);
        double c = Math.cos(Math.sqrt(0.14));
        assertThat(r[0]).isCloseTo(c + (1 - c) * 0.01 / 0.14, within(2e-7));
        assertThat(RotationDelta.of(new double[3])).containsExactly(1, 0, 0, 0, 1, 0, 0, 0, 1);
    }

    private static void fill(double[] target, String name, int row) {
        System.arraycopy(golden.row(name, row), 0, target, 0, target.length);
    }
}
