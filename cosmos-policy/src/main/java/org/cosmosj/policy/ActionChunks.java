package org.cosmosj.policy;

import java.util.Arrays;

/** Cuts episodes into action chunks and the futures they lead to. Source: spec 04 section 9. */
public final class ActionChunks {
    private ActionChunks() {}

    /**
     * The K actions from a step on; what lies beyond the episode repeats its last action.
     *
     * @param actions the episode, (N, A)
     * @param start step in [0, N)
     * @param length K, at least 1
     * @return (K, A); rows are copies
     */
    public static double[][] at(double[][] actions, int start, int length) {
        check(actions.length, start, length);
        double[][] chunk = new double[length][];
        Arrays.setAll(chunk, i -> actions[Math.min(start + i, actions.length - 1)].clone());
        return chunk;
    }

    /**
     * The step whose state a chunk leads to; proprio, pictures and value target are taken there.
     *
     * @param steps N of the episode
     * @param start step in [0, N)
     * @param length K, at least 1
     * @return {@code min(start + K, N - 1)}
     */
    public static int future(int steps, int start, int length) {
        check(steps, start, length);
        return Math.min(start + length, steps - 1);
    }

    private static void check(int steps, int start, int length) {
        if (start < 0 || start >= steps || length < 1) {
            throw new IllegalArgumentException("action chunk: " + length + " actions from step " + start
                    + " of an episode of " + steps + "; expected a step inside it and at least one action");
        }
    }
}
