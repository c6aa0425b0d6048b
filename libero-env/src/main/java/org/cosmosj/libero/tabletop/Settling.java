package org.cosmosj.libero.tabletop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cosmosj.libero.geometry.BoxOverlap;
import org.cosmosj.libero.geometry.OrientedBox;

/**
 * Lets objects fall straight down onto the highest support under them. An object whose centre is beyond the edge of
 * what it fell on slides off to that side.
 */
final class Settling {

    /** Shadows that overlap by no more than this do not carry: what falls past each other then only touches. */
    private static final double EDGE = TabletopWorld.TOLERANCE;
    /** How deep a fall onto something tilted may end: half, so that rounding does not make it an intersection. */
    private static final double SINK = TabletopWorld.TOLERANCE / 2;
    /** Supports within this height of the highest one carry too, metres. */
    private static final double LEVEL = 5e-4;
    private static final double SLIDE = 0.002;
    private static final int MAX_SLIDES = 60;
    private static final int TABLE = -1;
    private static final int GRIPPER = -2;

    private final List<Body> bodies;
    private final int[] support;

    Settling(List<Body> bodies) {
        this.bodies = bodies;
        this.support = new int[bodies.size()];
        Arrays.fill(support, TABLE);
    }

    /** Whether {@code body} is {@code base} or stands, directly or not, on it. */
    boolean standsOn(int body, int base) {
        int at = body;
        for (int n = 0; n <= support.length && at >= 0; n++) {
            if (at == base) {
                return true;
            }
            at = support[at];
        }
        return false;
    }

    /** Notes that an object is now carried by the gripper. */
    void lifted(int body) {
        support[body] = GRIPPER;
    }

    /** Settles everything that is not carried, from the lowest up. */
    void settle(OrientedBox[] gripper, Grasp grasp) {
        Integer[] order = new Integer[bodies.size()];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(bodies.get(a).bottom(), bodies.get(b).bottom()));
        for (int i : order) {
            if (bodies.get(i).isMovable() && !grasp.carries(i)) {
                settle(i, gripper);
            }
        }
    }

    private void settle(int index, OrientedBox[] gripper) {
        Body body = bodies.get(index);
        for (int n = 0; n < MAX_SLIDES; n++) {
            Support under = below(index, gripper);
            body.translate(0, 0, under.top - body.bottom());
            support[index] = under.owner;
            if (under.owner < 0) {
                return;
            }
            double[] out = under.beyondEdge(body);
            double distance = Math.sqrt(out[0] * out[0] + out[1] * out[1]);
            if (distance == 0) {
                return;
            }
            Body.Placement before = body.placement();
            body.translate(SLIDE * out[0] / distance, SLIDE * out[1] / distance, 0);
            if (intersects(index, gripper)) {
                body.restore(before);
                return;
            }
        }
    }

    /** What an object falls on: the height, whose it is, and the boxes that carry. */
    private record Support(double top, int owner, List<OrientedBox> carriers) {

        /** Vector from the support's edge to the object's centre; zero if the centre is supported from both sides. */
        double[] beyondEdge(Body body) {
            double[] sum = {0, 0};
            double[] first = null;
            for (OrientedBox carrier : carriers) {
                double[] out = carrier.beyondFootprint(body.pose().x(), body.pose().y());
                boolean inside = out[0] == 0 && out[1] == 0;
                first = first == null ? out : first;
                if (inside || out[0] * first[0] + out[1] * first[1] < 0) {
                    return new double[] {0, 0};
                }
                sum[0] += out[0];
                sum[1] += out[1];
            }
            return sum;
        }
    }

    private Support below(int index, OrientedBox[] gripper) {
        Body body = bodies.get(index);
        double drop = body.bottom();
        int owner = TABLE;
        for (int i = 0; i < bodies.size(); i++) {
            if (i != index && bodies.get(i).isSolid() && !standsOn(i, index)) {
                double gap = gap(body, bodies.get(i).boxes());
                owner = gap < drop ? i : owner;
                drop = Math.min(drop, gap);
            }
        }
        double gap = gap(body, gripper);
        owner = gap < drop ? GRIPPER : owner;
        drop = Math.min(drop, gap);
        double top = body.bottom() - Math.max(0, drop);
        return new Support(top, owner, owner < 0 ? List.of() : carriers(body, owner, drop));
    }

    /** Smallest vertical distance from a box of the body down to a box below it. */
    private static double gap(Body body, OrientedBox[] obstacles) {
        double smallest = Double.POSITIVE_INFINITY;
        for (OrientedBox box : body.boxes()) {
            for (OrientedBox obstacle : obstacles) {
                smallest = Math.min(smallest, gap(box, obstacle));
            }
        }
        return smallest;
    }

    private static double gap(OrientedBox box, OrientedBox obstacle) {
        if (!box.isUpright() || !obstacle.isUpright()) {
            return BoxOverlap.freeFall(box, obstacle, SINK);
        }
        double gap = box.bottom() - obstacle.top();
        boolean below = gap > -TabletopWorld.TOLERANCE && BoxOverlap.footprintsOverlap(obstacle, box, EDGE);
        return below ? gap : Double.POSITIVE_INFINITY;
    }

    private List<OrientedBox> carriers(Body body, int owner, double drop) {
        List<OrientedBox> carriers = new ArrayList<>();
        for (OrientedBox obstacle : bodies.get(owner).boxes()) {
            if (gap(body, new OrientedBox[] {obstacle}) <= drop + LEVEL) {
                carriers.add(obstacle);
            }
        }
        return carriers;
    }

    private boolean intersects(int index, OrientedBox[] gripper) {
        OrientedBox[] boxes = bodies.get(index).boxes();
        if (Body.deepest(gripper, boxes, TabletopWorld.TOLERANCE) != null) {
            return true;
        }
        for (int i = 0; i < bodies.size(); i++) {
            if (i != index && bodies.get(i).isSolid()
                    && Body.deepest(bodies.get(i).boxes(), boxes, TabletopWorld.TOLERANCE) != null) {
                return true;
            }
        }
        return false;
    }
}
