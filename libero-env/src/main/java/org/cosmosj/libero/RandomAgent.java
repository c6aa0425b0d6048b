package org.cosmosj.libero;

import java.util.Random;

/** Uniformly random actions, drawn anew at every step; the same episode gives the same actions. */
public final class RandomAgent implements Agent {

    private final int actionSize;
    private final long seed;
    private Random random;

    /**
     * Creates the agent.
     *
     * @param actionSize numbers per action
     * @param seed       together with the episode decides the actions
     */
    public RandomAgent(int actionSize, long seed) {
        this.actionSize = actionSize;
        this.seed = seed;
        this.random = new Random(seed);
    }

    @Override
    public void begin(EpisodeId episode, String instruction) {
        random = new Random(seed * 1_000_003 + episode.seed() * 10_007 + episode.episode());
    }

    @Override
    public double[] act(Observation observation) {
        double[] action = new double[actionSize];
        for (int i = 0; i < actionSize; i++) {
            action[i] = 2 * random.nextDouble() - 1;
        }
        return action;
    }
}
