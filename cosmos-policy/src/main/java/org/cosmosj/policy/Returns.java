package org.cosmosj.policy;

/** Discounted returns of sparse rewards, and the value targets made of them. Source: spec 04 section 8. */
public final class Returns {
    private Returns() {}

    /**
     * Returns of an episode whose only reward comes with its last step, {@code R_t = r gamma^(N-1-t)}, accumulated in
     * F32 from the end as the reference does.
     *
     * @param steps N, at least 1
     * @param terminalReward r: 1 for success, 0 for failure, or a score between
     * @param gamma discount per step
     * @return N returns
     */
    public static float[] discounted(int steps, double terminalReward, double gamma) {
        if (steps < 1) {
            throw new IllegalArgumentException("returns: an episode of " + steps + " steps; expected at least 1");
        }
        float[] returns = new float[steps];
        returns[steps - 1] = (float) terminalReward;
        for (int t = steps - 2; t >= 0; t--) {
            returns[t] = (float) gamma * returns[t + 1];
        }
        return returns;
    }

    /**
     * Returns brought to [-1, 1]: {@code 2 R_t / r - 1}, or -1 everywhere when r = 0. Division by r cancels a partial
     * score, so a success score of 0.5 gives the targets of 1; the released models were trained so.
     *
     * @param steps N, at least 1
     * @param terminalReward r
     * @param gamma discount per step
     * @return N value targets
     */
    public static float[] normalized(int steps, double terminalReward, double gamma) {
        float[] values = discounted(steps, terminalReward, gamma);
        float scale = terminalReward > 0 ? (float) terminalReward : 1;
        for (int t = 0; t < steps; t++) {
            values[t] = 2 * values[t] / scale - 1;
        }
        return values;
    }
}
