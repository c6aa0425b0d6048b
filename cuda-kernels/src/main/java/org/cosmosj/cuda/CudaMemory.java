package org.cosmosj.cuda;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import org.cosmosj.tensor.OutOfDeviceMemoryException;
import org.cosmosj.tensor.spi.Backend.MemoryUse;
import org.cosmosj.tensor.spi.Buffer;

/**
 * Memory of one device. Blocks come in size classes, four for each power of two, so that a freed block serves the next
 * tensor of about its size; small ones are cut from slabs. A block can be given out again at once although kernels that
 * use it may not have run yet: all kernels run on one stream, so the next user's come after them.
 *
 * <p>With {@code -Dcosmosj.cuda.pool=direct} each tensor has an allocation of the driver to itself, which is what tools
 * such as compute-sanitizer need to see where tensors end; every free then waits for the device.
 */
final class CudaMemory {
    private static final String POOL = "cosmosj.cuda.pool";
    private static final long SMALLEST = 512;
    private static final long SLAB_BYTES = 32L << 20;
    private static final long LARGEST_IN_SLAB = 1L << 20;

    private final CudaContext context;
    private final boolean direct;
    private final Map<Long, Deque<DevicePointer>> free = new TreeMap<>();
    private final List<DevicePointer> slabs = new ArrayList<>();
    private DevicePointer slab;
    private long slabUsed = SLAB_BYTES;
    private long liveBuffers;
    private long liveBytes;
    private long peakBytes;
    private long reservedBytes;

    CudaMemory(CudaContext context) {
        this.context = context;
        this.direct = switch (System.getProperty(POOL, "arena")) {
            case "arena" -> false;
            case "direct" -> true;
            default -> throw new IllegalArgumentException(POOL + "=" + System.getProperty(POOL)
                    + " is unknown; use arena or direct");
        };
    }

    /** The size class that {@code bytes} falls into. */
    static long sizeClass(long bytes) {
        if (bytes <= SMALLEST) {
            return SMALLEST;
        }
        long step = Math.max(SMALLEST, Long.highestOneBit(bytes - 1) / 4);
        return (bytes + step - 1) / step * step;
    }

    synchronized CudaBuffer allocate(String op, long bytes, boolean readOnly) {
        context.activate(op);
        long block = direct ? Math.max(bytes, 1) : sizeClass(bytes);
        DevicePointer pointer = take(op, block);
        liveBuffers++;
        liveBytes += block;
        peakBytes = Math.max(peakBytes, liveBytes);
        return new CudaBuffer(this, pointer, bytes, block, readOnly);
    }

    private DevicePointer take(String op, long block) {
        Deque<DevicePointer> fitting = free.get(block);
        if (fitting != null && !fitting.isEmpty()) {
            return fitting.pop();
        }
        if (direct || block > LARGEST_IN_SLAB) {
            return fromDriver(op, block);
        }
        if (slabUsed + block > SLAB_BYTES) {
            slab = fromDriver(op, SLAB_BYTES);
            slabs.add(slab);
            slabUsed = 0;
        }
        slabUsed += block;
        return slab.plus(slabUsed - block);
    }

    private DevicePointer fromDriver(String op, long bytes) {
        DevicePointer pointer = new DevicePointer();
        int result = JCudaDriver.cuMemAlloc(pointer, bytes);
        if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY && trim() > 0) {
            result = JCudaDriver.cuMemAlloc(pointer, bytes);
        }
        if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
            throw new OutOfDeviceMemoryException(op + ": no room for " + bytes + " bytes on the GPU, where " + liveBytes
                    + " bytes are live in " + liveBuffers + " buffers and " + reservedBytes + " are reserved; use a"
                    + " smaller batch, close scopes earlier, or free memory that other processes hold", null);
        }
        context.check(result, op);
        reservedBytes += bytes;
        return pointer;
    }

    synchronized void release(Buffer buffer) {
        CudaBuffer block = (CudaBuffer) buffer;
        if (block.owner() != this) {
            throw new IllegalArgumentException("free: a buffer of another device or of an earlier opening of it");
        }
        liveBuffers--;
        liveBytes -= block.blockBytes();
        if (context.hasFailed()) {
            return; // what the device held is gone with its context
        }
        if (direct) {
            context.activate("free");
            reservedBytes -= block.blockBytes();
            context.check(JCudaDriver.cuMemFree(block.pointer()), "free");
        } else {
            free.computeIfAbsent(block.blockBytes(), _ -> new ArrayDeque<>()).push(block.pointer());
        }
    }

    /** Gives large free blocks back to the driver. */
    synchronized long trim() {
        long given = 0;
        context.activate("trim");
        for (Map.Entry<Long, Deque<DevicePointer>> blocks : free.entrySet()) {
            while (blocks.getKey() > LARGEST_IN_SLAB && !blocks.getValue().isEmpty()) {
                context.check(JCudaDriver.cuMemFree(blocks.getValue().pop()), "trim");
                given += blocks.getKey();
            }
        }
        reservedBytes -= given;
        return given;
    }

    /** Gives everything back that no tensor uses; for the end of a context. */
    synchronized void close() {
        if (context.hasFailed()) {
            return;
        }
        trim();
        for (DevicePointer whole : slabs) {
            context.check(JCudaDriver.cuMemFree(whole), "close");
        }
        slabs.clear();
        free.clear();
        slabUsed = SLAB_BYTES;
    }

    synchronized MemoryUse use() {
        return new MemoryUse(liveBuffers, liveBytes, peakBytes, reservedBytes);
    }

    synchronized void resetPeak() {
        peakBytes = liveBytes;
    }
}
