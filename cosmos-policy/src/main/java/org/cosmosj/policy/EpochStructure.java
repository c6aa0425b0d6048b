package org.cosmosj.policy;

/**
 * How many demonstration steps, successful rollout steps and failed rollout steps an epoch holds, so that they come in
 * the asked shares. Sections are laid out in that order and repeat their real steps cyclically, or stop after the first
 * ones. Source: spec 04 section 10.
 *
 * @param demos samples of demonstrations
 * @param successes samples of successful rollouts
 * @param failures samples of failed rollouts
 */
public record EpochStructure(int demos, int successes, int failures) {
    /** Where a sample comes from. */
    public enum Section {
        /** Demonstrations. */
        DEMO,
        /** Successful rollouts. */
        SUCCESS,
        /** Failed rollouts. */
        FAILURE
    }

    /**
     * One sample of an epoch.
     *
     * @param section its section
     * @param position its position inside the section, before the modulo by the section's real step count
     */
    public record Entry(Section section, int position) {}

    /**
     * Balances the sections; the larger side of each comparison is kept, the other repeated or cut.
     *
     * @param demoSteps real demonstration steps
     * @param successSteps real steps of successful rollouts
     * @param failureSteps real steps of failed rollouts
     * @param demoShare share of demonstrations, in [0, 1]
     * @param successShare share of successes among rollouts, in [0, 1]
     * @return the structure
     */
    public static EpochStructure of(
            int demoSteps, int successSteps, int failureSteps, double demoShare, double successShare) {
        if (!(demoShare >= 0 && demoShare <= 1 && successShare >= 0 && successShare <= 1)) {
            throw new IllegalArgumentException("epoch: shares " + demoShare + " and " + successShare
                    + " must lie in [0, 1]");
        }
        if (successSteps + failureSteps == 0) {
            return new EpochStructure(demoSteps, 0, 0);
        }
        double q =
                successShare == 0 || successSteps == 0 ? 0 : successShare == 1 || failureSteps == 0 ? 1 : successShare;
        EpochStructure rollouts = rollouts(successSteps, failureSteps, q);
        return withDemos(rollouts, demoSteps, demoShare, q);
    }

    private static EpochStructure rollouts(int successes, int failures, double q) {
        if (q == 0) {
            return new EpochStructure(0, 0, failures);
        }
        if (q == 1) {
            return new EpochStructure(0, successes, 0);
        }
        int wantedSuccesses = (int) (failures * q / (1 - q));
        int wantedFailures = (int) (successes * (1 - q) / q);
        return successes < wantedSuccesses
                ? new EpochStructure(0, wantedSuccesses, failures)
                : new EpochStructure(0, successes, wantedFailures);
    }

    private static EpochStructure withDemos(EpochStructure rollouts, int demos, double p, double q) {
        if (p == 0 || demos == 0) {
            return rollouts;
        }
        if (p == 1) {
            return new EpochStructure(demos, 0, 0);
        }
        int wantedDemos = (int) (rollouts.length() * p / (1 - p));
        if (demos < wantedDemos) {
            return new EpochStructure(wantedDemos, rollouts.successes, rollouts.failures);
        }
        int wantedRollouts = (int) (demos * (1 - p) / p);
        return new EpochStructure(demos, (int) (wantedRollouts * q), (int) (wantedRollouts * (1 - q)));
    }

    /**
     * Samples of an epoch.
     *
     * @return the sum of the sections
     */
    public int length() {
        return demos + successes + failures;
    }

    /**
     * Finds a sample.
     *
     * @param index in [0, length)
     * @return its section and position
     */
    public Entry entry(int index) {
        if (index < 0 || index >= length()) {
            throw new IndexOutOfBoundsException("epoch: sample " + index + " of " + length());
        }
        if (index < demos) {
            return new Entry(Section.DEMO, index);
        }
        return index < demos + successes
                ? new Entry(Section.SUCCESS, index - demos)
                : new Entry(Section.FAILURE, index - demos - successes);
    }
}
