package org.cosmosj.nn;

import java.util.List;

/**
 * Cycles of a linear warm-up and a linear decay, one after another. Step n belongs to the first cycle whose end, the
 * sum of the lengths so far, is at least n; with {@code k} steps into the cycle the factor is
 * {@code (max - start) / warmUp * k + start} during warm-up and
 * {@code min + (max - min) (length - k) / (length - warmUp)} after it. Source: spec 04 section 16;
 * {@code functional/lr_scheduler.py#LambdaLinearScheduler}.
 *
 * @param cycles in order, at least one
 */
public record LinearCycles(List<Cycle> cycles) implements LearningRateSchedule {
    /**
     * One cycle.
     *
     * @param length steps, at least 1
     * @param warmUp steps of the warm-up, in [0, length)
     * @param start factor at its first step, if there is a warm-up
     * @param max factor after the warm-up
     * @param min factor at its end
     */
    public record Cycle(long length, long warmUp, double start, double max, double min) {
        /** Checks lengths. */
        public Cycle {
            if (length < 1 || warmUp < 0 || warmUp >= length) {
                throw new IllegalArgumentException("learning rate cycle: warm-up of " + warmUp + " steps does not fit"
                        + " into a length of " + length);
            }
        }

        double factor(long k) {
            return k < warmUp
                    ? (max - start) / warmUp * k + start
                    : min + (max - min) * (length - k) / (length - warmUp);
        }
    }

    /** Checks that there is a cycle. */
    public LinearCycles {
        cycles = List.copyOf(cycles);
        if (cycles.isEmpty()) {
            throw new IllegalArgumentException("learning rate: no cycles given");
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the step is negative or behind the last cycle
     */
    @Override
    public double factor(long step) {
        long start = 0;
        for (Cycle cycle : cycles) {
            if (step >= 0 && step - start <= cycle.length()) {
                return cycle.factor(step - start);
            }
            start += cycle.length();
        }
        throw new IllegalArgumentException("learning rate: step " + step + " is outside the cycles, which have " + start
                + " steps");
    }
}
