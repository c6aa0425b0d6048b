package org.cosmosj.libero;

/** Chooses actions: a policy, a script, chance. One episode at a time. */
@FunctionalInterface
public interface Agent {

    /**
     * Called before the first action of an episode; by default does nothing.
     *
     * @param episode     which episode
     * @param instruction what the robot is told to do
     */
    default void begin(EpisodeId episode, String instruction) {
    }

    /**
     * Chooses the next action.
     *
     * @param observation what the robot senses now
     * @return the action, (actionSize), each in [-1, 1]
     */
    double[] act(Observation observation);
}
