package org.cosmosj.libero.expert;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.cosmosj.libero.Agent;
import org.cosmosj.libero.EpisodeId;
import org.cosmosj.libero.Observation;
import org.cosmosj.libero.bddl.BddlException;
import org.cosmosj.libero.bddl.BddlProblem;
import org.cosmosj.libero.bddl.Predicate;
import org.cosmosj.libero.bddl.Predicate.JointState;
import org.cosmosj.libero.bddl.SceneView;
import org.cosmosj.libero.bddl.Site;
import org.cosmosj.libero.mujoco.MujocoSimulation;
import org.cosmosj.libero.sim.LiberoEnvironment;

/**
 * Solves LIBERO's goals by scripts that read the true state: it takes the first statement of the goal that does not
 * hold, plans for it, and plans again where that did not help. It opens a drawer before it puts something in and
 * closes it afterwards.
 */
public final class LiberoExpert implements Agent {

    /** A thing let go this far over what it is to stand on, metres: the height of its origin over the other's. */
    private static final double ON_TOP = 0.018;
    private static final double OVER_REGION = 0.06;
    private static final double BESIDE = 0.035;
    private static final double STANDS_OUT = 0.08;
    private static final double OUTWARD = 0.025;

    private final Scenery scenery;
    private final Deque<Move> moves = new ArrayDeque<>();
    private Skill skill;
    private int stage;
    private int stepsOfMove;
    private int attempts;
    private double gripper = Hand.OPEN;

    /**
     * Creates an expert for an environment.
     *
     * @param environment whose state the expert reads
     * @return the expert
     */
    public static LiberoExpert of(LiberoEnvironment environment) {
        return new LiberoExpert(environment.simulation(), environment.scene().problem(), environment.view());
    }

    /**
     * Creates an expert for a scene.
     *
     * @param simulation whose state the expert reads
     * @param problem    gives the goal
     * @param view       judges it
     */
    public LiberoExpert(MujocoSimulation simulation, BddlProblem problem, SceneView view) {
        this.scenery = new Scenery(simulation, problem, view);
    }

    @Override
    public void begin(EpisodeId episode, String instruction) {
        moves.clear();
        skill = null;
        stage = 0;
        stepsOfMove = 0;
        attempts = 0;
        gripper = Hand.OPEN;
    }

    /**
     * Chooses the next action from the state of the simulation.
     *
     * @param observation not read
     * @return the action (7)
     */
    @Override
    public double[] act(Observation observation) {
        Hand hand = scenery.hand();
        while (!moves.isEmpty() && (stepsOfMove >= moves.peek().steps() || moves.peek().isDone(hand))) {
            moves.remove();
            stepsOfMove = 0;
        }
        if (moves.isEmpty()) {
            plan();
        }
        if (moves.isEmpty()) {
            return hand.toward(hand.position(), hand.angle(), gripper);
        }
        stepsOfMove++;
        Move move = moves.peek();
        gripper = move.gripper();
        return hand.toward(move.target(), move.angle(), gripper);
    }

    private void plan() {
        if (skill != null) {
            moves.addAll(skill.stage(stage++));
        }
        if (moves.isEmpty()) {
            skill = next().orElse(null);
            attempts++;
            stage = 0;
            if (skill != null) {
                moves.addAll(skill.stage(stage++));
            }
        }
    }

    private Optional<Skill> next() {
        return scenery.problem().goal().stream().filter(each -> !each.holds(scenery.view()))
                .min(Comparator.comparingInt(LiberoExpert::order)).map(this::skillFor);
    }

    /** What is to be done first: knobs and opening, then carrying, then closing. */
    private static int order(Predicate statement) {
        return switch (statement) {
            case Predicate.Articulated joint -> joint.state() == JointState.CLOSE ? 2 : 0;
            case Predicate.On _,Predicate.In _ -> 1;
        };
    }

    private Skill skillFor(Predicate statement) {
        return switch (statement) {
            case Predicate.On on ->
                new PickAndPlace(scenery, on.object(), new Target(on.place(), () -> top(on.place())), attempts);
            case Predicate.In in -> isShut(in.region())
                    ? new Drawer(scenery, in.region(), Drawer.Direction.OPEN)
                    : new PickAndPlace(scenery, in.object(), new Target(in.region(), () -> inside(in.region())),
                            attempts);
            case Predicate.Articulated joint -> switch (joint.state()) {
                case OPEN -> new Drawer(scenery, joint.object(), Drawer.Direction.OPEN);
                case CLOSE -> new Drawer(scenery, joint.object(), Drawer.Direction.CLOSE);
                case TURNON, TURNOFF -> new Knob(scenery, joint.object(), joint.state());
            };
        };
    }

    /** A place that a statement names. */
    private final class Target implements PickAndPlace.Place {
        private final String name;
        private final Supplier<double[]> release;

        Target(String name, Supplier<double[]> release) {
            this.name = name;
            this.release = release;
        }

        @Override
        public double[] release() {
            return release.get();
        }

        @Override
        public double[] neighbour() {
            return scenery.view().site(name).flatMap(Site::parent).map(scenery::position).orElseGet(this::release);
        }
    }

    private boolean isShut(String region) {
        try {
            return !scenery.view().articulation(region, JointState.OPEN);
        } catch (BddlException e) {
            return false; // a region of a thing without joints
        }
    }

    private double[] top(String place) {
        return scenery.view().site(place).map(site -> {
            double[] p = site.pose().position();
            return new double[] {p[0], p[1], p[2] + vertical(site) + OVER_REGION};
        }).orElseGet(() -> {
            double[] p = scenery.position(place);
            return new double[] {p[0], p[1], p[2] + ON_TOP};
        });
    }

    private double[] inside(String region) {
        Site site = scenery.view().site(region).orElseThrow();
        double[] p = site.pose().position();
        List<double[]> there = scenery.objectsIn(site);
        // beside what is there already, along x: where the first one fell, away from it
        double aside = there.isEmpty() ? 0 : there.getFirst()[0] > p[0] ? -BESIDE : BESIDE;
        double[] outward = outward(site);
        return new double[] {p[0] + aside + outward[0], p[1] + outward[1], p[2] + vertical(site) + OVER_REGION};
    }

    /** A little away from the owner of a part that stands out of it, as an open drawer does. */
    private double[] outward(Site site) {
        double[] owner = site.parent().map(scenery::position).orElse(site.pose().position());
        double x = site.pose().x() - owner[0];
        double y = site.pose().y() - owner[1];
        double distance = Math.hypot(x, y);
        return distance < STANDS_OUT
                ? new double[2]
                : new double[] {OUTWARD * x / distance, OUTWARD * y / distance};
    }

    private static double vertical(Site site) {
        double[] r = site.pose().rotation();
        return Math.abs(r[6] * site.half()[0] + r[7] * site.half()[1] + r[8] * site.half()[2]);
    }
}
