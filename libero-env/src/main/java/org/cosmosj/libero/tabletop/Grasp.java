package org.cosmosj.libero.tabletop;

import java.util.List;
import org.cosmosj.libero.geometry.BoxOverlap;
import org.cosmosj.libero.geometry.OrientedBox;
import org.cosmosj.libero.geometry.Pose;
import org.cosmosj.libero.geometry.Rotations;

/** What the fingers hold, and when they hold it. */
final class Grasp {

    /** Pads nearer than this to an object touch it, metres. */
    private static final double PAD_CONTACT = 4e-4;
    /** Faces that are turned further than 30 degrees away from the pads slip out. */
    private static final double MIN_ALIGNMENT = StrictMath.cos(Math.PI / 6);

    private static final Holding NOTHING = new Holding(-1, new Pose[0]);

    /** The held object and, per object that moves along, its pose in the hand's frame; never modified. */
    record Holding(int body, Pose[] relative) {
    }

    private Holding holding = NOTHING;

    int held() {
        return holding.body;
    }

    Holding holding() {
        return holding;
    }

    void restore(Holding saved) {
        holding = saved;
    }

    /** Whether an object moves with the hand: the held one, or one that stands on it. */
    boolean carries(int body) {
        return holding.body >= 0 && holding.relative[body] != null;
    }

    void carry(List<Body> bodies, Pose hand) {
        for (int i = 0; i < bodies.size(); i++) {
            if (carries(i)) {
                bodies.get(i).moveTo(hand.compose(holding.relative[i]));
            }
        }
    }

    /** Takes hold of the first object that both pads touch and of which a part lies between them. */
    void take(TabletopWorld world, Settling settling) {
        for (int i = 0; i < world.bodies.size(); i++) {
            Body body = world.bodies.get(i);
            if (body.isMovable() && isBetweenPads(body, world)) {
                Pose fromHand = world.hand().inverse();
                Pose[] relative = new Pose[world.bodies.size()];
                for (int j = 0; j < relative.length; j++) {
                    relative[j] = settling.standsOn(j, i) ? fromHand.compose(world.bodies.get(j).pose()) : null;
                }
                holding = new Holding(i, relative);
                settling.lifted(i);
                return;
            }
        }
    }

    /** Lets everything go and sets it upright; returns what was let go. */
    boolean[] letGo(List<Body> bodies) {
        boolean[] released = new boolean[bodies.size()];
        for (int i = 0; i < released.length; i++) {
            released[i] = carries(i);
            if (released[i]) {
                Body body = bodies.get(i);
                Pose pose = body.pose();
                double yaw = Rotations.angleAboutZ(pose.rotation());
                body.moveTo(Pose.upright(pose.x(), pose.y(), pose.z(), yaw));
                body.translate(0, 0, Math.max(0, -body.bottom()));
            }
        }
        holding = NOTHING;
        return released;
    }

    private static boolean isBetweenPads(Body body, TabletopWorld world) {
        OrientedBox[] fingers = world.gripperBoxes();
        return touches(fingers[0], body) && touches(fingers[1], body) && holdsAnyPart(body, world);
    }

    private static boolean touches(OrientedBox finger, Body body) {
        for (OrientedBox box : body.boxes()) {
            if (BoxOverlap.between(finger, box, -PAD_CONTACT) != null) {
                return true;
            }
        }
        return false;
    }

    /**
     * A part is held if its centre lies between the pads (else it would turn out of them), the line that joins the
     * pads passes through its height, and two of its faces look at the pads.
     */
    private static boolean holdsAnyPart(Body body, TabletopWorld world) {
        Pose hand = world.hand();
        double gap = world.opening() - Gripper.PAD + PAD_CONTACT;
        for (OrientedBox box : body.boxes()) {
            Pose inHand = hand.inverse().compose(box.pose());
            double[] r = inHand.rotation();
            double[] h = box.half();
            double reach = Math.abs(r[6]) * h[0] + Math.abs(r[7]) * h[1] + Math.abs(r[8]) * h[2];
            double facing = Math.max(Math.abs(r[3]), Math.max(Math.abs(r[4]), Math.abs(r[5])));
            if (Math.abs(inHand.x()) <= Gripper.PAD_HALF_WIDTH && Math.abs(inHand.y()) <= gap
                    && Math.abs(inHand.z()) <= reach && facing >= MIN_ALIGNMENT) {
                return true;
            }
        }
        return false;
    }
}
