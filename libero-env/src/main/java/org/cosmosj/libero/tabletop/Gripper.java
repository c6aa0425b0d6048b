package org.cosmosj.libero.tabletop;

import org.cosmosj.libero.geometry.OrientedBox;
import org.cosmosj.libero.geometry.Pose;

/**
 * Geometry of the parallel gripper in the end effector's frame (y closes, z points from the palm to the tips).
 *
 * <p>A finger's joint runs from 0 to 40 mm as the Panda's, but 8 mm rubber pads leave 64 mm between the pads of the
 * open gripper. A 40 mm block therefore fits between them only if the gripper is within 12 mm of its centre along the
 * closing axis; beyond that a finger comes down on the block.
 */
final class Gripper {

    /** Thickness of the rubber pad on each finger, metres: the joint's value when the pads meet. */
    static final double PAD = 0.008;
    /** Joint value of the open gripper, metres. */
    static final double OPEN = 0.04;
    /** Half the width of a pad, metres: a grasp holds only a part whose centre lies between the pads. */
    static final double PAD_HALF_WIDTH = 0.012;
    /** How far the tips reach beyond the end effector's origin, metres. */
    static final double TIP = 0.008;
    /** Thickness of a finger with its pad, metres. */
    static final double FINGER = 0.014;

    private static final double FINGER_ROOT = 0.045;
    private static final double PALM_TOP = 0.105;
    private static final double[] PALM_HALF = {0.028, 0.065, (PALM_TOP - FINGER_ROOT) / 2};
    private static final double[] FINGER_HALF = {PAD_HALF_WIDTH, FINGER / 2, (FINGER_ROOT + TIP) / 2};

    private Gripper() {
    }

    /** The solid boxes: finger on the +y side, finger on the -y side, palm. */
    static OrientedBox[] boxes(Pose hand, double opening) {
        double y = opening - PAD + FINGER / 2;
        double z = (TIP - FINGER_ROOT) / 2;
        return new OrientedBox[] {
            new OrientedBox(hand.compose(Pose.upright(0, y, z, 0)), FINGER_HALF),
            new OrientedBox(hand.compose(Pose.upright(0, -y, z, 0)), FINGER_HALF),
            new OrientedBox(hand.compose(Pose.upright(0, 0, -(PALM_TOP + FINGER_ROOT) / 2, 0)), PALM_HALF)};
    }
}
