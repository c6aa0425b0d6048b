package org.cosmosj.tensor;

/** Memory that tensors of a PyTorch file are views of; in old streams its place is known only after the tensors. */
final class TorchStorage {
    private final TorchElement element;
    private final long byteSize;
    private long begin = -1;

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

    boolean isPlaced() {
        return begin >= 0;
    }

    /** First byte in the file. */
    long begin() {
        return begin;
    }
}
