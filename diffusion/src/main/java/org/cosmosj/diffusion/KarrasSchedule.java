package org.cosmosj.diffusion;

/**
 * Noise levels from {@code sigmaMax} down to {@code sigmaMin}, spaced evenly in {@code sigma^(1/rho)}. Source: Karras
 * et al. 2022, eq. 5; spec 03 section 7.
 *
 * @param sigmaMax first level
 * @param sigmaMin last level, above 0 and below {@code sigmaMax}
 * @param rho curvature, above 0; 7 in the paper and in the released models
 */
public record KarrasSchedule(double sigmaMax, double sigmaMin, double rho) {
    /** Checks the levels. */
    public KarrasSchedule {
        if (!(sigmaMin > 0 && sigmaMax > sigmaMin && rho > 0)) {
            throw new IllegalArgumentException("Karras schedule: sigma_max " + sigmaMax + ", sigma_min " + sigmaMin
                    + ", rho " + rho + " must satisfy 0 < sigma_min < sigma_max and rho > 0");
        }
    }

    /**
     * {@code sigma_i = (sigmaMax^(1/rho) + i/n (sigmaMin^(1/rho) - sigmaMax^(1/rho)))^rho}.
     *
     * @param intervals n, at least 1
     * @return the n + 1 levels in decreasing order
     */
    public double[] sigmas(int intervals) {
        if (intervals < 1) {
            throw new IllegalArgumentException("Karras schedule: " + intervals + " intervals; use at least 1");
        }
        double start = StrictMath.pow(sigmaMax, 1 / rho);
        double end = StrictMath.pow(sigmaMin, 1 / rho);
        double[] sigmas = new double[intervals + 1];
        for (int i = 0; i <= intervals; i++) {
            sigmas[i] = StrictMath.pow(start + (double) i / intervals * (end - start), rho);
        }
        return sigmas;
    }

    /**
     * The same curve between other ends.
     *
     * @param maxFactor factor of {@code sigmaMax}
     * @param minFactor factor of {@code sigmaMin}
     * @return the scaled schedule
     */
    public KarrasSchedule scaled(double maxFactor, double minFactor) {
        return new KarrasSchedule(sigmaMax * maxFactor, sigmaMin * minFactor, rho);
    }
}
