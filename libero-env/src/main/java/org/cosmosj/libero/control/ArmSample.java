package org.cosmosj.libero.control;

/**
 * What the controller knows of a seven-joint arm at one moment. The arrays are filled in place by whoever simulates
 * the arm; robosuite keeps such a sample too and refreshes it before each use but the first after a reset.
 */
public final class ArmSample {

    /** Joints of the arm. */
    public static final int JOINTS = 7;

    final double[] position = new double[3];
    final double[] rotation = new double[9];
    final double[] velocity = new double[6];
    final double[] joints = new double[JOINTS];
    final double[] jointVelocity = new double[JOINTS];
    final double[] jacobian = new double[6 * JOINTS];
    final double[] mass = new double[JOINTS * JOINTS];

    /** Creates a sample of zeros. */
    public ArmSample() {
    }

    /**
     * The end effector's position.
     *
     * @return (3), metres, world frame; to be filled
     */
    public double[] position() {
        return position;
    }

    /**
     * The end effector's rotation.
     *
     * @return (9), row-major; to be filled
     */
    public double[] rotation() {
        return rotation;
    }

    /**
     * The end effector's velocity.
     *
     * @return (6): linear, metres per second, then angular, radians per second; to be filled
     */
    public double[] velocity() {
        return velocity;
    }

    /**
     * Joint positions.
     *
     * @return (7), radians; to be filled
     */
    public double[] joints() {
        return joints;
    }

    /**
     * Joint velocities.
     *
     * @return (7), radians per second; to be filled
     */
    public double[] jointVelocity() {
        return jointVelocity;
    }

    /**
     * The end effector's Jacobian with respect to the arm's joints.
     *
     * @return (6, 7), row-major: linear rows, then angular; to be filled
     */
    public double[] jacobian() {
        return jacobian;
    }

    /**
     * The arm's joint-space inertia.
     *
     * @return (7, 7), row-major; to be filled
     */
    public double[] mass() {
        return mass;
    }
}
