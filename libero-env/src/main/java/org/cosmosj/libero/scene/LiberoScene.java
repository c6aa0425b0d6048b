package org.cosmosj.libero.scene;

import java.nio.file.Path;
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
     * Places everything as a reset of the reference does after the robot stands in its start pose: draws from
     * {@code random} what the reference draws, in its order, the robot's noise of 7 numbers first.
     *
     * @param random     NumPy's generator, seeded by the caller
     * @param simulation takes joint values and fixture poses
     */
    void place(NumpyRandom random, SceneSimulation simulation);

    /**
     * What predicates ask, answered from a simulation.
     *
     * @param state the simulation of this scene
     * @return a view that follows the simulation
     */
    SceneView view(SceneState state);
}
