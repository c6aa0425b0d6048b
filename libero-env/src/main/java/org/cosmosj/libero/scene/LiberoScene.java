package org.cosmosj.libero.scene;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.cosmosj.libero.bddl.BddlProblem;
import org.cosmosj.libero.bddl.SceneView;
import org.cosmosj.tensor.NumpyRandom;

/** A task of LIBERO: its scene, its starts, and what its predicates need. Holds no simulation; safe for threads. */
public interface LiberoScene {

    /**
     * The suite.
     *
     * @return for example {@code libero_spatial}
     */
    String suite();

    /**
     * The task.
     *
     * @return its file name without extension
     */
    String task();

    /**
     * What the robot is told, which comes from the file name.
     *
     * @return words separated by spaces
     */
    String instruction();

    /**
     * An episode that has not succeeded after so many policy steps has failed.
     *
     * @return the suite's limit
     */
    int maxSteps();

    /**
     * The parsed task file.
     *
     * @return regions, objects, start and goal
     */
    BddlProblem problem();

    /**
     * The complete scene for MuJoCo. Files are named by absolute paths.
     *
     * @return MJCF, one {@code <mujoco>} element
     */
    String mjcf();

    /**
     * The published start states.
     *
     * @return the {@code .pruned_init} file
     */
    Path initFile();

    /**
     * The published start states, read without executing what the file holds.
     *
     * @return (episodes, 1 + nq + nv): time, joint positions, joint velocities
     */
    double[][] initStates();

    /**
     * Places everything as the first reset of an environment does; see {@link #place(NumpyRandom, SceneSimulation, int,
     * Consumer)}.
     *
     * @param random     NumPy's generator, seeded by the caller
     * @param simulation takes joint values and fixture poses
     */
    default void place(NumpyRandom random, SceneSimulation simulation) {
        place(random, simulation, 1, _ -> {});
    }

    /**
     * Places everything as a reset of the reference does after the robot stands in its start pose: draws from
     * {@code random} what the reference draws, in its order, the robot's noise of 7 numbers first.
     *
     * <p>The reference builds its scene anew at each reset and each time adds the samplers of joint values
     * ({@code Open}, {@code TurnOn} in {@code :init}) to those that are there, so that the n-th reset of an environment
     * draws each of them n + 1 times, of which the last counts. The number of the reset is therefore part of the start.
     *
     * @param random     NumPy's generator, seeded by the caller
     * @param simulation takes joint values and fixture poses
     * @param reset      number of this reset in the life of the environment, from 1, whatever was seeded in between
     * @param listener   told of every draw
     * @throws SceneException if no place can be found for a thing
     */
    void place(NumpyRandom random, SceneSimulation simulation, int reset, Consumer<ResetDraw> listener);

    /**
     * What predicates ask, answered from a simulation.
     *
     * @param state the simulation of this scene
     * @return a view that follows the simulation
     */
    SceneView view(SceneState state);
}
