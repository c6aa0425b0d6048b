package org.cosmosj.libero.eval;

import org.cosmosj.libero.EpisodeId;
import org.cosmosj.libero.render.Picture;

/** What an evaluation and its workers tell each other; {@link Wire} writes and reads them. */
sealed interface Message {

    /**
     * Evaluation to worker: run an episode.
     *
     * @param episode   which
     * @param protocol  how
     * @param agent     who acts in the worker; empty to be asked for chunks
     * @param filmEvery steps from one {@link Frame} to the next; 0 for none
     */
    record Begin(EpisodeId episode, EvaluationProtocol protocol, String agent, int filmEvery) implements Message {
    }

    /**
     * Evaluation to worker: carry out a chunk.
     *
     * @param actions (K, A)
     */
    record Act(double[][] actions) implements Message {
    }

    /**
     * Worker to evaluation: waiting for an episode.
     *
     * @param engine what simulates, with version
     */
    record Ready(String engine) implements Message {
    }

    /**
     * Worker to evaluation: a chunk is needed.
     *
     * @param instruction what the robot is told
     * @param agentview   the scene camera's picture
     * @param wrist       the wrist camera's picture
     * @param proprio     joint state
     */
    record Look(String instruction, Picture agentview, Picture wrist, double[] proprio) implements Message {
    }

    /**
     * Worker to evaluation: still alive.
     *
     * @param steps actions of the episode so far
     */
    record Progress(int steps) implements Message {
    }

    /**
     * Worker to evaluation: a picture of a filmed episode.
     *
     * @param steps     actions so far
     * @param agentview the scene camera's picture
     */
    record Frame(int steps, Picture agentview) implements Message {
    }

    /**
     * Worker to evaluation: the episode is over.
     *
     * @param success    whether the goal became true
     * @param steps      actions carried out
     * @param firstState hash of the numbers that the policy could see first
     * @param firstFrame hash of the pictures that the policy saw first; empty if none were drawn
     * @param simulating seconds in the environment, pictures of films included
     * @param drawing    seconds that drew pictures
     */
    record Ended(boolean success, int steps, String firstState, String firstFrame, double simulating, double drawing)
            implements
                Message {
    }

    /**
     * Worker to evaluation: it did not work, and the worker goes on.
     *
     * @param scope whether trying again can help
     * @param text  why, for people
     */
    record Failed(Scope scope, String text) implements Message {

        /** What is broken. */
        enum Scope {
            /** This episode. */
            EPISODE,
            /** Every episode: the task's files, or the machine. */
            EVERYTHING
        }
    }
}
