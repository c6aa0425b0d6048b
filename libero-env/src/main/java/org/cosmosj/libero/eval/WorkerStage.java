package org.cosmosj.libero.eval;

import org.cosmosj.libero.Agent;
import org.cosmosj.libero.RobotEnvironment;

/** What a worker runs episodes with. */
interface WorkerStage {

    /** What simulates, with version. */
    String engine();

    /**
     * Opens a task's environment.
     *
     * @throws RuntimeException if its files are wrong; then no episode of the evaluation can run
     */
    RobotEnvironment open(String suite, String task);

    /**
     * Makes an agent that acts in the worker.
     *
     * @param name        as in {@code --policy}
     * @param environment where it acts
     * @param seed        of its draws
     * @throws RuntimeException if it cannot be made; then no episode of the evaluation can run
     */
    Agent agent(String name, RobotEnvironment environment, long seed);
}
