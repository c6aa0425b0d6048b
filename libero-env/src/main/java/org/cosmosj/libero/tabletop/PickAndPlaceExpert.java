package org.cosmosj.libero.tabletop;

/**
 * Comes down on an object through a funnel, closes, lifts, carries it over the target through the reversed funnel,
 * and lets go.
 */
final class PickAndPlaceExpert extends ScriptedExpert {

    private static final double CLOSE_DISTANCE = 0.007;
    private static final double APPROACH_CAP = 0.10;
    private static final double CARRY_CAP = 0.06;
    private static final double RELEASE_DISTANCE = 0.008;
    private static final double RELEASE_HEIGHT = 0.004;
    /** Lateral motion with an object starts this much below the free height and is unhindered from it on, metres. */
    private static final double LIFT_RAMP = 0.02;
    private static final double GRIP_BELOW_RIM = 0.012;

    private final String object;
    private final String target;
    /** Grip point relative to the object's origin. */
    private final double[] grip;
    /** Height of the object's origin at which it is let go, and above which it passes over everything. */
    private final double releaseHeight;
    private final double freeHeight;

    PickAndPlaceExpert(TabletopEnvironment environment, String object, String target) {
        super(environment);
        this.object = object;
        this.target = target;
        var problem = environment.task().problem();
        boolean bowl = problem.categoryOf(object).equals("bowl");
        boolean basket = problem.categoryOf(target).equals("basket");
        double bottom = bowl ? 0 : restingHeight(problem.categoryOf(object));
        this.grip = bowl
                ? new double[] {0, ObjectCatalog.BOWL_WALL_RADIUS, ObjectCatalog.BOWL_HEIGHT - GRIP_BELOW_RIM}
                : new double[] {0, 0, 0};
        double clear = basket ? ObjectCatalog.BASKET_HEIGHT + 0.006 : ObjectCatalog.PLATE_HEIGHT;
        this.releaseHeight = bottom + clear;
        this.freeHeight = bottom + clear + (basket ? 0 : 0.02);
    }

    private static double restingHeight(String category) {
        double lowest = 0;
        for (var part : ObjectCatalog.get(category).parts()) {
            lowest = Math.min(lowest, part.pose().z() - part.half()[2]);
        }
        return -lowest;
    }

    @Override
    double[] act(TabletopScene scene) {
        return scene.held().filter(object::equals).isPresent() ? carry(scene) : approach(scene);
    }

    @Override
    double[] idle(TabletopScene scene) {
        return command(0, 0, 0, -1);
    }

    private double[] approach(TabletopScene scene) {
        double[] hand = scene.endEffector().position();
        double[] at = scene.position(object);
        double dx = at[0] + grip[0] - hand[0];
        double dy = at[1] + grip[1] - hand[1];
        double lateral = Math.sqrt(dx * dx + dy * dy);
        double bottom = at[2] + grip[2] - hand[2];
        boolean close = lateral < CLOSE_DISTANCE && Math.abs(bottom) < CLOSE_DISTANCE;
        return command(dx, dy, bottom + funnel(lateral, APPROACH_CAP), close ? 1 : -1);
    }

    private double[] carry(TabletopScene scene) {
        double[] at = scene.position(object);
        double[] goal = scene.position(target);
        double dx = goal[0] - at[0];
        double dy = goal[1] - at[1];
        double lateral = Math.sqrt(dx * dx + dy * dy);
        double above = at[2] - releaseHeight - goal[2];
        double free = Math.clamp((at[2] - freeHeight - goal[2]) / LIFT_RAMP + 1, 0, 1);
        double hindered = lateral < RELEASE_DISTANCE ? 1 : free;
        boolean open = lateral < RELEASE_DISTANCE && Math.abs(above) < RELEASE_HEIGHT;
        double rise = Math.max(funnel(lateral, CARRY_CAP), lateral < RELEASE_DISTANCE
                ? 0
                : freeHeight - releaseHeight) - above;
        return command(hindered * dx, hindered * dy, rise, open ? -1 : 1);
    }
}
