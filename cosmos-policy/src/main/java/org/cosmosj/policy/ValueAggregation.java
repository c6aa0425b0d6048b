package org.cosmosj.policy;

import java.util.Arrays;

/** How the values of an ensemble become one. Results are limited to [0, 1]. Source: spec 05 section 11. */
public enum ValueAggregation {
    /** The mean. */
    AVERAGE {
        @Override
        double join(double[] values) {
            return mean(values);
        }
    },
    /** Lower confidence bound: the mean less one unbiased standard deviation; needs two values. */
    LCB {
        @Override
        double join(double[] values) {
            if (values.length < 2) {
                throw new IllegalArgumentException("value aggregation: lcb of one value has no standard deviation;"
                        + " use a larger ensemble or average");
            }
            double mean = mean(values);
            double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
            return mean - Math.sqrt(squares / (values.length - 1));
        }
    },
    /** The share of values that speak of success at all: above 0.05. */
    SUCCESS_VOTE {
        @Override
        double join(double[] values) {
            return (double) hopeful(values).length / values.length;
        }
    },
    /** The mean of the values above 0.05 if they are at least half, else 0. */
    MAJORITY_MEAN {
        @Override
        double join(double[] values) {
            double[] hopeful = hopeful(values);
            return (double) hopeful.length / values.length >= 0.5 ? mean(hopeful) : 0;
        }
    };

    /** Compared in F32, as the reference compares its F32 values. */
    private static final float HOPE = 0.05f;

    abstract double join(double[] values);

    /**
     * Joins the values of an ensemble.
     *
     * @param values at least one, each in [0, 1]
     * @return a number in [0, 1]
     */
    public double of(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("value aggregation: no values; an ensemble has at least one member");
        }
        return Math.clamp(join(values), 0, 1);
    }

    private static double[] hopeful(double[] values) {
        return Arrays.stream(values).filter(value -> (float) value > HOPE).toArray();
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    /**
     * Finds a scheme by the reference's name.
     *
     * @param name such as {@code majority_mean}
     * @return the scheme
     * @throws IllegalArgumentException if there is none; the reference's help texts also name schemes that it lacks
     */
    public static ValueAggregation parse(String name) {
        return Arrays.stream(values()).filter(scheme -> scheme.key().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("value aggregation: '" + name
                        + "' is unknown; use average, lcb, success_vote or majority_mean"));
    }

    /**
     * The reference's name.
     *
     * @return the name in lower case
     */
    public String key() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
