package org.cosmosj.nn;

/** A factor of the base learning rate for every optimiser step. */
@FunctionalInterface
public interface LearningRateSchedule {
    /** The base learning rate throughout. */
    LearningRateSchedule CONSTANT = _ -> 1;

    /**
     * The factor of a step, in float64.
     *
     * @param step counted from 0
     * @return the factor
     */
    double factor(long step);
}
