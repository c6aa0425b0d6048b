package org.cosmosj.libero.tabletop;

import org.cosmosj.libero.Agent;
import org.cosmosj.libero.Observation;
import org.cosmosj.libero.bddl.BddlException;
import org.cosmosj.libero.bddl.Predicate;

/**
 * Solves a task from the true state. It has no memory: the command is a continuous function of the state (but for the
 * gripper's three values), so that a policy that sees the state can learn it, from any state.
 */
public abstract sealed class ScriptedExpert implements Agent permits PickAndPlaceExpert, PushExpert {

    /** Lateral distance up to which the gripper goes all the way down, metres. */
    static final double FUNNEL_NECK = 0.006;
    /** The funnel's wall: height per lateral distance. */
    static final double FUNNEL_SLOPE = 2;

    private final TabletopEnvironment environment;
    private final double positionScale;

    ScriptedExpert(TabletopEnvironment environment) {
        this.environment = environment;
        this.positionScale = environment.spec().positionScale();
    }

    /**
     * The expert for an environment's goal: push for an object on a painted region, else pick and place.
     *
     * @param environment whose state the expert reads; reset it before the expert acts
     * @return the expert
     * @throws BddlException if the goal is not a single {@code On} or {@code In} of an object that can be grasped
     */
    public static ScriptedExpert of(TabletopEnvironment environment) {
        var goal = environment.task().problem().goal();
        if (goal.size() == 1 && goal.getFirst() instanceof Predicate.In in) {
            return new PickAndPlaceExpert(environment, in.object(), owner(in.region(), environment));
        }
        if (goal.size() == 1 && goal.getFirst() instanceof Predicate.On on) {
            boolean region = environment.task().problem().regions().containsKey(on.place());
            return region
                    ? new PushExpert(environment, on.object(), owner(on.place(), environment))
                    : new PickAndPlaceExpert(environment, on.object(), on.place());
        }
        throw new BddlException("scripted expert: no script for the goal " + goal
                + ", expected a single (On object place) or (In object region)");
    }

    private static String owner(String region, TabletopEnvironment environment) {
        return environment.task().problem().regions().get(region).target();
    }

    /**
     * Chooses the command for the state that the environment is in now.
     *
     * @param observation not read
     * @return the action (7)
     */
    @Override
    public final double[] act(Observation observation) {
        TabletopScene scene = environment.scene();
        return environment.succeeded() ? idle(scene) : act(scene);
    }

    abstract double[] act(TabletopScene scene);

    /** What to do once the goal holds. */
    abstract double[] idle(TabletopScene scene);

    /** The action that moves the end effector by a distance (3), metres, as fast as the scale allows. */
    final double[] command(double dx, double dy, double dz, double gripper) {
        return new double[] {Math.clamp(dx / positionScale, -1, 1), Math.clamp(dy / positionScale, -1, 1),
            Math.clamp(dz / positionScale, -1, 1), 0, 0, 0, gripper};
    }

    /** Height above the funnel's bottom at a lateral distance. */
    static double funnel(double distance, double cap) {
        return Math.clamp(FUNNEL_SLOPE * (distance - FUNNEL_NECK), 0, cap);
    }
}
