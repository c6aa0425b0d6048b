package org.cosmosj.tensor.spi;

import java.lang.foreign.MemorySegment;
import java.util.OptionalDouble;
import org.cosmosj.tensor.Device;

/**
 * One device: its memory and its kernels. The ops of {@link org.cosmosj.tensor.Tensor} check shapes and dtypes and
 * allocate results; kernels trust their operands, write into destinations they are given and never allocate tensors.
 *
 * <p>Unless a kernel says otherwise its operands are contiguous, all of one compute dtype (F32 or F64), destinations
 * are overwritten and never overlap sources. Kernels may be called from several threads at once.
 */
public interface Backend {
    /**
     * The device this backend serves.
     *
     * @return the device
     */
    Device device();

    /**
     * What computes here, for a person.
     *
     * @return one line
     */
    default String description() {
        return device().toString();
    }

    /**
     * Takes uninitialised memory, at least 64-byte aligned.
     *
     * @param bytes size, 0 or more
     * @return a writable buffer
     * @throws org.cosmosj.tensor.OutOfDeviceMemoryException if there is no room
     */
    Buffer allocate(long bytes);

    /**
     * Gives memory back.
     *
     * @param buffer what {@link #allocate} or {@link #adopt} returned, once
     */
    void free(Buffer buffer);

    /**
     * Makes host memory readable by kernels: in place on the CPU, by upload elsewhere. The segment must stay alive
     * until {@link #free}; it is only as aligned as its elements.
     *
     * @param host read-only memory, for example of a mapped checkpoint
     * @return a read-only buffer
     */
    Buffer adopt(MemorySegment host);

    /**
     * Copies host memory to the device.
     *
     * @param host source, its whole length is copied
     * @param target destination
     * @param targetOffset first byte written
     */
    void upload(MemorySegment host, Buffer target, long targetOffset);

    /**
     * Copies device memory to the host and waits for it.
     *
     * @param source device memory
     * @param sourceOffset first byte read
     * @param host destination, its whole length is filled
     */
    void download(Buffer source, long sourceOffset, MemorySegment host);

    /** Waits until all kernels launched so far have ended. */
    void synchronize();

    /**
     * Memory in use.
     *
     * @return a snapshot
     */
    MemoryUse memory();

    /** Starts a new peak measurement at the present number of live bytes. */
    void resetPeak();

    /**
     * Gives memory back to the system that no tensor uses but the pool keeps for the next ones; for the moment between
     * two stages of different sizes.
     *
     * @return bytes given back; 0 where there is no way to
     */
    default long trim() {
        return 0;
    }

    /**
     * Measures what the device's arithmetic reaches at this moment, as a ceiling to compare kernels with: F32
     * multiplications and additions of chains that touch no memory. Takes about a tenth of a second.
     *
     * @param threads how many host threads compute together, at least 1; ignored where kernels need none
     * @return operations per second; empty where there is no such measurement
     */
    default OptionalDouble multiplyAddPeak(int threads) {
        return OptionalDouble.empty();
    }

    /**
     * Copies, casts, fills and gathers.
     *
     * @return the kernels
     */
    CopyKernels copies();

    /**
     * Elementwise arithmetic.
     *
     * @return the kernels
     */
    ElementwiseKernels elementwise();

    /**
     * Sums and losses.
     *
     * @return the kernels
     */
    ReductionKernels reductions();

    /**
     * Matrix products.
     *
     * @return the kernels
     */
    MatmulKernels matmul();

    /**
     * Normalisations, softmax and rotary embedding.
     *
     * @return the kernels
     */
    NormKernels norms();

    /**
     * Scaled dot-product attention.
     *
     * @return the kernels
     */
    AttentionKernels attention();

    /**
     * Convolutions and resampling.
     *
     * @return the kernels
     */
    ConvolutionKernels convolutions();

    /**
     * Parameter updates.
     *
     * @return the kernels
     */
    OptimizerKernels optimizers();

    /**
     * A snapshot of device memory.
     *
     * @param liveBuffers buffers taken and not given back
     * @param liveBytes their bytes
     * @param peakBytes largest {@code liveBytes} since {@link #resetPeak}
     * @param reservedBytes memory the pool holds from the system
     */
    record MemoryUse(long liveBuffers, long liveBytes, long peakBytes, long reservedBytes) {}
}
