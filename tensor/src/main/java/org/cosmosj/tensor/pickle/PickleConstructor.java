package org.cosmosj.tensor.pickle;

import org.cosmosj.tensor.CheckpointException;

/** What an allowed name does when a pickle calls it: Java code that makes a value from plain values. */
@FunctionalInterface
public interface PickleConstructor {
    /**
     * Makes the value.
     *
     * @param arguments what the pickle passes
     * @return the value, which may be a {@link PickleState}
     * @throws IllegalArgumentException if the arguments are not what the name takes; the reader adds file and offset
     * @throws CheckpointException if nested data are damaged; thrown on as it is
     */
    Object construct(PickleArguments arguments) throws CheckpointException;
}
