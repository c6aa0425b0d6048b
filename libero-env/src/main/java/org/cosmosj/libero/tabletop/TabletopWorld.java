package org.cosmosj.libero.tabletop;

import java.util.List;
import org.cosmosj.libero.geometry.BoxOverlap;
import org.cosmosj.libero.geometry.OrientedBox;
import org.cosmosj.libero.geometry.Pose;
import org.cosmosj.libero.geometry.Rotations;

/**
 * State and quasi-static motion of arm, gripper and objects; the table's top is the plane z = 0.
 *
 * <p>Every motion is an attempt: it is carried out, what is in its way is pushed, and if anything still intersects it
 * is undone as a whole.
 */
final class TabletopWorld {

    /** Robot's base relative to the table's centre. */
    static final Pose BASE = Pose.upright(-0.5, 0, 0, 0);
    /** Intersections up to this depth count as touching, metres. */
    static final double TOLERANCE = 2e-5;

    private static final double TOUCHING = 1e-3;
    private static final double SEPARATION = 1e-7;
    /** No object is pushed further than this within one attempt: beyond it the motion is blocked. */
    private static final double PUSH_LIMIT = 0.02;
    /** Rubber on wood: a pusher drags what it pushes along up to this share of the push. */
    private static final double FRICTION = 1.1;
    private static final int MAX_PUSHES = 24;
    private static final int IK_ITERATIONS = 4;
    private static final int IK_RESET_ITERATIONS = 200;
    private static final int UNTOUCHED = Integer.MAX_VALUE;
    /** Blocked motions are carried out to within 1/64 of their length. */
    private static final double SMALLEST_FRACTION = 1.0 / 64;
    private static final double[] NO_MOTION = {0, 0};

    final List<Body> bodies;
    private final Grasp grasp = new Grasp();
    private final Settling settling;
    private double[] q;
    private Pose hand;
    private double opening = Gripper.OPEN;
    private OrientedBox[] gripper;

    /**
     * Sets up a scene and lets every object settle on its support.
     *
     * @param bodies objects at their poses
     * @param start  pose of the end effector, world frame
     */
    TabletopWorld(List<Body> bodies, Pose start) {
        this.bodies = bodies;
        this.settling = new Settling(bodies);
        this.q = PandaArm.solve(PandaArm.readyPosture(), toBase(start), IK_RESET_ITERATIONS);
        this.hand = BASE.compose(PandaArm.endEffector(q));
        this.gripper = Gripper.boxes(hand, opening);
        settle();
    }

    double[] joints() {
        return q.clone();
    }

    Pose hand() {
        return hand;
    }

    double opening() {
        return opening;
    }

    OrientedBox[] gripperBoxes() {
        return gripper;
    }

    /** Index of the object between the fingers, or -1. */
    int held() {
        return grasp.held();
    }

    boolean touches(int a, int b) {
        return Body.deepest(bodies.get(a).boxes(), bodies.get(b).boxes(), -TOUCHING) != null;
    }

    void settle() {
        settling.settle(gripper, grasp);
    }

    /**
     * Moves the hand towards a pose: straight, if nothing is in the way; else sliding, first sideways while pushing,
     * then up or down without pushing, so that a finger that comes down on an object stands on it.
     */
    void moveHand(Pose target) {
        if (attemptHand(target, Pushing.REFUSED)) {
            return;
        }
        Pose level = new Pose(target.x(), target.y(), hand.z(), target.rotation());
        slide(level, Pushing.ALLOWED);
        slide(new Pose(hand.x(), hand.y(), target.z(), hand.rotation()), Pushing.REFUSED);
    }

    /** Opens the fingers by a distance each; an object between them is let go first. */
    void openFingers(double distance) {
        if (grasp.held() >= 0 && !release()) {
            return;
        }
        moveFingers(Math.min(distance, Gripper.OPEN - opening));
    }

    /**
     * Closes the fingers by a distance each, centring what they enclose; when they are stopped by an object that lies
     * between the pads, they hold it.
     */
    void closeFingers(double distance) {
        if (grasp.held() >= 0) {
            return;
        }
        double wanted = Math.min(distance, opening - Gripper.PAD);
        double done = -moveFingers(-wanted);
        if (wanted - done > SEPARATION) {
            grasp.take(this, settling);
        }
    }

    enum Pushing {
        ALLOWED, REFUSED
    }

    private void slide(Pose target, Pushing pushing) {
        Pose from = hand;
        double done = 0;
        for (double part = 1; part >= SMALLEST_FRACTION && done < 1; part /= 2) {
            if (attemptHand(between(from, target, done + part), pushing)) {
                done += part;
            }
        }
    }

    static Pose between(Pose from, Pose to, double fraction) {
        double[] turn = Rotations.toAxisAngle(
                Rotations.multiply(to.rotation(), Rotations.transpose(from.rotation())));
        double[] partial = Rotations.fromAxisAngle(fraction * turn[0], fraction * turn[1], fraction * turn[2]);
        return new Pose(from.x() + fraction * (to.x() - from.x()), from.y() + fraction * (to.y() - from.y()),
                from.z() + fraction * (to.z() - from.z()), Rotations.multiply(partial, from.rotation()));
    }

    private boolean attemptHand(Pose target, Pushing pushing) {
        Saved saved = new Saved();
        q = PandaArm.solve(q, toBase(target), IK_ITERATIONS);
        hand = BASE.compose(PandaArm.endEffector(q));
        gripper = Gripper.boxes(hand, opening);
        grasp.carry(bodies, hand);
        double[] motion = {hand.x() - saved.hand.x(), hand.y() - saved.hand.y()};
        if (isAboveTable() && resolve(pushing, motion, motion)) {
            return true;
        }
        saved.restore();
        return false;
    }

    /** Moves each finger by a distance (positive opens); returns the signed distance that was free. */
    private double moveFingers(double distance) {
        double done = 0;
        for (double part = distance; Math.abs(part) >= Math.abs(distance) * SMALLEST_FRACTION
                && Math.abs(distance - done) > SEPARATION; part /= 2) {
            Saved saved = new Saved();
            opening += part;
            gripper = Gripper.boxes(hand, opening);
            double[] r = hand.rotation();
            double[] left = {r[1] * part, r[4] * part};
            double[] right = {-left[0], -left[1]};
            if (isAboveTable() && resolve(Pushing.ALLOWED, left, right)) {
                done += part;
            } else {
                saved.restore();
            }
        }
        return done;
    }

    /**
     * Sets the held object down upright where it is; refuses while that would make it intersect something that
     * cannot give way.
     */
    private boolean release() {
        Saved saved = new Saved();
        Grasp.Holding before = grasp.holding();
        boolean[] released = grasp.letGo(bodies);
        int[] rank = untouched();
        for (int i = 0; i < released.length; i++) {
            rank[i] = released[i] ? 1 : UNTOUCHED;
        }
        if (resolve(Pushing.ALLOWED, NO_MOTION, NO_MOTION, rank)) {
            settle();
            return true;
        }
        saved.restore();
        grasp.restore(before);
        return false;
    }

    private boolean isAboveTable() {
        for (OrientedBox box : gripper) {
            if (box.bottom() < -TOLERANCE) {
                return false;
            }
        }
        for (int i = 0; i < bodies.size(); i++) {
            if (grasp.carries(i) && bodies.get(i).bottom() < -TOLERANCE) {
                return false;
            }
        }
        return true;
    }

    private boolean resolve(Pushing pushing, double[] motion, double[] secondFinger) {
        return resolve(pushing, motion, secondFinger, untouched());
    }

    private int[] untouched() {
        int[] rank = new int[bodies.size()];
        java.util.Arrays.fill(rank, UNTOUCHED);
        return rank;
    }

    /**
     * Pushes objects out of the gripper and of each other until nothing intersects.
     *
     * @param rank distance from the gripper in the chain of pushes; of two objects the higher rank gives way
     * @return false if something cannot give way
     */
    private boolean resolve(Pushing pushing, double[] motion, double[] secondFinger, int[] rank) {
        double[] pushed = new double[bodies.size()];    // > 0 also means: pushed itself, so no longer carried along
        for (int n = 0; n < MAX_PUSHES; n++) {
            Contact worst = worstContact(motion, secondFinger, rank);
            if (worst == null) {
                return true;
            }
            Body body = bodies.get(worst.body);
            if (pushing == Pushing.REFUSED || !body.isMovable() || grasp.carries(worst.body)) {
                return false;
            }
            double[] shift = worst.shift(rank[worst.body] == UNTOUCHED);
            for (int i = 0; i < bodies.size(); i++) {
                boolean along = i == worst.body || pushed[i] == 0 && settling.standsOn(i, worst.body);
                if (along && !grasp.carries(i)) {
                    bodies.get(i).translate(shift[0], shift[1], 0);
                    rank[i] = Math.min(rank[i], worst.rank);
                }
            }
            pushed[worst.body] += Math.sqrt(shift[0] * shift[0] + shift[1] * shift[1]);
            if (!(pushed[worst.body] <= PUSH_LIMIT)) {
                return false;
            }
        }
        return false;
    }

    /** An intersection to be resolved by moving one object, which gets the rank given here. */
    private record Contact(int body, int rank, BoxOverlap overlap, double[] motion) {

        /** Out of the overlap, and along with the pusher as far as friction reaches. */
        double[] shift(boolean firstTouch) {
            double depth = overlap.horizontalDepth() + SEPARATION;
            double[] shift = {depth * overlap.nx(), depth * overlap.ny()};
            double along = motion[0] * overlap.nx() + motion[1] * overlap.ny();
            double tx = motion[0] - along * overlap.nx();
            double ty = motion[1] - along * overlap.ny();
            double slip = Math.sqrt(tx * tx + ty * ty);
            if (firstTouch && slip > 0) {
                double drag = Math.min(1, FRICTION * depth / slip);
                shift[0] += drag * tx;
                shift[1] += drag * ty;
            }
            return shift;
        }
    }

    private Contact worstContact(double[] motion, double[] secondFinger, int[] rank) {
        Contact worst = null;
        for (int i = 0; i < bodies.size(); i++) {
            if (!bodies.get(i).isSolid()) {
                continue;
            }
            for (int finger = 0; finger < gripper.length && !grasp.carries(i); finger++) {
                worst = deeper(worst, new OrientedBox[] {gripper[finger]}, i, 1,
                        finger == 1 ? secondFinger : motion);
            }
            for (int j = i + 1; j < bodies.size(); j++) {
                worst = betweenBodies(worst, i, j, motion, rank);
            }
        }
        return worst;
    }

    private Contact betweenBodies(Contact worst, int i, int j, double[] motion, int[] rank) {
        int rankI = grasp.carries(i) ? 0 : rank[i];
        int rankJ = grasp.carries(j) ? 0 : rank[j];
        boolean moved = rankI != UNTOUCHED || rankJ != UNTOUCHED;
        if (!moved || rankI == 0 && rankJ == 0 || !bodies.get(j).isSolid()) {
            return worst;
        }
        boolean pushFirst = rankI > rankJ;
        int pusher = pushFirst ? j : i;
        int body = pushFirst ? i : j;
        return deeper(worst, bodies.get(pusher).boxes(), body, Math.min(rankI, rankJ) + 1, motion);
    }

    private Contact deeper(Contact worst, OrientedBox[] pusher, int body, int rank, double[] motion) {
        BoxOverlap overlap = Body.deepest(pusher, bodies.get(body).boxes(), TOLERANCE);
        boolean isDeeper = overlap != null
                && (worst == null || overlap.horizontalDepth() > worst.overlap.horizontalDepth());
        return isDeeper ? new Contact(body, rank, overlap, motion) : worst;
    }

    /** Depth of the deepest intersection of any two solid things, or of anything with the table, metres. */
    double deepestIntersection() {
        double deepest = 0;
        for (OrientedBox box : gripper) {
            deepest = Math.max(deepest, -box.bottom());
        }
        for (int i = 0; i < bodies.size(); i++) {
            Body body = bodies.get(i);
            deepest = body.isSolid() ? Math.max(deepest, -body.bottom()) : deepest;
            for (int j = i + 1; j < bodies.size() && body.isSolid(); j++) {
                deepest = bodies.get(j).isSolid()
                        ? Math.max(deepest, depth(body.boxes(), bodies.get(j).boxes()))
                        : deepest;
            }
            deepest = body.isSolid() ? Math.max(deepest, depth(gripper, body.boxes())) : deepest;
        }
        return deepest;
    }

    private static double depth(OrientedBox[] a, OrientedBox[] b) {
        double deepest = 0;
        for (OrientedBox p : a) {
            for (OrientedBox r : b) {
                BoxOverlap overlap = BoxOverlap.between(p, r, 0);
                deepest = overlap == null ? deepest : Math.max(deepest, overlap.depth());
            }
        }
        return deepest;
    }

    private static Pose toBase(Pose world) {
        return BASE.inverse().compose(world);
    }

    /** Everything an attempt can change. */
    private final class Saved {
        private final double[] savedQ = q;
        private final Pose hand = TabletopWorld.this.hand;
        private final double savedOpening = opening;
        private final OrientedBox[] savedGripper = gripper;
        private final Body.Placement[] placements = bodies.stream().map(Body::placement)
                .toArray(Body.Placement[]::new);

        void restore() {
            q = savedQ;
            TabletopWorld.this.hand = hand;
            opening = savedOpening;
            gripper = savedGripper;
            for (int i = 0; i < placements.length; i++) {
                bodies.get(i).restore(placements[i]);
            }
        }
    }
}
