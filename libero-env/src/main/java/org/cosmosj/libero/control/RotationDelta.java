package org.cosmosj.libero.control;

/** Rotations as robosuite makes them from actions: partly in float32, which shows in every later pose. */
final class RotationDelta {

    private RotationDelta() {
    }

    /**
     * The rotation by the length of a vector about its direction. Axis-angle to quaternion in float64; then float32:
     * {@code n} sums the four float32 squares (in the order w, x, y, z) in double and rounds to float32,
     * {@code q = (float) (q sqrt(2 / n))}, products in float32; diagonal entries are differences in double, the others
     * sums in float32. Source: robosuite/utils/transform_utils.py#axisangle2quat, quat2mat.
     *
     * @param v (3), radians
     * @return (9), row-major
     */
    static double[] of(double[] v) {
        double angle = Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
        if (angle == 0) {
            return new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1};
        }
        double s = Math.sin(angle / 2);
        float[] q = {(float) Math.cos(angle / 2), (float) (v[0] / angle * s), (float) (v[1] / angle * s),
            (float) (v[2] / angle * s)};
        double squares = 0;
        for (float each : q) {
            squares += (double) (each * each); // the float32 product, widened
        }
        double scale = Math.sqrt(2.0 / (float) squares);
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
}
