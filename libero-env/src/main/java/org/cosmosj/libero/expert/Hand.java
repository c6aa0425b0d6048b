package org.cosmosj.libero.expert;

import java.util.Arrays;
import org.cosmosj.libero.scene.SceneState;

/** Where the hand is, and the action that moves it. Angles are those of the axis along which the fingers close. */
final class Hand {

    /** Opens the gripper. */
    static final double OPEN = -1;
    /** Closes it. */
    static final double CLOSED = 1;

    private static final String SITE = "gripper0_grip_site";
    /** What moves the hand by a metre: an action of 1 moves it by 5 cm. */
    private static final double GAIN = 20;
    /** Friction holds the arm short of its goal: what is left of the way is added up while it is short, per step. */
    private static final double PATIENCE = 0.25;
    private static final double NEAR = 0.03;
    private static final double MOST_PUSH = 0.03;
    private static final double TURN_GAIN = 1.0;
    /** The controller keeps its goal where no turn is commanded; below this it is left alone, radians. */
    private static final double TURN_DEADBAND = 0.02;
    private static final int ACTION_SIZE = 7;

    private final SceneState scene;
    private final double[] push = new double[3];
    private double[] pushedTo = {};

    Hand(SceneState scene) {
        this.scene = scene;
    }

    /** Between the finger tips, (3), metres. */
    double[] position() {
        return scene.sitePosition(SITE);
    }

    /** Direction in which the fingers close, radians about the vertical; it and its opposite are the same. */
    double angle() {
        double[] r = scene.siteRotation(SITE);
        return Math.atan2(r[3], r[0]);
    }

    /** The turn from one closing direction to another, in [-pi/2, pi/2]. */
    static double turn(double from, double to) {
        return Math.IEEEremainder(to - from, Math.PI);
    }

    double distanceTo(double[] target) {
        double[] p = position();
        double dx = target[0] - p[0];
        double dy = target[1] - p[1];
        double dz = target[2] - p[2];
        return Math.sqrt(dx * dx + dy * dy + dz * dz);
    }

    /** The action toward a point and a closing direction. */
    double[] toward(double[] target, double angle, double gripper) {
        double[] action = new double[ACTION_SIZE];
        double[] p = position();
        if (!Arrays.equals(target, pushedTo)) {
            Arrays.fill(push, 0);
            pushedTo = target.clone();
        }
        boolean near = distanceTo(target) < NEAR;
        for (int i = 0; i < 3; i++) {
            double left = target[i] - p[i];
            push[i] = near ? Math.clamp(push[i] + PATIENCE * left, -MOST_PUSH, MOST_PUSH) : 0;
            action[i] = Math.clamp(GAIN * (left + push[i]), -1, 1);
        }
        double turn = turn(angle(), angle);
        if (Math.abs(turn) > TURN_DEADBAND) {
            double[] r = scene.siteRotation(SITE);
            action[3] = Math.clamp(-TURN_GAIN * r[5], -1, 1); // what tilts the approach axis back to straight down
            action[4] = Math.clamp(TURN_GAIN * r[2], -1, 1);
            action[5] = Math.clamp(TURN_GAIN * turn, -1, 1);
        }
        action[ACTION_SIZE - 1] = gripper;
        return action;
    }
}
