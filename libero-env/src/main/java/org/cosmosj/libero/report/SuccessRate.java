package org.cosmosj.libero.report;

import java.util.Locale;

/**
 * Successes among independent episodes, with the Wilson 95 % interval: for p = k/n and z = 1.96,
 * {@code (p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n)}. Source: Wilson 1927, equation 1.
 *
 * @param successes k, in [0, episodes]
 * @param episodes n, at least 0
 */
public record SuccessRate(int successes, int episodes) {
    private static final double Z_95 = 1.959963984540054;

    /** Checks the counts. */
    public SuccessRate {
        if (successes < 0 || episodes < successes) {
            throw new IllegalArgumentException("success rate: " + successes + " of " + episodes + " episodes");
        }
    }

    /**
     * The fraction of successes.
     *
     * @return k/n; NaN if there were no episodes
     */
    public double rate() {
        return (double) successes / episodes;
    }

    /**
     * The lower end of the interval.
     *
     * @return in [0, 1]; 0 if there were no episodes
     */
    public double lower() {
        return successes == 0 ? 0 : center() - halfWidth();
    }

    /**
     * The upper end of the interval.
     *
     * @return in [0, 1]; 1 if there were no episodes
     */
    public double upper() {
        return successes == episodes ? 1 : center() + halfWidth();
    }

    private double center() {
        return (rate() + Z_95 * Z_95 / (2 * episodes)) / (1 + Z_95 * Z_95 / episodes);
    }

    private double halfWidth() {
        double n = episodes;
        double spread = Math.sqrt(rate() * (1 - rate()) / n + Z_95 * Z_95 / (4 * n * n));
        return Z_95 * spread / (1 + Z_95 * Z_95 / n);
    }

    /**
     * As in tables: {@code 100/200 50.0 % [43.1, 56.9]}.
     *
     * @return counts, percentage and interval
     */
    @Override
    public String toString() {
        return episodes == 0
                ? "0/0"
                : String.format(Locale.ROOT, "%d/%d %.1f %% [%.1f, %.1f]", successes, episodes,
                        100 * rate(), 100 * lower(), 100 * upper());
    }
}
