package org.cosmosj.libero;

/**
 * A robot, a scene and a task. It knows nothing of policies, and belongs to one thread.
 */
public interface RobotEnvironment extends AutoCloseable {

    /**
     * Sizes and scales.
     *
     * @return the same for the environment's whole life
     */
    EnvironmentSpec spec();

    /**
     * What the robot is told to do.
     *
     * @return words separated by spaces, lower case
     */
    String instruction();

    /**
     * Starts an episode.
     *
     * @param episode which; suite and task must be this environment's
     * @return the first observation
     * @throws IllegalArgumentException if the episode belongs to another task
     */
    Observation reset(EpisodeId episode);

    /**
     * Carries out one action.
     *
     * @param action (actionSize); numbers outside [-1, 1] are clipped
     * @return what it led to
     * @throws IllegalArgumentException if the action has another length or holds a number that is not finite
     * @throws IllegalStateException    before the first {@link #reset}
     */
    StepResult step(double[] action);

    /** Gives back what the environment holds outside the Java heap; by default nothing. */
    @Override
    default void close() {
    }
}
