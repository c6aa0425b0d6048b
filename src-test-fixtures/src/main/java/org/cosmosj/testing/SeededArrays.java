package org.cosmosj.testing;

import java.util.SplittableRandom;

/** Plain test data from a seed; the same on every machine. */
public final class SeededArrays {
    private SeededArrays() {}

    /**
     * Uniform numbers.
     *
     * @param seed any number
     * @param count how many
     * @param low lower bound
     * @param high upper bound
     * @return values in [low, high)
     */
    public static double[] uniform(long seed, long count, double low, double high) {
        return new SplittableRandom(seed).doubles(count, low, high).toArray();
    }

    /**
     * Standard normal numbers that are exact in F32, so that F32 and F64 runs start from the same values.
     *
     * @param seed any number
     * @param count how many
     * @return the values
     */
    public static double[] normal(long seed, long count) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = new double[Math.toIntExact(count)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
