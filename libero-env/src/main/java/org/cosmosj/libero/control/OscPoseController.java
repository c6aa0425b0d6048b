package org.cosmosj.libero.control;

import static org.cosmosj.libero.control.ArmSample.JOINTS;

import org.cosmosj.libero.geometry.Rotations;

/**
 * robosuite's {@code OSC_POSE}: the end effector is pulled to a goal pose by a critically damped spring in task space,
 * position and rotation uncoupled, while the joints' null space is pulled to the start pose. With
 * {@code L_p = (J_p M^-1 J_p^T)^-1}, {@code L_r} and {@code L} likewise for the rotational and all rows:
 *
 * <pre>
 * F   = kp (p_goal - p) - kd v                    kp = 150, kd = 2 sqrt(150)
 * T   = kp e - kd w                               e = 1/2 sum_c R_c x Rgoal_c over columns c
 * tau = J^T [L_p F; L_r T] + bias + N^T M (10 (q_0 - q) - 2 sqrt(10) q')
 * N   = I - M^-1 J^T L J
 * </pre>
 *
 * <p>An action moves the goal: {@code p_goal = p + 0.05 a_1..3} (metres) and, only if some {@code a_4..6} is not zero,
 * {@code Rgoal = R(0.5 a_4..6) R} (radians); otherwise the old rotation goal stays.
 * Source: robosuite 1.4.1, controllers/osc.py#OperationalSpaceController, utils/control_utils.py.
 */
public final class OscPoseController {

    /** Metres that a position component of 1 moves the goal. */
    public static final double POSITION_SCALE = 0.05;
    /** Radians that a rotation component of 1 turns the goal. */
    public static final double ROTATION_SCALE = 0.5;

    private static final double STIFFNESS = 150;
    private static final double DAMPING = 2 * Math.sqrt(STIFFNESS);
    private static final double NULL_STIFFNESS = 10;
    private static final double NULL_DAMPING = 2 * Math.sqrt(NULL_STIFFNESS);

    private final double[] restPose;
    private double[] goalPosition = new double[3];
    private double[] goalRotation = Rotations.identity();

    /**
     * Creates a controller; {@link #reset} gives it its first goal.
     *
     * @param restPose (7), radians: where the null space is pulled to
     */
    public OscPoseController(double[] restPose) {
        this.restPose = restPose.clone();
    }

    /**
     * Makes the present pose the goal.
     *
     * @param arm the present pose
     */
    public void reset(ArmSample arm) {
        goalPosition = arm.position.clone();
        goalRotation = arm.rotation.clone();
    }

    /**
     * Moves the goal from the arm's pose by an action.
     *
     * @param arm    where the arm is
     * @param action at least 6 numbers: position, rotation; clipped to [-1, 1]
     */
    public void setGoal(ArmSample arm, double[] action) {
        double[] turn = new double[3];
        boolean turns = false;
        for (int i = 0; i < 3; i++) {
            goalPosition[i] = arm.position[i] + POSITION_SCALE * Math.clamp(action[i], -1.0, 1.0);
            turn[i] = ROTATION_SCALE * Math.clamp(action[3 + i], -1.0, 1.0);
            turns |= turn[i] != 0;
        }
        if (turns) {
            goalRotation = Rotations.multiply(RotationDelta.of(turn), arm.rotation);
        }
    }

    /**
     * The goal.
     *
     * @return (3), metres; a copy
     */
    public double[] goalPosition() {
        return goalPosition.clone();
    }

    /**
     * The goal.
     *
     * @return (9), row-major; a copy
     */
    public double[] goalRotation() {
        return goalRotation.clone();
    }

    /**
     * Joint torques that pull the arm to the goal, not clipped.
     *
     * @param arm  what the arm is believed to do
     * @param bias (7), newton metres: gravity, Coriolis and centrifugal torques
     * @return (7), newton metres
     */
    public double[] torques(ArmSample arm, double[] bias) {
        double[] jacobian = arm.jacobian;
        double[] transposed = SmallMatrix.transpose(jacobian, 6, JOINTS);
        double[] massInverse = SmallMatrix.inverse(arm.mass, JOINTS);
        double[] byJoint = SmallMatrix.multiply(jacobian, massInverse, 6, JOINTS, JOINTS);
        double[] mobility = SmallMatrix.multiply(byJoint, transposed, 6, JOINTS, 6);
        double[] wrench = wrench(arm, mobility);
        double[] pull = SmallMatrix.multiply(transposed, wrench, JOINTS, 6, 1);
        double[] still = nullSpaceTorques(arm, massInverse, transposed, SmallMatrix.inverse(mobility, 6));
        double[] torques = new double[JOINTS];
        for (int i = 0; i < JOINTS; i++) {
            torques[i] = pull[i] + bias[i] + still[i];
        }
        return torques;
    }

    /** {@code [L_p F; L_r T]}: the inertias of the uncoupled halves are the inverses of mobility's diagonal blocks. */
    private double[] wrench(ArmSample arm, double[] mobility) {
        double[] error = rotationError(arm.rotation);
        double[] wrench = new double[6];
        for (int half = 0; half < 2; half++) {
            double[] block = new double[9];
            double[] force = new double[3];
            for (int i = 0; i < 3; i++) {
                System.arraycopy(mobility, 6 * (3 * half + i) + 3 * half, block, 3 * i, 3);
                double distance = half == 0 ? goalPosition[i] - arm.position[i] : error[i];
                force[i] = STIFFNESS * distance - DAMPING * arm.velocity[3 * half + i];
            }
            double[] inertia = SmallMatrix.inverse(block, 3);
            System.arraycopy(SmallMatrix.multiply(inertia, force, 3, 3, 1), 0, wrench, 3 * half, 3);
        }
        return wrench;
    }

    private double[] rotationError(double[] r) {
        double[] goal = goalRotation;
        double[] error = new double[3];
        for (int c = 0; c < 3; c++) {
            error[0] += 0.5 * (r[3 + c] * goal[6 + c] - r[6 + c] * goal[3 + c]);
            error[1] += 0.5 * (r[6 + c] * goal[c] - r[c] * goal[6 + c]);
            error[2] += 0.5 * (r[c] * goal[3 + c] - r[3 + c] * goal[c]);
        }
        return error;
    }

    private double[] nullSpaceTorques(ArmSample arm, double[] massInverse, double[] transposed, double[] inertia) {
        double[] pull = new double[JOINTS];
        for (int i = 0; i < JOINTS; i++) {
            pull[i] = NULL_STIFFNESS * (restPose[i] - arm.joints[i]) - NULL_DAMPING * arm.jointVelocity[i];
        }
        double[] torques = SmallMatrix.multiply(arm.mass, pull, JOINTS, JOINTS, 1);
        double[] dynamicInverse = SmallMatrix.multiply(
                SmallMatrix.multiply(massInverse, transposed, JOINTS, JOINTS, 6), inertia, JOINTS, 6, 6);
        double[] projection = SmallMatrix.multiply(dynamicInverse, arm.jacobian, JOINTS, 6, JOINTS);
        for (int i = 0; i < JOINTS * JOINTS; i++) {
            projection[i] = (i % (JOINTS + 1) == 0 ? 1 : 0) - projection[i];
        }
        return SmallMatrix.multiply(SmallMatrix.transpose(projection, JOINTS, JOINTS), torques, JOINTS, JOINTS, 1);
    }
}
