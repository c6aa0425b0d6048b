package org.cosmosj.libero.geometry;

/**
 * Rotation matrices as row-major {@code double[9]}; column {@code k} is the image of axis {@code k}.
 *
 * <p>No method modifies its arguments: matrices may be shared freely.
 */
public final class Rotations {

    private static final double SMALL_ANGLE = 1e-9;

    private Rotations() {
    }

    /**
     * Returns the identity.
     *
     * @return a new matrix
     */
    public static double[] identity() {
        return new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1};
    }

    /**
     * Multiplies {@code a b}.
     *
     * @param a left factor
     * @param b right factor
     * @return a new matrix
     */
    public static double[] multiply(double[] a, double[] b) {
        double[] c = new double[9];
        for (int i = 0; i < 9; i += 3) {
            for (int j = 0; j < 3; j++) {
                c[i + j] = a[i] * b[j] + a[i + 1] * b[j + 3] + a[i + 2] * b[j + 6];
            }
        }
        return c;
    }

    /**
     * Transposes, which for a rotation is the inverse.
     *
     * @param a a rotation
     * @return a new matrix
     */
    public static double[] transpose(double[] a) {
        return new double[] {a[0], a[3], a[6], a[1], a[4], a[7], a[2], a[5], a[8]};
    }

    /**
     * Rotation about the vertical axis.
     *
     * @param angle radians, counter-clockwise seen from above
     * @return a new matrix
     */
    public static double[] aboutZ(double angle) {
        double c = StrictMath.cos(angle);
        double s = StrictMath.sin(angle);
        return new double[] {c, -s, 0, s, c, 0, 0, 0, 1};
    }

    /**
     * The turn about the vertical axis that is left when a rotation is set upright.
     *
     * @param r a rotation
     * @return radians in (-pi, pi]
     */
    public static double angleAboutZ(double[] r) {
        return StrictMath.atan2(r[3], r[0]);
    }

    /**
     * Rotation by the length of a vector about its direction (Rodrigues).
     *
     * @param x first component, radians
     * @param y second component, radians
     * @param z third component, radians
     * @return a new matrix
     */
    public static double[] fromAxisAngle(double x, double y, double z) {
        double angle = Math.sqrt(x * x + y * y + z * z);
        if (angle < SMALL_ANGLE) {
            return identity();
        }
        double s = StrictMath.sin(angle);
        double t = 1 - StrictMath.cos(angle);
        double u = x / angle;
        double v = y / angle;
        double w = z / angle;
        return new double[] {
            1 - t * (v * v + w * w), t * u * v - s * w, t * u * w + s * v,
            t * u * v + s * w, 1 - t * (u * u + w * w), t * v * w - s * u,
            t * u * w - s * v, t * v * w + s * u, 1 - t * (u * u + v * v)};
    }

    /**
     * The inverse of {@link #fromAxisAngle}.
     *
     * @param r a rotation
     * @return axis times angle, (3), radians, angle in [0, pi]
     */
    public static double[] toAxisAngle(double[] r) {
        return quaternionToAxisAngle(toQuaternionXyzw(r));
    }

    /**
     * Axis times angle of a unit quaternion.
     *
     * @param q x, y, z, w
     * @return (3), radians, angle in [0, pi]
     */
    public static double[] quaternionToAxisAngle(double[] q) {
        double sign = q[3] < 0 ? -1 : 1;
        double n = Math.sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2]);
        if (n < SMALL_ANGLE) {
            return new double[] {2 * sign * q[0], 2 * sign * q[1], 2 * sign * q[2]};
        }
        double scale = sign * 2 * StrictMath.atan2(n, sign * q[3]) / n;
        return new double[] {scale * q[0], scale * q[1], scale * q[2]};
    }

    /**
     * Unit quaternion in LIBERO's observation order.
     *
     * @param r a rotation
     * @return x, y, z, w; the component of largest magnitude is positive, so that a hand that points down, whose
     *     {@code w} is zero up to rounding, does not flip its sign from step to step
     */
    public static double[] toQuaternionXyzw(double[] r) {
        double[] square = {
            1 + r[0] - r[4] - r[8], 1 - r[0] + r[4] - r[8], 1 - r[0] - r[4] + r[8], 1 + r[0] + r[4] + r[8]};
        int k = 0;
        for (int i = 1; i < 4; i++) {
            k = square[i] > square[k] ? i : k;
        }
        double[] q = switch (k) {
            case 0 -> new double[] {square[0], r[1] + r[3], r[2] + r[6], r[7] - r[5]};
            case 1 -> new double[] {r[1] + r[3], square[1], r[5] + r[7], r[2] - r[6]};
            case 2 -> new double[] {r[2] + r[6], r[5] + r[7], square[2], r[3] - r[1]};
            default -> new double[] {r[7] - r[5], r[2] - r[6], r[3] - r[1], square[3]};
        };
        double n = Math.sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
        return new double[] {q[0] / n, q[1] / n, q[2] / n, q[3] / n};
    }
}
