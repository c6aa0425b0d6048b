package org.cosmosj.tensor.pickle;

import org.cosmosj.tensor.CheckpointException;

/**
 * How much memory the values of a pickle may take: twice the file, since an opcode of one byte can ask for an empty
 * dict. Small files get a floor, since the tables of real ones are dense; no file gets more than a quarter of the heap.
 */
final class PickleBudget {
    private static final long FLOOR = 16L << 20;
    /** Estimates of what a 64-bit JVM takes. */
    static final int SLOT = 8;
    static final int NUMBER = 24;
    static final int LIST = 64;
    static final int MAP = 128;
    static final int MAP_ENTRY = 48;

    private final long limit;
    private long used;

    PickleBudget(long fileBytes) {
        this.limit = Math.min(Math.max(FLOOR, 2 * fileBytes), Runtime.getRuntime().maxMemory() / 4);
    }

    void charge(PickleInput input, long bytes) throws CheckpointException {
        used += bytes;
        if (used > limit) {
            throw input.error("values take more than " + limit + " bytes, far more than a file of this size holds;"
                    + " it is damaged or made to exhaust memory");
        }
    }
}
