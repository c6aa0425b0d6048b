package org.cosmosj.tensor.pickle;

import org.cosmosj.tensor.CheckpointException;

/**
 * How much memory the values of a pickle may take: twice the file, since an opcode of one byte can ask for an empty
 * dict. Tables of many small tensors are denser: 17 to 19 bytes of values for each of theirs were seen, so what was
 * read so far justifies {@link #PER_BYTE} times its size, which no row of empty containers stays below. No file gets
 * more than a quarter of the heap.
 */
final class PickleBudget {
    /** For the first values, before anything was read that could justify them. */
    private static final long FREE = 64 << 10;
    /** Values for each byte that was read. */
    private static final long PER_BYTE = 32;
    /** Estimates of what a 64-bit JVM takes. */
    static final int SLOT = 8;
    static final int NUMBER = 24;
    static final int LIST = 64;
    static final int MAP = 128;
    static final int MAP_ENTRY = 48;

    private final long twiceTheFile;
    private final long quarterOfTheHeap = Runtime.getRuntime().maxMemory() / 4;
    private long read;
    private long used;

    PickleBudget(long fileBytes) {
        this.twiceTheFile = 2 * fileBytes;
    }

    /** Notes bytes of opcodes, numbers and text; not those of data that stay where they are. */
    void read(long bytes) {
        read += bytes;
    }

    void charge(PickleInput input, long bytes) throws CheckpointException {
        used += bytes;
        if (used > Math.min(quarterOfTheHeap, FREE + Math.max(twiceTheFile, PER_BYTE * read))) {
            throw input.error("values take more than " + (used - bytes) + " bytes, far more than a file of this size"
                    + " holds; it is damaged or made to exhaust memory");
        }
    }
}
