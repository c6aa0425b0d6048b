package org.cosmosj.libero.report;

import java.util.Arrays;

/** Spearman's rank correlation; ties share their mean rank. */
public final class RankCorrelation {
    private RankCorrelation() {}

    /**
     * Correlation of the ranks of two series.
     *
     * @param x one number per case
     * @param y as many numbers
     * @return in [-1, 1]; NaN if a series is constant or shorter than 2
     */
    public static double spearman(double[] x, double[] y) {
        if (x.length != y.length) {
            throw new IllegalArgumentException("spearman: " + x.length + " and " + y.length + " numbers");
        }
        double[] a = ranks(x);
        double[] b = ranks(y);
        double mean = (x.length - 1) / 2.0;
        double covariance = 0;
        double varianceA = 0;
        double varianceB = 0;
        for (int i = 0; i < x.length; i++) {
            covariance += (a[i] - mean) * (b[i] - mean);
            varianceA += (a[i] - mean) * (a[i] - mean);
            varianceB += (b[i] - mean) * (b[i] - mean);
        }
        return covariance / Math.sqrt(varianceA * varianceB);
    }

    private static double[] ranks(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double[] ranks = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            int below = lowerBound(sorted, values[i]);
            int upTo = below;
            while (upTo < sorted.length && Double.compare(sorted[upTo], values[i]) == 0) {
                upTo++;
            }
            ranks[i] = (below + upTo - 1) / 2.0;
        }
        return ranks;
    }

    private static int lowerBound(double[] sorted, double value) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Double.compare(sorted[middle], value) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
