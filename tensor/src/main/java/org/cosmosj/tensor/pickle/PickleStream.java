package org.cosmosj.tensor.pickle;

import java.lang.foreign.MemorySegment;
import org.cosmosj.tensor.CheckpointException;

/**
 * Several pickles that follow each other in memory, possibly with other data between them, as in the streams that
 * PyTorch wrote before its zip archives. Not safe for several threads.
 */
public final class PickleStream {
    private final String where;
    private final MemorySegment data;
    private final PickleTypes types;
    private final PickleConstructor persistentIds;
    private final PickleBudget budget;
    private long position;

    /**
     * Starts at the first byte, with no persistent identifiers allowed.
     *
     * @param where what the data are, for messages
     * @param data the pickles; bytes and arrays of the results are views of it
     * @param types the names they may mention
     */
    public PickleStream(String where, MemorySegment data, PickleTypes types) {
        this(where, data, types, null, data.byteSize());
    }

    /**
     * Starts at the first byte.
     *
     * @param where what the data are, for messages
     * @param data the pickles; bytes and arrays of the results are views of it
     * @param types the names they may mention
     * @param persistentIds makes the values of persistent identifiers, which are its only argument; null if none are
     *     allowed
     * @param fileBytes size of the file that the data are a part of: what justifies the memory that values take
     */
    public PickleStream(String where, MemorySegment data, PickleTypes types, PickleConstructor persistentIds,
            long fileBytes) {
        this(where, data, types, persistentIds, new PickleBudget(fileBytes));
    }

    private PickleStream(String where, MemorySegment data, PickleTypes types, PickleConstructor persistentIds,
            PickleBudget budget) {
        this.where = where;
        this.data = data;
        this.types = types;
        this.persistentIds = persistentIds;
        this.budget = budget;
    }

    /**
     * A stream inside of a value of this one, such as the storage of a pickled tensor; both together may take what the
     * file justifies.
     *
     * @param where what the data are, for messages
     * @param data the pickles
     * @param types the names they may mention
     * @param persistentIds as for this stream
     * @return the inner stream at its first byte
     */
    public PickleStream nested(String where, MemorySegment data, PickleTypes types, PickleConstructor persistentIds) {
        return new PickleStream(where, data, types, persistentIds, budget);
    }

    /**
     * Reads the pickle that starts here and moves behind it.
     *
     * @return its value, as the package describes
     * @throws CheckpointException if it is damaged, mentions a name that is not allowed, or asks for more memory than
     *     the size of the file justifies
     */
    public Object next() throws CheckpointException {
        PickleInput input = new PickleInput(where, data, position, budget);
        Object value = new PickleMachine(input, types, persistentIds, budget).run();
        position = input.position();
        return value;
    }

    /**
     * Where the next pickle starts.
     *
     * @return bytes from the start of the data
     */
    public long position() {
        return position;
    }

    /**
     * Moves over data between pickles, or back.
     *
     * @param position bytes from the start of the data, in [0, size]
     */
    public void moveTo(long position) {
        if (position < 0 || position > data.byteSize()) {
            throw new IllegalArgumentException("pickle " + where + ": position " + position + " is outside of its "
                    + data.byteSize() + " bytes");
        }
        this.position = position;
    }
}
