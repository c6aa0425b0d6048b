package org.cosmosj.libero.bddl;

import java.util.Optional;
import org.cosmosj.libero.geometry.Pose;

/**
 * A box-shaped region of the scene.
 *
 * @param pose   centre and axes
 * @param half   half extents (3), metres
 * @param parent the object it belongs to; empty for a region of the table
 */
public record Site(Pose pose, double[] half, Optional<String> parent) {

    private static final double BELOW = 0.005;
    private static final double ABOVE = 0.10;
    private static final double IN_SLACK = 0.01;

    /**
     * LIBERO's {@code In}: inside {@code p +- |R size|}, with 1 cm of slack below.
     * Source: object_states/base_object_states.py#SiteObjectState.check_contain, envs/objects in_box.
     *
     * @param point (3), metres
     * @return whether the point lies inside
     */
    public boolean contains(double[] point) {
        double[] r = pose.rotation();
        double[] centre = pose.position();
        for (int i = 0; i < 3; i++) {
            double size = Math.abs(r[3 * i] * half[0] + r[3 * i + 1] * half[1] + r[3 * i + 2] * half[2]);
            double slack = i == 2 ? IN_SLACK : 0;
            if (!(point[i] > centre[i] - size - slack && point[i] < centre[i] + size)) {
                return false;
            }
        }
        return true;
    }

    /**
     * LIBERO's {@code On} for regions: {@code d = R (p - centre)} (R, not its transpose, as the reference has it) lies
     * over the rectangle and between 5 mm below and 10 cm above its upper face.
     *
     * @param point (3), metres
     * @return whether the region is under the point
     */
    public boolean isUnder(double[] point) {
        double[] r = pose.rotation();
        double dx = point[0] - pose.x();
        double dy = point[1] - pose.y();
        double dz = point[2] - pose.z();
        double u = r[0] * dx + r[1] * dy + r[2] * dz;
        double v = r[3] * dx + r[4] * dy + r[5] * dz;
        double w = r[6] * dx + r[7] * dy + r[8] * dz;
        return Math.abs(u) < half[0] && Math.abs(v) < half[1] && w > half[2] - BELOW && w < half[2] + ABOVE;
    }
}
