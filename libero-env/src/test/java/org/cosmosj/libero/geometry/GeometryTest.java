package org.cosmosj.libero.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class GeometryTest {

    private static final double EXACT = 1e-12;

    @Test
    void axisAngleAndItsInverseAgree() {
        for (double[] v : new double[][] {{0.3, -0.2, 0.5}, {3.0, 0, 0}, {0, 0, -1e-7}, {0, 0, 0}, {2.2, 2.2, 0}}) {
            double[] back = Rotations.toAxisAngle(Rotations.fromAxisAngle(v[0], v[1], v[2]));
            for (int i = 0; i < 3; i++) {
                assertThat(back[i]).isCloseTo(v[i], within(1e-9));
            }
        }
    }

    @Test
    void quaternionOfADownwardHandIsXNearOne() {
        double[] down = {1, 0, 0, 0, -1, 0, 0, 0, -1};
        assertThat(Rotations.toQuaternionXyzw(down)).containsExactly(1, 0, 0, 0);
        double[] tilted = Rotations.multiply(Rotations.fromAxisAngle(0, 1e-9, 0), down);
        assertThat(Rotations.toQuaternionXyzw(tilted)[0]).isCloseTo(1, within(EXACT));
    }

    @Test
    void aPoseTimesItsInverseIsTheIdentity() {
        Pose pose = new Pose(0.1, -0.2, 0.3, Rotations.fromAxisAngle(0.4, 0.5, -0.6));
        Pose one = pose.compose(pose.inverse());
        assertThat(one.position()).containsExactly(new double[3], within(EXACT));
        assertThat(one.rotation()).containsExactly(Rotations.identity(), within(EXACT));
    }

    @Test
    void overlapOfUprightBoxesIsTheShortestWayOut() {
        BoxOverlap overlap = BoxOverlap.between(box(0, 0, 0, 0), box(0.15, 0.02, 0.17, 0), 0);

        assertThat(overlap.depth()).isCloseTo(0.03, within(EXACT));
        assertThat(overlap.horizontalDepth()).isCloseTo(0.05, within(EXACT));
        assertThat(overlap.nx()).isCloseTo(1, within(EXACT));
        assertThat(overlap.ny()).isCloseTo(0, within(EXACT));
    }

    @Test
    void aTurnedBoxSeparatesAlongItsOwnFace() {
        BoxOverlap overlap = BoxOverlap.between(box(0, 0, 0, 0), box(0.22, 0, 0, Math.PI / 4), 0);
        double reach = 0.1 + 0.1 * Math.sqrt(2);

        assertThat(overlap.depth()).isCloseTo(reach - 0.22, within(1e-9));
        assertThat(BoxOverlap.between(box(0, 0, 0, 0), box(reach + 1e-6, 0, 0, Math.PI / 4), 0)).isNull();
    }

    @Test
    void edgesOfTiltedBoxesThatPassEachOtherDoNotOverlap() {
        OrientedBox a = new OrientedBox(new Pose(0, 0, 0, Rotations.fromAxisAngle(Math.PI / 4, 0, 0)),
                new double[] {1, 0.1, 0.1});
        double apart = 0.2 * Math.sqrt(2);
        OrientedBox near = new OrientedBox(new Pose(0, 0, apart - 0.01, Rotations.fromAxisAngle(0, Math.PI / 4, 0)),
                new double[] {0.1, 1, 0.1});
        OrientedBox far = new OrientedBox(new Pose(0, 0, apart + 0.01, Rotations.fromAxisAngle(0, Math.PI / 4, 0)),
                new double[] {0.1, 1, 0.1});

        assertThat(BoxOverlap.between(a, near, 0)).isNotNull();
        assertThat(BoxOverlap.between(a, near, 0).depth()).isCloseTo(0.01, within(1e-9));
        assertThat(BoxOverlap.between(a, far, 0)).isNull();
        assertThat(BoxOverlap.between(a, far, -0.02)).isNotNull();
    }

    @Test
    void aBoxSinksUntilItMeetsASlope() {
        double slope = 0.1 * Math.sqrt(2);  // of a box that stands on its edge: its height at y is slope - |y|
        OrientedBox roof = new OrientedBox(new Pose(0, 0, 0, Rotations.fromAxisAngle(Math.PI / 4, 0, 0)),
                new double[] {0.1, 0.1, 0.1});

        assertThat(BoxOverlap.freeFall(box(0, 0, 1, 0), roof, 0)).isCloseTo(0.9 - slope, within(EXACT));
        assertThat(BoxOverlap.freeFall(box(0, 0.15, 1, 0), roof, 0)).isCloseTo(0.95 - slope, within(EXACT));
        assertThat(BoxOverlap.freeFall(box(0, -0.15, 0.2, 0), roof, 0)).isCloseTo(0.15 - slope, within(EXACT));
        assertThat(BoxOverlap.freeFall(box(0, 0.15, 1, 0), roof, 0.01))
                .isCloseTo(0.95 - slope + 0.01 * Math.sqrt(2), within(EXACT));
    }

    @Test
    void aBoxThatOverlapsCannotSinkAndOneBesideOrBelowSinksForEver() {
        OrientedBox roof = new OrientedBox(new Pose(0, 0, 0, Rotations.fromAxisAngle(Math.PI / 4, 0, 0)),
                new double[] {0.1, 0.1, 0.1});

        assertThat(BoxOverlap.freeFall(box(0, 0.15, 0.01, 0), roof, 0)).isZero();
        assertThat(BoxOverlap.freeFall(box(0, 0.2415, 1, 0), roof, 0)).isInfinite();
        assertThat(BoxOverlap.freeFall(box(0.201, 0, 1, 0), roof, 0)).isInfinite();
        assertThat(BoxOverlap.freeFall(box(0, 0, -1, 0), roof, 0)).isInfinite();
    }

    private static OrientedBox box(double x, double y, double z, double yaw) {
        return new OrientedBox(Pose.upright(x, y, z, yaw), new double[] {0.1, 0.1, 0.1});
    }
}
