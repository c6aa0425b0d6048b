package org.cosmosj.libero.tabletop;

import org.cosmosj.libero.geometry.Pose;
import org.cosmosj.libero.render.Mesh;
import org.cosmosj.libero.render.MeshBuilder;
import org.cosmosj.libero.render.Rasteriser;
import org.cosmosj.libero.tabletop.TabletopObservation.Snapshot;

/** What arm and gripper look like: cylinders along the Panda's links, boxes for palm and fingers. */
final class RobotMeshes {

    private static final int SIDES = 14;
    private static final int WHITE = 0xD6DAE2;
    private static final int GREY = 0x8C94A4;
    private static final int PALM = 0x5A6070;
    private static final int FINGER = 0x2C2E36;
    private static final int PAD = 0xF08A28;

    private static final Mesh PEDESTAL = new MeshBuilder()
            .cylinder(Pose.upright(0, 0, 0, 0), SIDES, 0.085, 0.03, GREY)
            .cylinder(Pose.upright(0, 0, 0.03, 0), SIDES, 0.065, 0.16, WHITE).build();
    /** One mesh per link frame; joints whose axis lies across the arm get a short barrel. */
    private static final Mesh[] LINKS = {
        along(-0.15, -0.05, 0.06, WHITE),
        along(-0.075, 0.075, 0.06, GREY),
        along(-0.27, -0.05, 0.055, WHITE),
        along(-0.07, 0.07, 0.058, GREY),
        along(-0.35, -0.04, 0.05, WHITE),
        along(-0.065, 0.065, 0.052, GREY),
        along(-0.05, 0.085, 0.045, WHITE)};
    private static final Mesh HAND = new MeshBuilder()
            .cylinder(Pose.upright(0, 0, -0.125, 0), SIDES, 0.035, 0.03, GREY)
            .box(0, 0, -0.075, new double[] {0.028, 0.065, 0.03}, PALM)
            .box(0.034, 0, -0.088, new double[] {0.008, 0.012, 0.008}, FINGER).build();
    private static final Mesh LEFT_FINGER = finger(1);
    private static final Mesh RIGHT_FINGER = finger(-1);

    private RobotMeshes() {
    }

    static void draw(Rasteriser rasteriser, Snapshot snapshot, Pose[] frames) {
        rasteriser.draw(PEDESTAL, TabletopWorld.BASE);
        for (int i = 0; i < LINKS.length; i++) {
            rasteriser.draw(LINKS[i], TabletopWorld.BASE.compose(frames[i]));
        }
        rasteriser.draw(HAND, snapshot.hand());
        rasteriser.draw(LEFT_FINGER, fingerPose(snapshot, 1));
        rasteriser.draw(RIGHT_FINGER, fingerPose(snapshot, -1));
    }

    /** Only the hand's shadow falls where objects stand. */
    static void shadow(Rasteriser rasteriser, Snapshot snapshot) {
        rasteriser.shadow(HAND, snapshot.hand());
        rasteriser.shadow(LEFT_FINGER, fingerPose(snapshot, 1));
        rasteriser.shadow(RIGHT_FINGER, fingerPose(snapshot, -1));
    }

    private static Pose fingerPose(Snapshot snapshot, int side) {
        return snapshot.hand().compose(Pose.upright(0, side * snapshot.opening(), 0, 0));
    }

    private static Mesh along(double from, double to, double radius, int colour) {
        return new MeshBuilder().cylinder(Pose.upright(0, 0, from, 0), SIDES, radius, to - from, colour).build();
    }

    /** The finger's frame lies in its joint's plane: the pad reaches 8 mm inwards from there, the finger outwards. */
    private static Mesh finger(int side) {
        double back = Gripper.FINGER - Gripper.PAD;
        double w = Gripper.PAD_HALF_WIDTH;
        return new MeshBuilder()
                .box(0, side * back / 2, -0.0185, new double[] {w, back / 2, 0.0265}, FINGER)
                .box(0, -side * Gripper.PAD / 2, -0.004, new double[] {w, Gripper.PAD / 2, 0.012}, PAD)
                .box(0, -side * Gripper.PAD / 2, -0.0305, new double[] {w, Gripper.PAD / 2, 0.0145}, FINGER).build();
    }
}
