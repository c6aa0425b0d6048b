package org.cosmosj.libero.eval;

import java.util.List;
import java.util.Optional;
import org.cosmosj.libero.EpisodeId;
import org.cosmosj.libero.render.Picture;

/**
 * A policy that answers what robots see by chunks of actions, several robots at once. An answer depends on its own
 * question alone, never on its neighbours. Belongs to one thread.
 */
public interface ChunkPolicy extends AutoCloseable {

    /**
     * One robot's question.
     *
     * @param episode     which episode; its seed is that of the policy's noise
     * @param query       number of the question in its episode, from 0
     * @param instruction what the robot is told
     * @param agentview   the scene camera's picture, upright
     * @param wrist       the wrist camera's picture, upright
     * @param proprio     gripper joints 2, end effector position 3, quaternion x y z w 4
     * @param wanted      what the answer must hold
     */
    record Question(EpisodeId episode, int query, String instruction, Picture agentview, Picture wrist,
            double[] proprio, Wanted wanted) {
    }

    /** What an answer must hold; pictures cost time. */
    enum Wanted {
        /** Actions and value. */
        ACTIONS,
        /** Predicted pictures too, where the policy predicts them. */
        PICTURES
    }

    /**
     * One robot's answer.
     *
     * @param actions the chunk, (K, A)
     * @param value   estimated probability of success; NaN where the policy estimates none
     * @param future  the scene camera's picture after the chunk as predicted, where it was wanted and is predicted
     */
    record Answer(double[][] actions, double value, Optional<Picture> future) {
    }

    /**
     * Answers questions.
     *
     * @param questions at least one
     * @return one answer each, in order
     */
    List<Answer> answer(List<Question> questions);

    /** Gives back memory; by default nothing. */
    @Override
    default void close() {
    }
}
