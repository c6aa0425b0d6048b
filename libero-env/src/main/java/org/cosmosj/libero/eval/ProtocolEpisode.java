package org.cosmosj.libero.eval;

import org.cosmosj.libero.EpisodeId;
import org.cosmosj.libero.Observation;
import org.cosmosj.libero.RobotEnvironment;
import org.cosmosj.libero.StepResult;

/** An episode under way, by an {@link EvaluationProtocol}. Pictures are drawn only where somebody asks for them. */
public final class ProtocolEpisode {

    private final EvaluationProtocol protocol;
    private final RobotEnvironment environment;
    private Observation observation;
    private int steps;
    private boolean success;

    ProtocolEpisode(EvaluationProtocol protocol, RobotEnvironment environment, EpisodeId id) {
        this.protocol = protocol;
        this.environment = environment;
        this.observation = environment.reset(id);
        double[] still = EvaluationProtocol.settleAction(environment.spec());
        for (int i = 0; i < protocol.settleSteps(); i++) {
            observation = environment.step(still).observation(); // a goal that holds here is not looked at
        }
    }

    /** Told of every action that was carried out. */
    @FunctionalInterface
    public interface StepListener {

        /**
         * One action was carried out.
         *
         * @param steps       actions so far
         * @param observation what it led to
         */
        void stepped(int steps, Observation observation);
    }

    /**
     * What the robot senses now.
     *
     * @return the last observation
     */
    public Observation observation() {
        return observation;
    }

    /**
     * Actions of the policy so far.
     *
     * @return from 0
     */
    public int steps() {
        return steps;
    }

    /**
     * Whether the goal held after the last action.
     *
     * @return true ends the episode
     */
    public boolean success() {
        return success;
    }

    /**
     * Whether no more actions are to be carried out.
     *
     * @return after success or the last action
     */
    public boolean ended() {
        return success || steps >= protocol.maxSteps();
    }

    /**
     * Carries out a chunk: at most {@link EvaluationProtocol#executed} of its actions, fewer if the episode ends.
     *
     * @param chunk    actions in order
     * @param listener told of each
     * @throws IllegalArgumentException if the chunk is empty or an action is refused by the environment
     */
    public void act(double[][] chunk, StepListener listener) {
        if (chunk.length == 0) {
            throw new IllegalArgumentException("episode: the policy answered with no actions, expected at least one");
        }
        int count = Math.min(chunk.length, protocol.executed());
        for (int i = 0; i < count && !ended(); i++) {
            StepResult result = environment.step(chunk[i]);
            observation = result.observation();
            steps++;
            success = result.done();
            listener.stepped(steps, observation);
        }
    }
}
