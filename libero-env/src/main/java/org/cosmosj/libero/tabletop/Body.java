package org.cosmosj.libero.tabletop;

import org.cosmosj.libero.geometry.BoxOverlap;
import org.cosmosj.libero.geometry.OrientedBox;
import org.cosmosj.libero.geometry.Pose;

/** An object on the table; its boxes always belong to its pose. */
final class Body {

    final String name;
    final ObjectModel model;
    private Placement placement;

    /** A pose with the boxes computed for it, so that an undone motion costs nothing. */
    record Placement(Pose pose, OrientedBox[] boxes) {
    }

    Body(String name, ObjectModel model, Pose pose) {
        this.name = name;
        this.model = model;
        this.placement = new Placement(pose, model.boxes(pose));
    }

    boolean isSolid() {
        return model.mobility() != ObjectModel.Mobility.PAINTED;
    }

    boolean isMovable() {
        return model.mobility() == ObjectModel.Mobility.MOVABLE;
    }

    Pose pose() {
        return placement.pose;
    }

    OrientedBox[] boxes() {
        return placement.boxes;
    }

    Placement placement() {
        return placement;
    }

    void restore(Placement saved) {
        placement = saved;
    }

    void moveTo(Pose pose) {
        placement = new Placement(pose, model.boxes(pose));
    }

    void translate(double dx, double dy, double dz) {
        moveTo(placement.pose.translated(dx, dy, dz));
    }

    double bottom() {
        double lowest = Double.POSITIVE_INFINITY;
        for (OrientedBox box : placement.boxes) {
            lowest = Math.min(lowest, box.bottom());
        }
        return lowest;
    }

    /** The overlap of any two boxes that needs the longest horizontal push, or null if none overlap. */
    static BoxOverlap deepest(OrientedBox[] a, OrientedBox[] b, double tolerance) {
        BoxOverlap worst = null;
        for (OrientedBox p : a) {
            for (OrientedBox q : b) {
                BoxOverlap overlap = BoxOverlap.between(p, q, tolerance);
                if (overlap != null && (worst == null || overlap.horizontalDepth() > worst.horizontalDepth())) {
                    worst = overlap;
                }
            }
        }
        return worst;
    }
}
