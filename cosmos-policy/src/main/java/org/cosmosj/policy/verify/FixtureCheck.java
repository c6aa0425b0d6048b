package org.cosmosj.policy.verify;

import org.cosmosj.tensor.CheckpointException;

/** Computes what one kind of fixture expects; sizes, layouts, flags and seeds come from the fixture alone. */
interface FixtureCheck {
    /** The kind, as fixtures name it. */
    String kind();

    /**
     * Computes the actual values.
     *
     * @param fixture inputs, parameters and configuration
     * @param results takes every value computed; more than the fixture holds does no harm
     * @throws CheckpointException if a file that the fixture names cannot be read
     */
    void run(Fixture fixture, Results results) throws CheckpointException;
}
