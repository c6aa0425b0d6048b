package org.cosmosj.libero.tabletop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.cosmosj.libero.geometry.Pose;
import org.cosmosj.libero.geometry.Rotations;
import org.junit.jupiter.api.Test;

class PandaArmTest {

    /** First observation of LIBERO's libero_spatial task 0 under MuJoCo 3.14.0; the base is at (-0.66, 0, 0.912). */
    private static final double[] LIBERO_JOINTS = {-0.00013845394136945786, -0.17673447526998573,
        -0.0365575974683561, -2.457112976205914, 0.005935026720258382, 2.235219967025902, 0.7993834381640941};
    private static final double[] LIBERO_EEF = {-0.2108148623929717, -0.01515982145785171, 1.1756771209255328};
    private static final double[] LIBERO_BASE = {-0.66, 0, 0.912};
    private static final double[] LIBERO_QUATERNION =
            {0.9993743055619546, -0.026609451583890387, -0.02257722155216463, -0.005762250944626783};

    @Test
    void equalsLiberosArm() {
        Pose eef = PandaArm.endEffector(LIBERO_JOINTS);
        double[] quaternion = Rotations.toQuaternionXyzw(eef.rotation());

        for (int i = 0; i < 3; i++) {
            assertThat(eef.position()[i] + LIBERO_BASE[i]).isCloseTo(LIBERO_EEF[i], within(1e-12));
        }
        for (int i = 0; i < 4; i++) {   // LIBERO's XML gives the hand's 45 degrees with three digits only
            assertThat(quaternion[i]).isCloseTo(LIBERO_QUATERNION[i], within(3e-4));
        }
    }

    @Test
    void jacobianMatchesFiniteDifferences() {
        double[] jacobian = PandaArm.jacobian(PandaArm.frames(LIBERO_JOINTS));
        double h = 1e-6;
        for (int j = 0; j < PandaArm.JOINTS; j++) {
            double[] up = LIBERO_JOINTS.clone();
            double[] down = LIBERO_JOINTS.clone();
            up[j] += h;
            down[j] -= h;
            Pose a = PandaArm.endEffector(up);
            Pose b = PandaArm.endEffector(down);
            double[] turn = Rotations.toAxisAngle(
                    Rotations.multiply(a.rotation(), Rotations.transpose(b.rotation())));
            for (int i = 0; i < 3; i++) {
                double linear = (a.position()[i] - b.position()[i]) / (2 * h);
                assertThat(jacobian[i * PandaArm.JOINTS + j]).isCloseTo(linear, within(1e-8));
                assertThat(jacobian[(i + 3) * PandaArm.JOINTS + j]).isCloseTo(turn[i] / (2 * h), within(1e-6));
            }
        }
    }

    @Test
    void reachesEveryCornerOfTheWorkspacePointingDown() {
        double[] down = {1, 0, 0, 0, -1, 0, 0, 0, -1};
        for (double x : new double[] {0.30, 0.5, 0.75}) {
            for (double y : new double[] {-0.25, 0, 0.25}) {
                for (double z : new double[] {0.01, 0.1, 0.2}) {
                    Pose target = new Pose(x, y, z, down);
                    Pose reached = PandaArm.endEffector(PandaArm.solve(PandaArm.readyPosture(), target, 200));
                    assertThat(reached.position()).containsExactly(target.position(), within(1e-6));
                    assertThat(reached.rotation()).containsExactly(down, within(1e-6));
                }
            }
        }
    }

    @Test
    void staysInsideTheJointLimitsWhenATargetIsOutOfReach() {
        double[] q = PandaArm.solve(PandaArm.readyPosture(), Pose.upright(2, 0, 0, 0), 100);
        assertThat(q[3]).isBetween(-3.0718, -0.0698);
        assertThat(q[5]).isBetween(-0.0175, 3.7525);
        assertThat(q).doesNotContain(Double.NaN);
    }
}
