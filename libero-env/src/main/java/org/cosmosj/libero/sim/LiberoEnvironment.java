package org.cosmosj.libero.sim;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cosmosj.libero.EnvironmentSpec;
import org.cosmosj.libero.EpisodeId;
import org.cosmosj.libero.Observation;
import org.cosmosj.libero.RobotEnvironment;
import org.cosmosj.libero.StepResult;
import org.cosmosj.libero.bddl.BddlProblem;
import org.cosmosj.libero.bddl.Predicate;
import org.cosmosj.libero.bddl.SceneView;
import org.cosmosj.libero.control.ObservationClock;
import org.cosmosj.libero.control.OscPoseController;
import org.cosmosj.libero.mujoco.MujocoLibrary;
import org.cosmosj.libero.mujoco.MujocoModel;
import org.cosmosj.libero.mujoco.MujocoSimulation;
import org.cosmosj.libero.mujoco.ObjectKind;
import org.cosmosj.libero.mujoco.OffscreenRenderer;
import org.cosmosj.libero.mujoco.SceneSnapshot;
import org.cosmosj.libero.scene.LiberoScene;
import org.cosmosj.tensor.NumpyRandom;

/**
 * A task of LIBERO on MuJoCo. An action is 3 position, 3 rotation (axis-angle) and 1 gripper number, each in [-1, 1];
 * a step is 25 substeps of 2 ms: forward computation, controller, integration. Observations come from the substep at
 * which robosuite samples them ({@link ObservationClock}); success is judged after the last one.
 *
 * <p>Differences to the Python reference: an action that is not finite is refused; pictures are upright and drawn only
 * when asked for. Belongs to one thread. Source: robosuite 1.4.1, environments/base.py#step;
 * libero/envs/bddl_base_domain.py#BDDLBaseDomain; libero/envs/env_wrapper.py#ControlEnv.
 */
public final class LiberoEnvironment implements RobotEnvironment {

    /** Numbers per action. */
    public static final int ACTION_SIZE = 7;
    /** Simulation steps per action. */
    public static final int SUBSTEPS = 25;
    /** Steps per second. */
    public static final double CONTROL_FREQUENCY = 20;

    private static final List<String> HIDDEN_SITES = List.of("gripper0_grip_site", "gripper0_grip_site_cylinder");
    /** A stove's site that glows while it is on. */
    private static final String BURNER = "_burner";

    private final LiberoScene scene;
    private final LiberoSettings settings;
    private final EnvironmentSpec spec;
    private final MujocoSimulation simulation;
    private final SimulatedPanda panda;
    private final SceneView view;
    private final List<String> objects;
    private final Map<String, Integer> burners = new LinkedHashMap<>();
    private final Map<Integer, Float> alphas = new LinkedHashMap<>();
    private final ObservationClock clock = new ObservationClock();
    private final double[][] modelPoses;
    private double[][] initStates;
    private OffscreenRenderer renderer;
    private LiberoObservation observation;
    private SubstepListener listener = (arm, bias, torques) -> {};
    private int observedSubstep;
    private boolean closed;

    /**
     * Compiles the task's scene; {@link #reset} starts an episode.
     *
     * @param scene    the task
     * @param mujoco   which MuJoCo
     * @param settings sizes
     * @throws org.cosmosj.libero.mujoco.MujocoException if the scene cannot be compiled, with MuJoCo's reason
     */
    public LiberoEnvironment(LiberoScene scene, MujocoLibrary mujoco, LiberoSettings settings) {
        this.scene = scene;
        this.settings = settings;
        this.spec = new EnvironmentSpec(scene.suite(), scene.task(), settings.imageHeight(), settings.imageWidth(),
                ACTION_SIZE, Observation.PROPRIO_SIZE, scene.maxSteps(), OscPoseController.POSITION_SCALE,
                OscPoseController.ROTATION_SCALE, CONTROL_FREQUENCY);
        this.simulation = new MujocoSimulation(mujoco, scene.mjcf());
        MujocoModel model = simulation.model();
        this.panda = new SimulatedPanda(simulation);
        this.view = scene.view(simulation);
        this.objects = scene.problem().objects().stream().map(BddlProblem.Item::name).toList();
        this.modelPoses = new double[][] {model.numbers("body_pos"), model.numbers("body_quat")};
        HIDDEN_SITES.forEach(site -> alphas.put(model.id(ObjectKind.SITE, site), 0f));
        for (BddlProblem.Item fixture : scene.problem().fixtures()) {
            if (simulation.hasSite(fixture.name() + BURNER)) {
                int site = model.id(ObjectKind.SITE, fixture.name() + BURNER);
                burners.put(fixture.name(), site);
                alphas.put(site, model.siteAlpha(site));
            }
        }
    }

    @Override
    public EnvironmentSpec spec() {
        return spec;
    }

    @Override
    public String instruction() {
        return scene.instruction();
    }

    /**
     * The task.
     *
     * @return what the environment was made from
     */
    public LiberoScene scene() {
        return scene;
    }

    /**
     * The simulation, for experts and tests.
     *
     * @return owned by the environment
     */
    public MujocoSimulation simulation() {
        return simulation;
    }

    /**
     * The controller, for tests.
     *
     * @return owned by the environment
     */
    public OscPoseController controller() {
        return panda.controller();
    }

    /**
     * The gripper's commands, for tests.
     *
     * @return (2), each in [-1, 1]
     */
    public double[] gripperCommand() {
        return panda.gripper().current();
    }

    /**
     * When the last step's observation was taken, for tests.
     *
     * @return number of the substep, from 1; 0 before the first step
     */
    public int observedSubstep() {
        return observedSubstep;
    }

    /**
     * Sets who is told of every substep.
     *
     * @param listener replaces the one before
     */
    public void onSubstep(SubstepListener listener) {
        this.listener = listener;
    }

    /**
     * What draws pictures; makes the renderer if no picture was asked for yet.
     *
     * @return for example {@code llvmpipe (LLVM 15.0.6, 256 bits)}
     * @throws org.cosmosj.libero.mujoco.MujocoException if this machine cannot draw off screen
     */
    public String renderer() {
        return offscreen().renderer();
    }

    /**
     * What predicates see, for experts and tests.
     *
     * @return follows the simulation
     */
    public SceneView view() {
        return view;
    }

    /**
     * Names an episode of this task.
     *
     * @param episode row of the task's published start states
     * @param seed    seed of the series; decides nothing in the environment
     * @return the name
     */
    public EpisodeId episode(int episode, long seed) {
        return new EpisodeId(scene.suite(), scene.task(), episode, seed);
    }

    /**
     * Starts an episode from the published start state of its number. The seed of the series decides nothing here.
     * Fixtures are placed as in the reference's evaluation, where the n-th episode of a task is the n-th reset of its
     * environment; it does not matter which episodes ran before in this one.
     *
     * @throws IllegalArgumentException if the episode belongs to another task or there is no such start state
     */
    @Override
    public LiberoObservation reset(EpisodeId episode) {
        if (!episode.suite().equals(scene.suite()) || !episode.task().equals(scene.task())) {
            throw new IllegalArgumentException("reset: episode " + episode + " belongs to another task, expected "
                    + scene.suite() + "/" + scene.task());
        }
        if (initStates == null) {
            initStates = scene.initStates();
        }
        if (episode.episode() >= initStates.length) {
            throw new IllegalArgumentException("reset: " + episode + ": " + scene.initFile() + " holds "
                    + initStates.length + " start states, from 0");
        }
        reset(NumpyRandom.seeded(settings.placementSeed()), episode.episode() + 1);
        return setState(initStates[episode.episode()]);
    }

    /**
     * Starts an episode as {@code seed(placementSeed); reset()} of a new environment of the reference does, without a
     * start state.
     *
     * @param placementSeed NumPy's seed, in [0, 2^32)
     * @return the first observation
     */
    public LiberoObservation reset(long placementSeed) {
        return reset(NumpyRandom.seeded(placementSeed), 1);
    }

    /**
     * Starts an episode as the reference's {@code reset()} does, without a start state.
     *
     * @param random draws where things are placed
     * @param number of this reset in the life of the reference's environment, from 1; see {@link LiberoScene#place}
     * @return the first observation
     */
    public LiberoObservation reset(NumpyRandom random, int number) {
        requireOpen();
        restoreModelPoses();
        simulation.data().reset();
        scene.place(random, simulation, number, _ -> {});
        panda.reset(); // after placing: where the model has them, things overlap, and contacts by the thousand are slow
        simulation.forward();
        clock.reset();
        clock.force();
        return observe();
    }

    /** The reference builds a new model at every reset; only the fixtures' poses can have changed in this one. */
    private void restoreModelPoses() {
        List<String> bodies = simulation.model().names(ObjectKind.BODY);
        for (int i = 0; i < bodies.size(); i++) {
            if (!bodies.get(i).isEmpty()) {
                simulation.setBodyPose(bodies.get(i), Arrays.copyOfRange(modelPoses[0], 3 * i, 3 * i + 3),
                        Arrays.copyOfRange(modelPoses[1], 4 * i, 4 * i + 4));
            }
        }
    }

    /**
     * Sets the state as the reference's {@code set_init_state} does; the controller keeps the goal of the last reset.
     *
     * @param state (1 + nq + nv): time, joint positions, joint velocities
     * @return the observation
     * @throws IllegalArgumentException if the state is that of another task
     * @throws IllegalStateException    before the first reset
     */
    public LiberoObservation setState(double[] state) {
        requireStarted();
        simulation.data().setState(state);
        simulation.forward();
        updateBurners();
        clock.force();
        return observe();
    }

    @Override
    public StepResult step(double[] action) {
        requireStarted();
        requireAction(action);
        for (int i = 0; i < SUBSTEPS; i++) {
            simulation.forward();
            if (i == 0) {
                panda.setGoal(action);
            }
            panda.control(action[ACTION_SIZE - 1]);
            simulation.data().step();
            panda.tell(listener);
            if (clock.advance()) {
                observedSubstep = i + 1;
                observe();
            }
        }
        boolean success = succeeded();
        updateBurners();
        return new StepResult(observation, success ? 1 : 0, success);
    }

    /**
     * Whether the goal holds now, by the poses and contacts that the last substep started from.
     *
     * @return whether all predicates of the goal are true
     */
    public boolean succeeded() {
        requireStarted();
        return Predicate.allHold(scene.problem().goal(), view);
    }

    /** Shown from the next picture on, as in the reference, which updates them after the step's observations. */
    private void updateBurners() {
        burners.forEach((stove, site) -> alphas.put(site,
                view.articulation(stove, Predicate.JointState.TURNON) ? 1f : 0f));
    }

    private LiberoObservation observe() {
        observation = LiberoObservation.of(simulation, panda, objects, alphas, this::picture);
        return observation;
    }

    private byte[] picture(SceneSnapshot snapshot, String camera, Map<Integer, Float> siteAlphas) {
        return offscreen().render(snapshot, camera, siteAlphas);
    }

    private synchronized OffscreenRenderer offscreen() {
        requireOpen();
        if (renderer == null) {
            renderer = new OffscreenRenderer(simulation.model(), settings.imageWidth(), settings.imageHeight());
        }
        return renderer;
    }

    private static void requireAction(double[] action) {
        if (action.length != ACTION_SIZE) {
            throw new IllegalArgumentException("step: action has " + action.length + " numbers, expected "
                    + ACTION_SIZE + " (3 position, 3 rotation, gripper)");
        }
        for (int i = 0; i < ACTION_SIZE; i++) {
            if (!Double.isFinite(action[i])) {
                throw new IllegalArgumentException("step: action[" + i + "] is " + action[i]
                        + ", expected a finite number; check the policy's output and its normalisation statistics");
            }
        }
    }

    private void requireStarted() {
        requireOpen();
        if (observation == null) {
            throw new IllegalStateException("libero " + scene.task() + ": no episode yet, call reset first");
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("libero " + scene.task() + ": the environment is closed");
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            if (renderer != null) {
                renderer.close();
            }
            simulation.close();
        }
    }
}
