package org.cosmosj.libero.render;

import org.cosmosj.libero.geometry.Pose;

/**
 * A pinhole camera in MuJoCo's convention: it looks along its own -z axis, x points right and y up in the picture.
 *
 * @param pose         where it is, world frame
 * @param fovyDegrees  full vertical field of view
 */
public record Camera(Pose pose, double fovyDegrees) {

    /** Validates the field of view. */
    public Camera {
        if (!(fovyDegrees > 0 && fovyDegrees < 180)) {
            throw new IllegalArgumentException("camera: fovy " + fovyDegrees + " degrees, expected inside (0, 180)");
        }
    }

    /**
     * A camera that looks at a point with the world's z axis up in its picture.
     *
     * @param eye         where it stands (3), metres
     * @param target      what it looks at (3), metres; not straight above or below the eye
     * @param fovyDegrees full vertical field of view
     * @return the camera
     */
    public static Camera lookingAt(double[] eye, double[] target, double fovyDegrees) {
        double[] back = unit(eye[0] - target[0], eye[1] - target[1], eye[2] - target[2]);
        double[] right = unit(-back[1], back[0], 0);
        double[] r = {
            right[0], back[1] * right[2] - back[2] * right[1], back[0],
            right[1], back[2] * right[0] - back[0] * right[2], back[1],
            right[2], back[0] * right[1] - back[1] * right[0], back[2]};
        return new Camera(new Pose(eye[0], eye[1], eye[2], r), fovyDegrees);
    }

    private static double[] unit(double x, double y, double z) {
        double n = Math.sqrt(x * x + y * y + z * z);
        return new double[] {x / n, y / n, z / n};
    }
}
