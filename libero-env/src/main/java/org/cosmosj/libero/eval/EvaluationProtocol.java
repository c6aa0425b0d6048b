package org.cosmosj.libero.eval;

import org.cosmosj.libero.EnvironmentSpec;
import org.cosmosj.libero.EpisodeId;
import org.cosmosj.libero.LiberoSuite;
import org.cosmosj.libero.RobotEnvironment;

/**
 * How Cosmos Policy evaluates LIBERO; {@link #cosmosPolicy} is the published form. Source: cosmos_policy/experiments/
 * robot/libero/run_libero_eval.py#run_episode, its published command in LIBERO.md, and libero_utils.py#get_libero_env.
 *
 * <ol>
 * <li>{@code env.seed(0)} once per task. In deterministic mode all generators are seeded with 0 at every step, so that
 * every reset draws from seed 0: {@link org.cosmosj.libero.sim.LiberoSettings#EVALUATION}.
 * <li>Episode i: {@code reset()}, then {@code set_init_state} with row i of the task's published start states.
 * <li>10 steps of [0, 0, 0, 0, 0, 0, -1] let things settle. What they lead to is not judged: an episode whose goal
 * holds by then still needs one action of the policy.
 * <li>A policy is asked for a chunk of 16 actions; all of them are carried out before it is asked again. Pictures are
 * flipped vertically only, pass JPEG of quality 95, are resized and cropped as the policy's configuration says.
 * <li>The goal is judged after every action; the first success ends the episode. An episode without success fails
 * after the suite's number of actions ({@link LiberoSuite#maxSteps}; the reference counts the 10 waits on top).
 * <li>50 episodes per task. Seeds 195, 196 and 197 decide the policy's noise, never the starts; each query of a seed
 * starts from the same noise. The paper's numbers are means over the three.
 * </ol>
 *
 * @param settleSteps steps that keep still before the policy is asked
 * @param maxSteps    most actions of the policy
 * @param executed    actions of each chunk that are carried out before the policy is asked again
 */
public record EvaluationProtocol(int settleSteps, int maxSteps, int executed) {

    /** Steps that keep still. */
    public static final int SETTLE_STEPS = 10;
    /** Actions carried out per query; the published policies answer with as many. */
    public static final int EXECUTED = 16;
    /** Episodes per task and seed. */
    public static final int EPISODES = 50;
    /** JPEG quality that the released policies' pictures pass through. */
    public static final int JPEG_QUALITY = 95;

    /** Validates the counts. */
    public EvaluationProtocol {
        if (settleSteps < 0 || maxSteps < 1 || executed < 1) {
            throw new IllegalArgumentException("evaluation protocol: " + settleSteps + " settle steps, " + maxSteps
                    + " steps, " + executed + " actions per query; expected at least 0, 1 and 1");
        }
    }

    /**
     * The published protocol.
     *
     * @param maxSteps the suite's limit
     * @return 10 settle steps and 16 actions per query
     */
    public static EvaluationProtocol cosmosPolicy(int maxSteps) {
        return new EvaluationProtocol(SETTLE_STEPS, maxSteps, EXECUTED);
    }

    /**
     * The action of the settle steps: keeps still and opens the gripper.
     *
     * @param spec gives the size
     * @return zeros and a last -1
     */
    public static double[] settleAction(EnvironmentSpec spec) {
        double[] still = new double[spec.actionSize()];
        still[spec.actionSize() - 1] = -1;
        return still;
    }

    /**
     * Starts an episode: resets the environment and lets things settle.
     *
     * @param environment where; not to be used otherwise while the episode lasts
     * @param id          which start
     * @return the episode, at the policy's first look
     */
    public ProtocolEpisode begin(RobotEnvironment environment, EpisodeId id) {
        return new ProtocolEpisode(this, environment, id);
    }

    @Override
    public String toString() {
        return settleSteps + " settle steps, at most " + maxSteps + " actions, " + executed + " per query";
    }
}
