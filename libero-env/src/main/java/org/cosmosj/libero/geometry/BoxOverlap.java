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
                    double x = ra[3 + i] * rb[6 + j] - ra[6 + i] * rb[3 + j];
                    double y = ra[6 + i] * rb[j] - ra[i] * rb[6 + j];
                    double z = ra[i] * rb[3 + j] - ra[3 + i] * rb[j];
                    double n = Math.sqrt(x * x + y * y + z * z);
                    if (n > DEGENERATE && !along(x / n, y / n, z / n)) {
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
