package org.cosmosj.policy;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * Statistics of each dimension of a vector over a data set, and the min-max scaling to [-1, 1] they define, all in
 * double precision: {@code y = 2 (x - min) / (max - min) - 1}. Values outside [min, max] map outside [-1, 1]; nothing
 * is clipped. A dimension that is constant in the data maps to 0 and back to its constant; the reference divides by
 * zero there. Source: spec 04 section 12.
 */
public final class DimensionStatistics {
    private final double[] min;
    private final double[] max;
    private final double[] mean;
    private final double[] std;
    private final double[] median;

    /**
     * Takes statistics as they are.
     *
     * @param min smallest values
     * @param max largest values, none below {@code min}
     * @param mean means
     * @param std population standard deviations
     * @param median medians
     */
    public DimensionStatistics(double[] min, double[] max, double[] mean, double[] std, double[] median) {
        for (double[] other : new double[][] {max, mean, std, median}) {
            if (other.length != min.length) {
                throw new IllegalArgumentException("statistics: lengths " + min.length + " and " + other.length
                        + " differ; give one number per dimension");
            }
        }
        for (int i = 0; i < min.length; i++) {
            if (!(min[i] <= max[i])) {
                throw new IllegalArgumentException("statistics: min " + min[i] + " exceeds max " + max[i]
                        + " in dimension " + i);
            }
        }
        this.min = min.clone();
        this.max = max.clone();
        this.mean = mean.clone();
        this.std = std.clone();
        this.median = median.clone();
    }

    /**
     * Measures a data set.
     *
     * @param rows one vector per step of all episodes, (N, size), at least one
     * @return its statistics
     */
    public static DimensionStatistics measure(double[][] rows) {
        if (rows.length == 0) {
            throw new IllegalArgumentException("statistics: no rows; measure at least one step");
        }
        int size = rows[0].length;
        double[][] columns = new double[size][rows.length];
        for (int row = 0; row < rows.length; row++) {
            for (int i = 0; i < size; i++) {
                columns[i][row] = rows[row][i];
            }
        }
        Arrays.stream(columns).forEach(Arrays::sort);
        int n = rows.length;
        return new DimensionStatistics(each(columns, c -> c[0]), each(columns, c -> c[n - 1]),
                each(columns, DimensionStatistics::meanOf), each(columns, DimensionStatistics::deviationOf),
                each(columns, c -> (c[(n - 1) / 2] + c[n / 2]) / 2));
    }

    private static double[] each(double[][] columns, ToDoubleFunction<double[]> statistic) {
        return Arrays.stream(columns).mapToDouble(statistic).toArray();
    }

    private static double meanOf(double[] column) {
        double sum = 0;
        for (double value : column) {
            sum += value;
        }
        return sum / column.length;
    }

    private static double deviationOf(double[] column) {
        double mean = meanOf(column);
        double squares = 0;
        for (double value : column) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / column.length);
    }

    /**
     * Number of dimensions.
     *
     * @return the size
     */
    public int size() {
        return min.length;
    }

    /**
     * Smallest values.
     *
     * @return a copy
     */
    public double[] min() {
        return min.clone();
    }

    /**
     * Largest values.
     *
     * @return a copy
     */
    public double[] max() {
        return max.clone();
    }

    /**
     * Means.
     *
     * @return a copy
     */
    public double[] mean() {
        return mean.clone();
    }

    /**
     * Population standard deviations.
     *
     * @return a copy
     */
    public double[] std() {
        return std.clone();
    }

    /**
     * Medians.
     *
     * @return a copy
     */
    public double[] median() {
        return median.clone();
    }

    /**
     * Scales a vector to [-1, 1].
     *
     * @param x in the data's units, size numbers
     * @return the normalised vector
     */
    public double[] normalize(double[] x) {
        check("normalize", x);
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = max[i] == min[i] ? 0 : 2 * ((x[i] - min[i]) / (max[i] - min[i])) - 1;
        }
        return y;
    }

    /**
     * Scales a vector back.
     *
     * @param y nominally in [-1, 1], size numbers
     * @return the vector in the data's units
     */
    public double[] unnormalize(double[] y) {
        check("unnormalize", y);
        double[] x = new double[y.length];
        for (int i = 0; i < y.length; i++) {
            x[i] = 0.5 * (y[i] + 1) * (max[i] - min[i]) + min[i];
        }
        return x;
    }

    private void check(String op, double[] vector) {
        if (vector.length != min.length) {
            throw new IllegalArgumentException(op + ": vector of " + vector.length + " numbers, statistics of "
                    + min.length + " dimensions; they belong to different data");
        }
    }
}
