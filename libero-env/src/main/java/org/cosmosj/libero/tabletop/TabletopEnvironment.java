package org.cosmosj.libero.tabletop;

import java.util.List;
import org.cosmosj.libero.EnvironmentSpec;
import org.cosmosj.libero.EpisodeId;
import org.cosmosj.libero.Observation;
import org.cosmosj.libero.RobotEnvironment;
import org.cosmosj.libero.StepResult;
import org.cosmosj.libero.bddl.Predicate;
import org.cosmosj.libero.geometry.Pose;
import org.cosmosj.libero.geometry.Rotations;

/**
 * The embedded environment: nothing to install, deterministic, 7,000 (bowl) to 40,000 (push) random steps per second on
 * one core of a 2-core cloud machine, without pictures. <b>Not LIBERO</b>, but its names, protocol and predicates.
 *
 * <p>An action is 3 position, 3 rotation (axis-angle) and 1 gripper number, each in [-1, 1], in LIBERO's sense: the
 * position goal is where the end effector is plus the scaled command; the orientation goal turns only when the
 * rotation command is not zero; the gripper closes for positive, opens for negative and keeps still for zero numbers.
 * Here a position component of 1 means {@link TabletopSettings#POSITION_SCALE} metres, half of LIBERO's.
 */
public final class TabletopEnvironment implements RobotEnvironment {

    /** Numbers per action. */
    public static final int ACTION_SIZE = 7;
    /** Steps per second, as LIBERO's. */
    public static final double CONTROL_FREQUENCY = 20;

    /** Motions are carried out in five parts: 5 mm at full speed, well below the 14 mm of a finger. */
    private static final int SUBSTEPS = 5;
    private static final double[] POINTING_DOWN = {1, 0, 0, 0, -1, 0, 0, 0, -1};
    /** Goal positions are kept inside this box {x, y, z low, x, y, z high}, which the arm can reach. */
    private static final double[] WORKSPACE = {-0.20, -0.25, 0, 0.25, 0.25, 0.35};

    private final TabletopTask task;
    private final TabletopSettings settings;
    private final EnvironmentSpec spec;
    private final TabletopRenderer renderer;
    private TabletopWorld world;
    private TabletopScene scene;
    private double[] goalRotation = POINTING_DOWN;
    private double[] jointsBefore = new double[PandaArm.JOINTS];
    private double openingBefore;

    /**
     * Creates an environment; {@link #reset} starts an episode.
     *
     * @param task     what is to be done
     * @param settings sizes and scales
     */
    public TabletopEnvironment(TabletopTask task, TabletopSettings settings) {
        this.task = task;
        this.settings = settings;
        this.spec = new EnvironmentSpec(TabletopTask.SUITE, task.name(), settings.imageHeight(),
                settings.imageWidth(), ACTION_SIZE, Observation.PROPRIO_SIZE, settings.maxSteps(),
                settings.positionScale(), settings.rotationScale(), CONTROL_FREQUENCY);
        this.renderer = new TabletopRenderer(settings.imageHeight(), settings.imageWidth());
    }

    @Override
    public EnvironmentSpec spec() {
        return spec;
    }

    @Override
    public String instruction() {
        return task.instruction();
    }

    /**
     * The task.
     *
     * @return what is to be done
     */
    public TabletopTask task() {
        return task;
    }

    /**
     * Names an episode of this environment's task.
     *
     * @param episode number, from 0
     * @param seed    seed of the series
     * @return the name
     */
    public EpisodeId episode(int episode, long seed) {
        return new EpisodeId(TabletopTask.SUITE, task.name(), episode, seed);
    }

    @Override
    public Observation reset(EpisodeId episode) {
        return reset(episode, settings.gripperStart());
    }

    /**
     * Starts an episode with another distribution of gripper starts than the settings'; the layout is the same.
     *
     * @param episode which
     * @param start   where the gripper starts
     * @return the first observation
     */
    public Observation reset(EpisodeId episode, TabletopSettings.GripperStart start) {
        if (!episode.suite().equals(TabletopTask.SUITE) || !episode.task().equals(task.name())) {
            throw new IllegalArgumentException("reset: episode " + episode + " belongs to another task, expected "
                    + TabletopTask.SUITE + "/" + task.name());
        }
        EpisodeRandom random = new EpisodeRandom(episode, EpisodeRandom.Stream.GRIPPER);
        double x = random.uniform(-start.reach, start.reach);
        double y = random.uniform(-start.reach, start.reach);
        double z = random.uniform(start.low, start.high);
        List<Body> bodies = new LayoutSampler(task.problem())
                .sample(new EpisodeRandom(episode, EpisodeRandom.Stream.LAYOUT));
        return start(bodies, new double[] {x, y, z});
    }

    /** Starts from a given scene, gripper pointing down and open. */
    Observation start(List<Body> bodies, double[] gripper) {
        world = new TabletopWorld(bodies, new Pose(gripper[0], gripper[1], gripper[2], POINTING_DOWN));
        scene = new TabletopScene(world);
        goalRotation = POINTING_DOWN;
        jointsBefore = world.joints();
        openingBefore = world.opening();
        return observe();
    }

    @Override
    public StepResult step(double[] action) {
        requireStarted();
        double[] command = checked(action);
        jointsBefore = world.joints();
        openingBefore = world.opening();
        move(goal(command), Math.signum(command[6]));
        boolean success = succeeded();
        return new StepResult(observe(), success ? 1 : 0, success);
    }

    /**
     * Whether the goal holds now.
     *
     * @return whether all predicates of the goal are true
     */
    public boolean succeeded() {
        requireStarted();
        return Predicate.allHold(task.problem().goal(), scene);
    }

    /**
     * The true state, for experts and tests.
     *
     * @return a view that follows this episode only
     */
    public TabletopScene scene() {
        requireStarted();
        return scene;
    }

    private Pose goal(double[] command) {
        Pose hand = world.hand();
        double[] p = hand.position();
        for (int i = 0; i < 3; i++) {
            p[i] = Math.clamp(p[i] + settings.positionScale() * command[i], WORKSPACE[i], WORKSPACE[i + 3]);
        }
        if (command[3] != 0 || command[4] != 0 || command[5] != 0) {
            double s = settings.rotationScale();
            goalRotation = Rotations.multiply(
                    Rotations.fromAxisAngle(s * command[3], s * command[4], s * command[5]), hand.rotation());
        }
        return new Pose(p[0], p[1], p[2], goalRotation);
    }

    private void move(Pose goal, double gripper) {
        for (int k = SUBSTEPS; k > 0; k--) {
            world.moveHand(TabletopWorld.between(world.hand(), goal, 1.0 / k));
            if (gripper > 0) {
                world.closeFingers(settings.fingerSpeed() / SUBSTEPS);
            } else if (gripper < 0) {
                world.openFingers(settings.fingerSpeed() / SUBSTEPS);
            }
            world.settle();
        }
    }

    private Observation observe() {
        return TabletopObservation.of(world, jointsBefore, openingBefore, CONTROL_FREQUENCY, renderer);
    }

    private static double[] checked(double[] action) {
        if (action.length != ACTION_SIZE) {
            throw new IllegalArgumentException("step: action has " + action.length + " numbers, expected "
                    + ACTION_SIZE + " (3 position, 3 rotation, gripper)");
        }
        double[] clipped = new double[ACTION_SIZE];
        for (int i = 0; i < ACTION_SIZE; i++) {
            if (!Double.isFinite(action[i])) {
                throw new IllegalArgumentException("step: action[" + i + "] is " + action[i]
                        + ", expected a finite number; check the policy's output and its normalisation statistics");
            }
            clipped[i] = Math.clamp(action[i], -1, 1);
        }
        return clipped;
    }

    private void requireStarted() {
        if (world == null) {
            throw new IllegalStateException("tabletop " + task.name() + ": no episode yet, call reset first");
        }
    }
}
