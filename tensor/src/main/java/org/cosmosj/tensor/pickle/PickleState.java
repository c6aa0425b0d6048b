package org.cosmosj.tensor.pickle;

/** A value that Python completes after making it, with the opcode {@code BUILD} ({@code __setstate__}). */
public interface PickleState {
    /**
     * Takes the state.
     *
     * @param state the pickled state, often a map of fields or a list
     * @throws IllegalArgumentException if it is not what this value expects; the reader adds file and offset
     */
    void restore(Object state);
}
