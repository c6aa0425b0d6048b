package org.cosmosj.libero.geometry;

/**
 * How two boxes intersect: the separating-axis theorem over the six face normals and the nine edge cross products.
 *
 * @param depth           shortest translation that separates them, metres
 * @param horizontalDepth shortest horizontal translation of the second box that separates them, metres
 * @param nx              x of the unit direction of that translation
 * @param ny              y of the unit direction of that translation
 */
public record BoxOverlap(double depth, double horizontalDepth, double nx, double ny) {

    /** An axis steeper than this (horizontal part) would need a push more than three times the overlap. */
    private static final double MIN_HORIZONTAL = 0.3;

    private static final double DEGENERATE = 1e-8;

    /**
     * Intersects two boxes.
     *
     * @param a         the box that stays
     * @param b         the box that would be moved away
     * @param tolerance overlaps of at most this many metres count as touching; negative values demand only nearness
     * @return the overlap, or null if the boxes are apart by that measure
     */
    public static BoxOverlap between(OrientedBox a, OrientedBox b, double tolerance) {
        double tx = b.pose.x() - a.pose.x();
        double ty = b.pose.y() - a.pose.y();
        double tz = b.pose.z() - a.pose.z();
        if (a.extent[0] + b.extent[0] - Math.abs(tx) <= tolerance
                || a.extent[1] + b.extent[1] - Math.abs(ty) <= tolerance
                || a.extent[2] + b.extent[2] - Math.abs(tz) <= tolerance) {
            return null;
        }
        Search search = new Search(a, b, tx, ty, tz, tolerance);
        return search.run() ? new BoxOverlap(search.depth, search.horizontal, search.nx, search.ny) : null;
    }

    /**
     * Whether the vertical shadows of two boxes overlap.
     *
     * @param a      first box
     * @param b      second box
     * @param margin overlaps of at most this many metres do not count
     * @return true if one stands above the other; tilted boxes count with the bounding rectangle of their shadow
     */
    public static boolean footprintsOverlap(OrientedBox a, OrientedBox b, double margin) {
        double tx = b.pose.x() - a.pose.x();
        double ty = b.pose.y() - a.pose.y();
        if (a.extent[0] + b.extent[0] - Math.abs(tx) <= margin || a.extent[1] + b.extent[1] - Math.abs(ty) <= margin) {
            return false;
        }
        return !a.upright || !b.upright || overlapAlongFaces(a, b, tx, ty, margin)
                && overlapAlongFaces(b, a, tx, ty, margin);
    }

    /**
     * How far a box can sink straight down before it meets another one, at any tilt: every separating axis gives the
     * interval of distances over which the projections overlap; where all of them do, the boxes do.
     *
     * @param sinking   the box that moves
     * @param obstacle  the box that stays
     * @param tolerance overlaps of at most this many metres count as touching
     * @return metres; 0 if they overlap already, infinity if the way down is free
     */
    public static double freeFall(OrientedBox sinking, OrientedBox obstacle, double tolerance) {
        double[] interval = {Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY};
        double[] ra = sinking.pose.rotation();
        double[] rb = obstacle.pose.rotation();
        for (int i = 0; i < 3; i++) {
            meet(sinking, obstacle, tolerance, new double[] {ra[i], ra[3 + i], ra[6 + i]}, interval);
            meet(sinking, obstacle, tolerance, new double[] {rb[i], rb[3 + i], rb[6 + i]}, interval);
            for (int j = 0; j < 3; j++) {
                meet(sinking, obstacle, tolerance, edgesCross(ra, i, rb, j), interval);
            }
        }
        return interval[0] < interval[1] && interval[1] > 0 ? Math.max(0, interval[0]) : Double.POSITIVE_INFINITY;
    }

    /** Narrows {from, to}, the distances of sinking at which the boxes overlap, by those of one axis. */
    private static void meet(OrientedBox sinking, OrientedBox obstacle, double tolerance, double[] axis,
            double[] interval) {
        double n = Math.sqrt(axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2]);
        if (n <= DEGENERATE) {
            return;
        }
        double lx = axis[0] / n;
        double ly = axis[1] / n;
        double lz = axis[2] / n;
        Pose a = sinking.pose;
        Pose b = obstacle.pose;
        double apart = (a.x() - b.x()) * lx + (a.y() - b.y()) * ly + (a.z() - b.z()) * lz;
        double reach = radius(sinking, lx, ly, lz) + radius(obstacle, lx, ly, lz) - tolerance;
        if (Math.abs(lz) <= DEGENERATE) {
            interval[1] = Math.abs(apart) < reach ? interval[1] : Double.NEGATIVE_INFINITY;
            return;
        }
        double first = (apart - reach) / lz;
        double second = (apart + reach) / lz;
        interval[0] = Math.max(interval[0], Math.min(first, second));
        interval[1] = Math.min(interval[1], Math.max(first, second));
    }

    /** Cross product of axis i of one rotation and axis j of another. */
    private static double[] edgesCross(double[] ra, int i, double[] rb, int j) {
        return new double[] {ra[3 + i] * rb[6 + j] - ra[6 + i] * rb[3 + j],
            ra[6 + i] * rb[j] - ra[i] * rb[6 + j], ra[i] * rb[3 + j] - ra[3 + i] * rb[j]};
    }

    private static boolean overlapAlongFaces(OrientedBox a, OrientedBox b, double tx, double ty, double margin) {
        double[] r = a.pose.rotation();
        for (int k = 0; k < 2; k++) {
            double lx = r[k];
            double ly = r[3 + k];
            if (radius(a, lx, ly, 0) + radius(b, lx, ly, 0) - Math.abs(tx * lx + ty * ly) <= margin) {
                return false;
            }
        }
        return true;
    }

    private static double radius(OrientedBox box, double lx, double ly, double lz) {
        double[] r = box.pose.rotation();
        return box.half[0] * Math.abs(r[0] * lx + r[3] * ly + r[6] * lz)
                + box.half[1] * Math.abs(r[1] * lx + r[4] * ly + r[7] * lz)
                + box.half[2] * Math.abs(r[2] * lx + r[5] * ly + r[8] * lz);
    }

    /** Mutable best values of one query. */
    private static final class Search {
        private final OrientedBox a;
        private final OrientedBox b;
        private final double tx;
        private final double ty;
        private final double tz;
        private final double tolerance;
        private double depth = Double.POSITIVE_INFINITY;
        private double horizontal = Double.POSITIVE_INFINITY;
        private double nx;
        private double ny;

        Search(OrientedBox a, OrientedBox b, double tx, double ty, double tz, double tolerance) {
            this.a = a;
            this.b = b;
            this.tx = tx;
            this.ty = ty;
            this.tz = tz;
            this.tolerance = tolerance;
        }

        boolean run() {
            double[] ra = a.pose.rotation();
            double[] rb = b.pose.rotation();
            for (int i = 0; i < 3; i++) {
                if (!along(ra[i], ra[3 + i], ra[6 + i]) || !along(rb[i], rb[3 + i], rb[6 + i])) {
                    return false;
                }
            }
            if (a.upright && b.upright) {
                return true;    // every cross product of edges is vertical or parallel to a face normal
            }
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 3; j++) {
                    double[] axis = edgesCross(ra, i, rb, j);
                    double n = Math.sqrt(axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2]);
                    if (n > DEGENERATE && !along(axis[0] / n, axis[1] / n, axis[2] / n)) {
                        return false;
                    }
                }
            }
            return true;
        }

        private boolean along(double lx, double ly, double lz) {
            double distance = tx * lx + ty * ly + tz * lz;
            double overlap = radius(a, lx, ly, lz) + radius(b, lx, ly, lz) - Math.abs(distance);
            if (overlap <= tolerance) {
                return false;
            }
            depth = Math.min(depth, overlap);
            double flat = Math.sqrt(lx * lx + ly * ly);
            if (flat > MIN_HORIZONTAL && overlap / flat < horizontal) {
                horizontal = overlap / flat;
                double sign = distance < 0 ? -1 / flat : 1 / flat;
                nx = sign * lx;
                ny = sign * ly;
            }
            return true;
        }
    }
}
