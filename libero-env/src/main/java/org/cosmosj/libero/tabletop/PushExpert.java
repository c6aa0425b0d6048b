package org.cosmosj.libero.tabletop;

/**
 * Comes down behind an object with closed fingers, seen from where it has to go, and pushes it there.
 */
final class PushExpert extends ScriptedExpert {

    private static final double LOW = 0.02;
    private static final double APPROACH_CAP = 0.08;
    /** Half extents of object plus closed fingers along x and y: where the two touch. */
    private static final double REACH_X = ObjectCatalog.BLOCK_HALF + Gripper.PAD_HALF_WIDTH;
    private static final double REACH_Y = ObjectCatalog.BLOCK_HALF + Gripper.FINGER;
    /** Free distance to the object when coming down behind it, metres. */
    private static final double STANDOFF = 0.012;
    private static final double SLACK = 0.003;
    /** Longest push in one step, metres: slow enough to be corrected between two looks of a policy. */
    private static final double PUSH_STEP = 0.014;

    private final String object;
    private final String target;

    PushExpert(TabletopEnvironment environment, String object, String target) {
        super(environment);
        this.object = object;
        this.target = target;
    }

    @Override
    double[] idle(TabletopScene scene) {
        return command(0, 0, 0, 1);
    }

    @Override
    double[] act(TabletopScene scene) {
        double[] hand = scene.endEffector().position();
        double[] at = scene.position(object);
        double[] goal = scene.position(target);
        double distance = Math.max(1e-6, length(goal[0] - at[0], goal[1] - at[1]));
        double ux = (goal[0] - at[0]) / distance;
        double uy = (goal[1] - at[1]) / distance;
        double reach = Math.min(REACH_X / Math.max(1e-9, Math.abs(ux)), REACH_Y / Math.max(1e-9, Math.abs(uy)));
        double behind = -((hand[0] - at[0]) * ux + (hand[1] - at[1]) * uy);
        double aside = (hand[1] - at[1]) * ux - (hand[0] - at[0]) * uy;
        double missing = Math.max(0, reach - SLACK - behind);
        double off = length(aside, missing);
        double dz = LOW + funnel(off, APPROACH_CAP) - hand[2];
        double pushing = Math.clamp((LOW + 0.025 - hand[2]) / 0.02, 0, 1) * Math.clamp((0.014 - off) / 0.008, 0, 1);
        double startX = at[0] - (reach + STANDOFF) * ux - hand[0];
        double startY = at[1] - (reach + STANDOFF) * uy - hand[1];
        double ahead = Math.min(distance, PUSH_STEP);
        double pushX = ahead * ux + aside * uy;
        double pushY = ahead * uy - aside * ux;
        double[] approach = command(startX, startY, dz, 1);
        double[] push = command(pushX, pushY, dz, 1);
        double[] blend = approach.clone();
        for (int i = 0; i < 2; i++) {
            blend[i] = (1 - pushing) * approach[i] + pushing * push[i];
        }
        return blend;
    }

    private static double length(double x, double y) {
        return Math.sqrt(x * x + y * y);
    }
}
