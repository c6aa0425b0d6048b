package org.cosmosj.tensor;

import java.lang.foreign.MemorySegment;

/** Memory that tensors of a PyTorch file are views of; in old streams its place is known only after the tensors. */
final class TorchStorage {
    private final TorchElement element;
    private final long byteSize;
    private long begin = -1;
    private MemorySegment decoded;

    /** @param element type of a typed storage, or null if tensors say their own */
    TorchStorage(TorchElement element, long byteSize) {
        this.element = element;
        this.byteSize = byteSize;
    }

    TorchElement element() {
        return element;
    }

    long byteSize() {
        return byteSize;
    }

    void placeAt(long fileOffset) {
        begin = fileOffset;
    }

    /** For data that stand in the file as text, in the manner of pickle protocol 2. */
    void placeIn(MemorySegment ownCopy) {
        decoded = ownCopy;
    }

    boolean isPlaced() {
        return begin >= 0 || decoded != null;
    }

    /** The data beside the file, or null if they stand in it. */
    MemorySegment decoded() {
        return decoded;
    }

    /** First byte in the file, or -1 if the data stand beside it. */
    long begin() {
        return begin;
    }
}
