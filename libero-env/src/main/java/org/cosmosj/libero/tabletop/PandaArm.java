package org.cosmosj.libero.tabletop;

import org.cosmosj.libero.geometry.Pose;
import org.cosmosj.libero.geometry.Rotations;

/**
 * Kinematics of the Franka Panda as LIBERO's robosuite has it: seven revolute joints, the hand 106.5 mm beyond the
 * seventh, the grip site (end effector) 97 mm beyond the hand. Positions are relative to the robot's base.
 *
 * <p>The end effector's frame: x forward along the hand, y the axis along which the fingers close, z the approach
 * direction. Source: Craig's DH parameters of the Panda; robosuite/models/assets/robots/panda/robot.xml.
 */
public final class PandaArm {

    /** Number of joints. */
    public static final int JOINTS = 7;

    private static final double[] A = {0, 0, 0, 0.0825, -0.0825, 0, 0.088};
    private static final double[] D = {0.333, 0, 0.316, 0, 0.384, 0, 0};
    private static final int[] ALPHA_QUARTERS = {0, -1, 1, 1, -1, 1, 1};
    private static final double HAND = 0.1065;
    private static final double GRIP_SITE = 0.097;
    private static final double HAND_YAW = -Math.PI / 4;
    private static final double[] LOWER = {-2.8973, -1.7628, -2.8973, -3.0718, -2.8973, -0.0175, -2.8973};
    private static final double[] UPPER = {2.8973, 1.7628, 2.8973, -0.0698, 2.8973, 3.7525, 2.8973};
    private static final double[] READY = {0, -0.161037389, 0, -2.44459747, 0, 2.2267522, Math.PI / 4};

    /** Damping of the least squares: 1/200 of a typical singular value, so a reachable target is met in 3 steps. */
    private static final double DAMPING = 0.005;
    /** Share of the way back to the ready posture that the first iteration takes inside the null space. */
    private static final double POSTURE_GAIN = 0.05;
    private static final double CONVERGED = 1e-10;
    /** Longest error that one iteration may try to remove (metres and radians): keeps the linearisation valid. */
    private static final double MAX_ERROR = 0.2;

    private PandaArm() {
    }

    /**
     * LIBERO's initial posture.
     *
     * @return a new array (7), radians
     */
    public static double[] readyPosture() {
        return READY.clone();
    }

    /**
     * Frames of the seven links, then the hand, then the end effector.
     *
     * @param q joint angles (7), radians
     * @return nine poses relative to the base
     */
    public static Pose[] frames(double[] q) {
        Pose[] frames = new Pose[JOINTS + 2];
        Pose at = Pose.upright(0, 0, 0, 0);
        for (int i = 0; i < JOINTS; i++) {
            at = link(at, i, q[i]);
            frames[i] = at;
        }
        double[] r = Rotations.multiply(at.rotation(), Rotations.aboutZ(HAND_YAW));
        frames[JOINTS] = along(at, HAND, r);
        frames[JOINTS + 1] = along(at, HAND + GRIP_SITE, r);
        return frames;
    }

    /**
     * Forward kinematics.
     *
     * @param q joint angles (7), radians
     * @return pose of the end effector relative to the base
     */
    public static Pose endEffector(double[] q) {
        return frames(q)[JOINTS + 1];
    }

    /**
     * Geometric Jacobian of the end effector.
     *
     * @param frames what {@link #frames} returned
     * @return (6, 7) row-major: metres per radian, then radians per radian
     */
    public static double[] jacobian(Pose[] frames) {
        double[] jacobian = new double[6 * JOINTS];
        Pose end = frames[JOINTS + 1];
        for (int i = 0; i < JOINTS; i++) {
            double[] r = frames[i].rotation();
            double dx = end.x() - frames[i].x();
            double dy = end.y() - frames[i].y();
            double dz = end.z() - frames[i].z();
            jacobian[i] = r[5] * dz - r[8] * dy;
            jacobian[JOINTS + i] = r[8] * dx - r[2] * dz;
            jacobian[2 * JOINTS + i] = r[2] * dy - r[5] * dx;
            jacobian[3 * JOINTS + i] = r[2];
            jacobian[4 * JOINTS + i] = r[5];
            jacobian[5 * JOINTS + i] = r[8];
        }
        return jacobian;
    }

    /**
     * Moves the joints towards a pose by damped least squares, {@code dq = v + J' (J J' + k^2)^-1 (e - J v)}, where
     * {@code v} pulls the redundant joint back to the ready posture and is used in the first iteration only.
     *
     * @param start      joint angles to start from (7), radians
     * @param target     wanted pose of the end effector relative to the base
     * @param iterations at most this many; fewer if the pose is reached to 0.1 nanometre
     * @return new joint angles (7) inside the joint limits, as near to the target as the iterations led
     */
    public static double[] solve(double[] start, Pose target, int iterations) {
        double[] q = start.clone();
        for (int n = 0; n < iterations; n++) {
            Pose[] frames = frames(q);
            double[] error = error(frames[JOINTS + 1], target);
            if (n > 0 && norm(error) < CONVERGED) {
                break;
            }
            double[] jacobian = jacobian(frames);
            double[] dq = new double[JOINTS];
            for (int i = 0; n == 0 && i < JOINTS; i++) {
                dq[i] = POSTURE_GAIN * (READY[i] - q[i]);
            }
            step(jacobian, error, dq);
            for (int i = 0; i < JOINTS; i++) {
                q[i] = Math.clamp(q[i] + dq[i], LOWER[i], UPPER[i]);
            }
        }
        return q;
    }

    /** {@code RotX(alpha) TransX(a) RotZ(q) TransZ(d)}: quarter turns about x only swap columns. */
    private static Pose link(Pose from, int joint, double angle) {
        double[] r = from.rotation();
        double a = A[joint];
        double[] turned = switch (ALPHA_QUARTERS[joint]) {
            case 1 -> new double[] {r[0], r[2], -r[1], r[3], r[5], -r[4], r[6], r[8], -r[7]};
            case -1 -> new double[] {r[0], -r[2], r[1], r[3], -r[5], r[4], r[6], -r[8], r[7]};
            default -> r;
        };
        Pose shifted = new Pose(from.x() + r[0] * a, from.y() + r[3] * a, from.z() + r[6] * a, turned);
        return along(shifted, D[joint], Rotations.multiply(turned, Rotations.aboutZ(angle)));
    }

    private static Pose along(Pose from, double distance, double[] rotation) {
        return new Pose(from.x() + rotation[2] * distance, from.y() + rotation[5] * distance,
                from.z() + rotation[8] * distance, rotation);
    }

    private static double[] error(Pose now, Pose target) {
        double[] turn = Rotations.toAxisAngle(
                Rotations.multiply(target.rotation(), Rotations.transpose(now.rotation())));
        double[] error = {target.x() - now.x(), target.y() - now.y(), target.z() - now.z(),
            turn[0], turn[1], turn[2]};
        double length = norm(error);
        for (int i = 0; length > MAX_ERROR && i < 6; i++) {
            error[i] *= MAX_ERROR / length;
        }
        return error;
    }

    private static double norm(double[] vector) {
        double sum = 0;
        for (double each : vector) {
            sum += each * each;
        }
        return Math.sqrt(sum);
    }

    /** Adds {@code J' (J J' + k^2)^-1 (e - J dq)} to dq. */
    private static void step(double[] jacobian, double[] error, double[] dq) {
        double[] matrix = new double[36];
        double[] right = new double[6];
        for (int i = 0; i < 6; i++) {
            double sum = error[i];
            for (int k = 0; k < JOINTS; k++) {
                sum -= jacobian[i * JOINTS + k] * dq[k];
            }
            right[i] = sum;
            for (int j = 0; j <= i; j++) {
                double dot = i == j ? DAMPING * DAMPING : 0;
                for (int k = 0; k < JOINTS; k++) {
                    dot += jacobian[i * JOINTS + k] * jacobian[j * JOINTS + k];
                }
                matrix[i * 6 + j] = dot;
            }
        }
        solveCholesky(matrix, right);
        for (int k = 0; k < JOINTS; k++) {
            for (int i = 0; i < 6; i++) {
                dq[k] += jacobian[i * JOINTS + k] * right[i];
            }
        }
    }

    /** Solves the positive definite 6x6 system in place; only the lower triangle is read. */
    private static void solveCholesky(double[] m, double[] x) {
        for (int i = 0; i < 6; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = m[i * 6 + j];
                for (int k = 0; k < j; k++) {
                    sum -= m[i * 6 + k] * m[j * 6 + k];
                }
                m[i * 6 + j] = i == j ? Math.sqrt(sum) : sum / m[j * 6 + j];
            }
        }
        for (int i = 0; i < 6; i++) {
            for (int k = 0; k < i; k++) {
                x[i] -= m[i * 6 + k] * x[k];
            }
            x[i] /= m[i * 6 + i];
        }
        for (int i = 5; i >= 0; i--) {
            for (int k = i + 1; k < 6; k++) {
                x[i] -= m[k * 6 + i] * x[k];
            }
            x[i] /= m[i * 6 + i];
        }
    }
}
