package org.cosmosj.cuda;

import org.cosmosj.tensor.spi.Buffer;

/**
 * Memory of one device.
 *
 * @param owner the pool it came from
 * @param pointer its start
 * @param byteSize usable size
 * @param blockBytes what the pool set aside for it
 * @param readOnly whether kernels may only read
 */
record CudaBuffer(CudaMemory owner, DevicePointer pointer, long byteSize, long blockBytes, boolean readOnly)
        implements
            Buffer {}
