package org.cosmosj.tensor.spi;

/** Opaque device memory: only the backend that made a buffer may look inside. */
public interface Buffer {
    /**
     * Usable size.
     *
     * @return bytes
     */
    long byteSize();

    /**
     * Whether kernels may only read, as for a memory-mapped checkpoint.
     *
     * @return true if read-only
     */
    boolean readOnly();
}
