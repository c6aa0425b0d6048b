package org.cosmosj.policy;

import java.util.List;
import java.util.Map;
import org.cosmosj.policy.image.RgbImage;

/**
 * Compared candidates. Everything is host data; nothing belongs to a scope.
 *
 * @param candidates in the order of their seeds
 * @param best index of the chosen one
 */
public record Plan(List<Candidate> candidates, int best) {
    /**
     * One action chunk and what is predicted of it.
     *
     * @param seed the candidate's seed
     * @param actions the chunk in the robot's units, (K, A)
     * @param value what it is judged by
     * @param futureImages predicted pictures after the chunk; empty if none were decoded
     * @param valuesByDepth value of each depth searched
     * @param actionsByDepth chunk of each depth searched, of the first branch; the first is {@code actions}
     */
    public record Candidate(long seed, double[][] actions, double value, Map<Camera, RgbImage> futureImages,
            List<Double> valuesByDepth, List<double[][]> actionsByDepth) {}

    /**
     * Chooses the candidate of the largest value; the first of several equal ones wins.
     *
     * @param candidates at least one, none with a value of NaN
     * @return the plan
     */
    static Plan of(List<Candidate> candidates) {
        int best = 0;
        for (int i = 0; i < candidates.size(); i++) {
            double value = candidates.get(i).value();
            if (Double.isNaN(value)) {
                throw new IllegalStateException("plan: the value of candidate " + i + " (seed "
                        + candidates.get(i).seed() + ") is NaN; the model or its input holds no numbers");
            }
            if (value > candidates.get(best).value()) {
                best = i;
            }
        }
        return new Plan(List.copyOf(candidates), best);
    }

    /**
     * The candidate to execute.
     *
     * @return the best one
     */
    public Candidate chosen() {
        return candidates.get(best);
    }
}
