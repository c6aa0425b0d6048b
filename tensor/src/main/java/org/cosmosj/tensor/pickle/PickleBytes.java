package org.cosmosj.tensor.pickle;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Python's {@code bytes}: a part of the input, not a copy of it.
 *
 * @param data the bytes; they live as long as the memory that the pickle was read from
 * @param offset where they stand in that memory, or -1 if they were decoded from text and stand nowhere
 */
public record PickleBytes(MemorySegment data, long offset) {
    /**
     * Number of bytes.
     *
     * @return the size
     */
    public long size() {
        return data.byteSize();
    }

    /**
     * The bytes on the heap.
     *
     * @return a copy
     */
    public byte[] toArray() {
        return data.toArray(ValueLayout.JAVA_BYTE);
    }
}
