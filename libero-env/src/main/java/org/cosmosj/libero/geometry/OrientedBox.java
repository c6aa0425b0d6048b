package org.cosmosj.libero.geometry;

/** A box at any pose, with its extent along the world axes; immutable. */
public final class OrientedBox {

    /** Below this sine of its tilt a box counts as upright: at 10 cm it moves an edge by less than 0.1 micrometre. */
    private static final double UPRIGHT_SINE = 1e-6;

    final Pose pose;
    final double[] half;
    final double[] extent;
    final boolean upright;

    /**
     * Places a box.
     *
     * @param pose centre and axes
     * @param half half extents along the box's own axes (3), metres
     */
    public OrientedBox(Pose pose, double[] half) {
        this.pose = pose;
        this.half = half;
        double[] r = pose.rotation();
        this.extent = new double[3];
        for (int i = 0; i < 3; i++) {
            extent[i] = Math.abs(r[3 * i]) * half[0] + Math.abs(r[3 * i + 1]) * half[1]
                    + Math.abs(r[3 * i + 2]) * half[2];
        }
        this.upright = Math.abs(r[6]) < UPRIGHT_SINE && Math.abs(r[7]) < UPRIGHT_SINE;
    }

    /**
     * Centre and axes.
     *
     * @return the pose
     */
    public Pose pose() {
        return pose;
    }

    /**
     * Half extents along the box's own axes.
     *
     * @return (3), metres; not to be modified
     */
    public double[] half() {
        return half;
    }

    /**
     * Whether the box stands on one of its faces.
     *
     * @return true if its third axis is vertical to within a micrometre per metre
     */
    public boolean isUpright() {
        return upright;
    }

    /**
     * Height of the lowest point.
     *
     * @return metres
     */
    public double bottom() {
        return pose.z() - extent[2];
    }

    /**
     * Height of the highest point.
     *
     * @return metres
     */
    public double top() {
        return pose.z() + extent[2];
    }

    /**
     * Half extent along a world axis.
     *
     * @param axis 0, 1 or 2
     * @return metres
     */
    public double extent(int axis) {
        return extent[axis];
    }

    /**
     * Horizontal vector from the point of this box's footprint nearest to a point to that point.
     *
     * @param px world x of the point
     * @param py world y of the point
     * @return (2), metres; zero if the point lies above or below the footprint. A tilted box counts with the bounding
     *     rectangle of its shadow
     */
    public double[] beyondFootprint(double px, double py) {
        double dx = px - pose.x();
        double dy = py - pose.y();
        if (!upright) {
            return new double[] {beyond(dx, extent[0]), beyond(dy, extent[1])};
        }
        double[] r = pose.rotation();
        double u = beyond(r[0] * dx + r[3] * dy, half[0]);
        double v = beyond(r[1] * dx + r[4] * dy, half[1]);
        return new double[] {r[0] * u + r[1] * v, r[3] * u + r[4] * v};
    }

    private static double beyond(double value, double limit) {
        return value > limit ? value - limit : Math.min(value + limit, 0);
    }
}
