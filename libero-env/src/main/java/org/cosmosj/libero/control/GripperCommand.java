package org.cosmosj.libero.control;

/**
 * The Panda gripper's command: the sign of the last action number moves two finger commands in opposite directions by
 * 0.01 per substep within [-1, 1]; zero keeps them. Full travel takes eight control steps.
 * Source: robosuite/models/grippers/panda_gripper.py#PandaGripper.format_action.
 */
public final class GripperCommand {

    private static final double SPEED = 0.01;
    private static final double[] DIRECTION = {-1, 1};

    private final double[] current = new double[2];

    /** Creates a command in the middle of its range. */
    public GripperCommand() {
    }

    /** Back to the middle of the range, as at every reset. */
    public void reset() {
        current[0] = 0;
        current[1] = 0;
    }

    /**
     * One substep.
     *
     * @param action positive closes, negative opens, zero keeps
     */
    public void advance(double action) {
        for (int i = 0; i < 2; i++) {
            current[i] = Math.clamp(current[i] + DIRECTION[i] * SPEED * Math.signum(action), -1.0, 1.0);
        }
    }

    /**
     * The commands.
     *
     * @return (2), each in [-1, 1], as parts of the actuators' ranges; a copy
     */
    public double[] current() {
        return current.clone();
    }

    /**
     * An actuator's control value: {@code mid + half current}.
     *
     * @param finger 0 or 1
     * @param low    of its range
     * @param high   of its range
     * @return in [low, high]
     */
    public double control(int finger, double low, double high) {
        return 0.5 * (high + low) + 0.5 * (high - low) * current[finger];
    }
}
