package org.cosmosj.libero.report;

import java.util.Arrays;

/**
 * One line of a chart.
 *
 * @param name its legend
 * @param x positions, ascending
 * @param y values, one per position; NaN leaves a gap
 */
public record Curve(String name, double[] x, double[] y) {
    /** Checks lengths and takes copies. */
    public Curve {
        if (x.length != y.length) {
            throw new IllegalArgumentException("curve " + name + ": " + x.length + " positions, " + y.length
                    + " values");
        }
        x = x.clone();
        y = y.clone();
    }

    /**
     * Averages neighbours so that at most {@code points} remain.
     *
     * @param points at least 1
     * @return the thinner curve
     */
    public Curve thinned(int points) {
        int group = (x.length + points - 1) / Math.max(1, points);
        if (group <= 1) {
            return this;
        }
        int count = (x.length + group - 1) / group;
        double[] xs = new double[count];
        double[] ys = new double[count];
        for (int i = 0; i < count; i++) {
            int to = Math.min(x.length, (i + 1) * group);
            xs[i] = Arrays.stream(x, i * group, to).average().orElseThrow();
            ys[i] = Arrays.stream(y, i * group, to).average().orElseThrow();
        }
        return new Curve(name, xs, ys);
    }
}
