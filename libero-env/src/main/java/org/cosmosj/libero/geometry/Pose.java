package org.cosmosj.libero.geometry;

/**
 * A position and an orientation: maps local points {@code p} to {@code R p + t}.
 *
 * @param x        metres
 * @param y        metres
 * @param z        metres
 * @param rotation row-major rotation matrix (9), never modified after construction
 */
public record Pose(double x, double y, double z, double[] rotation) {

    /**
     * An upright pose.
     *
     * @param x   metres
     * @param y   metres
     * @param z   metres
     * @param yaw radians about the vertical
     * @return the pose
     */
    public static Pose upright(double x, double y, double z, double yaw) {
        return new Pose(x, y, z, yaw == 0 ? Rotations.identity() : Rotations.aboutZ(yaw));
    }

    /**
     * The pose that {@code local} has in the frame in which this pose is given.
     *
     * @param local a pose relative to this one
     * @return {@code this * local}
     */
    public Pose compose(Pose local) {
        double[] r = rotation;
        return new Pose(
                x + r[0] * local.x + r[1] * local.y + r[2] * local.z,
                y + r[3] * local.x + r[4] * local.y + r[5] * local.z,
                z + r[6] * local.x + r[7] * local.y + r[8] * local.z,
                Rotations.multiply(r, local.rotation));
    }

    /**
     * The inverse map.
     *
     * @return the pose of the reference frame seen from this pose
     */
    public Pose inverse() {
        double[] r = rotation;
        return new Pose(
                -(r[0] * x + r[3] * y + r[6] * z),
                -(r[1] * x + r[4] * y + r[7] * z),
                -(r[2] * x + r[5] * y + r[8] * z),
                Rotations.transpose(r));
    }

    /**
     * The same orientation elsewhere.
     *
     * @param dx metres
     * @param dy metres
     * @param dz metres
     * @return the moved pose
     */
    public Pose translated(double dx, double dy, double dz) {
        return new Pose(x + dx, y + dy, z + dz, rotation);
    }

    /**
     * The position alone.
     *
     * @return a new array (3), metres
     */
    public double[] position() {
        return new double[] {x, y, z};
    }
}
