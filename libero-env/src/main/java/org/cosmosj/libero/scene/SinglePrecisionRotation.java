package org.cosmosj.libero.scene;

/** Rotations as robosuite computes them, with its roundings to float32. Source: robosuite 1.4 transform_utils.py. */
final class SinglePrecisionRotation {

    private static final double TINY = Math.ulp(1.0) * 4;

    private SinglePrecisionRotation() {
    }

    /** {@code quat2mat} of a quaternion w, x, y, z: row-major (9). */
    static double[] matrix(double[] wxyz) {
        float[] q = {(float) wxyz[0], (float) wxyz[1], (float) wxyz[2], (float) wxyz[3]};
        double squares = 0;
        for (float each : q) {
            squares += (double) (each * each); // the dot product adds in double and rounds at the end
        }
        float n = (float) squares;
        if (n < TINY) {
            return new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1};
        }
        double scale = Math.sqrt(2.0 / n);
        for (int i = 0; i < 4; i++) {
            q[i] = (float) (q[i] * scale);
        }
        float w = q[0];
        float x = q[1];
        float y = q[2];
        float z = q[3];
        return new double[] {
            1.0 - y * y - z * z, x * y - z * w, x * z + y * w,
            x * y + z * w, 1.0 - x * x - z * z, y * z - x * w,
            x * z - y * w, y * z + x * w, 1.0 - x * x - y * y};
    }

    /** {@code quat_multiply} of quaternions x, y, z, w: {@code a b}, rounded to float32. */
    static double[] product(double[] a, double[] b) {
        return new double[] {
            (float) (a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0]),
            (float) (-a[0] * b[2] + a[1] * b[3] + a[2] * b[0] + a[3] * b[1]),
            (float) (a[0] * b[1] - a[1] * b[0] + a[2] * b[3] + a[3] * b[2]),
            (float) (-a[0] * b[0] - a[1] * b[1] - a[2] * b[2] + a[3] * b[3])};
    }
}
