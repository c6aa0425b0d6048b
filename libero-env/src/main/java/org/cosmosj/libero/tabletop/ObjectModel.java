package org.cosmosj.libero.tabletop;

import java.util.List;
import java.util.Map;
import org.cosmosj.libero.geometry.OrientedBox;
import org.cosmosj.libero.geometry.Pose;
import org.cosmosj.libero.render.Mesh;

/**
 * What all objects of a category have in common.
 *
 * @param category  BDDL type
 * @param mobility  whether it can move
 * @param parts     solid boxes in the object's frame
 * @param mesh      what it looks like, in the same frame
 * @param footprint what the layout sampler keeps apart
 * @param clearance free space it needs around its footprint at the start, metres: room for the fingers
 * @param sites     region name to box in the object's frame
 */
record ObjectModel(String category, Mobility mobility, List<Part> parts, Mesh mesh, Footprint footprint,
        double clearance, Map<String, Part> sites) {

    /** Whether and how an object takes part in the physics. */
    enum Mobility {
        /** Can be pushed and grasped. */
        MOVABLE,
        /** Stays where it is and stops what runs into it. */
        FIXED,
        /** Painted on the table: takes no space. */
        PAINTED
    }

    /**
     * A solid box of an object.
     *
     * @param pose centre and axes in the object's frame
     * @param half half extents (3), metres
     */
    record Part(Pose pose, double[] half) {

        static Part centred(double x, double y, double z, double hx, double hy, double hz) {
            return new Part(Pose.upright(x, y, z, 0), new double[] {hx, hy, hz});
        }

        OrientedBox at(Pose object) {
            return new OrientedBox(object.compose(pose), half);
        }
    }

    /**
     * A rectangle or, if {@code round}, a disc around the object's origin.
     *
     * @param halfX half extent, metres
     * @param halfY half extent, metres; the same for a disc
     * @param round whether it is a disc
     */
    record Footprint(double halfX, double halfY, boolean round) {

        static Footprint disc(double radius) {
            return new Footprint(radius, radius, true);
        }

        static Footprint rectangle(double halfX, double halfY) {
            return new Footprint(halfX, halfY, false);
        }

        /** Distance between two unturned footprints whose origins are (dx, dy) apart; negative if they overlap. */
        double gap(Footprint other, double dx, double dy) {
            if (round && other.round) {
                return Math.sqrt(dx * dx + dy * dy) - halfX - other.halfX;
            }
            double gapX = Math.abs(dx) - halfX - other.halfX;
            double gapY = Math.abs(dy) - halfY - other.halfY;
            return gapX < 0 || gapY < 0 ? Math.max(gapX, gapY) : Math.sqrt(gapX * gapX + gapY * gapY);
        }
    }

    OrientedBox[] boxes(Pose pose) {
        OrientedBox[] boxes = new OrientedBox[parts.size()];
        for (int i = 0; i < boxes.length; i++) {
            boxes[i] = parts.get(i).at(pose);
        }
        return boxes;
    }
}
