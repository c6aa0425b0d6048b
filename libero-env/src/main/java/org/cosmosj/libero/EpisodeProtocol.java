package org.cosmosj.libero;

import java.util.Arrays;

/**
 * How an episode is run and judged, as Cosmos Policy evaluates LIBERO: some settle steps, then at most
 * {@code maxSteps} actions of the agent; the first true goal ends the episode as a success.
 * Source: cosmos_policy/experiments/robot/libero/run_libero_eval.py#run_episode.
 *
 * @param settleSteps  steps before the agent is asked
 * @param settleAction action of those steps
 * @param maxSteps     most actions the agent may take
 */
public record EpisodeProtocol(int settleSteps, double[] settleAction, int maxSteps) {

    /** LIBERO's number of settle steps. */
    public static final int LIBERO_SETTLE_STEPS = 10;

    /** Validates the counts. */
    public EpisodeProtocol {
        if (settleSteps < 0 || maxSteps < 1) {
            throw new IllegalArgumentException("episode protocol: " + settleSteps + " settle steps and " + maxSteps
                    + " steps, expected >= 0 and >= 1");
        }
        settleAction = settleAction.clone();
    }

    /**
     * LIBERO's protocol: ten settle steps that keep still and open the gripper.
     *
     * @param spec gives the number of steps
     * @return the protocol
     */
    public static EpisodeProtocol libero(EnvironmentSpec spec) {
        double[] still = new double[spec.actionSize()];
        still[spec.actionSize() - 1] = -1;
        return new EpisodeProtocol(LIBERO_SETTLE_STEPS, still, spec.maxSteps());
    }

    @Override
    public double[] settleAction() {
        return settleAction.clone();
    }

    /** Told of every step that the agent takes. */
    @FunctionalInterface
    public interface Listener {

        /**
         * One step was taken.
         *
         * @param before what the agent saw
         * @param action what it did
         * @param after  what it led to
         */
        void step(Observation before, double[] action, StepResult after);
    }

    /**
     * How an episode ended.
     *
     * @param episode which episode
     * @param success whether the goal became true
     * @param steps   actions the agent took
     */
    public record Outcome(EpisodeId episode, boolean success, int steps) {
    }

    /**
     * Runs one episode.
     *
     * @param environment where
     * @param episode     from which start
     * @param agent       who acts
     * @return how it ended
     */
    public Outcome run(RobotEnvironment environment, EpisodeId episode, Agent agent) {
        return run(environment, episode, agent, (before, action, after) -> {});
    }

    /**
     * Runs one episode and reports its steps. A goal that becomes true during the settle steps ends the episode too.
     *
     * @param environment where
     * @param episode     from which start
     * @param agent       who acts
     * @param listener    told of every step after the settle steps
     * @return how it ended
     */
    public Outcome run(RobotEnvironment environment, EpisodeId episode, Agent agent, Listener listener) {
        Observation observation = environment.reset(episode);
        for (int i = 0; i < settleSteps; i++) {
            StepResult result = environment.step(settleAction);
            observation = result.observation();
            if (result.done()) {
                return new Outcome(episode, true, 0);
            }
        }
        agent.begin(episode, environment.instruction());
        for (int t = 1; t <= maxSteps; t++) {
            double[] action = agent.act(observation);
            StepResult result = environment.step(action);
            listener.step(observation, action, result);
            observation = result.observation();
            if (result.done()) {
                return new Outcome(episode, true, t);
            }
        }
        return new Outcome(episode, false, maxSteps);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EpisodeProtocol protocol && settleSteps == protocol.settleSteps
                && maxSteps == protocol.maxSteps && Arrays.equals(settleAction, protocol.settleAction);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * settleSteps + maxSteps) + Arrays.hashCode(settleAction);
    }

    @Override
    public String toString() {
        return settleSteps + " settle steps, then at most " + maxSteps + " steps";
    }
}
