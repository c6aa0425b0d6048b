package org.cosmosj.tensor.internal.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.cosmosj.tensor.OutOfDeviceMemoryException;
import org.cosmosj.tensor.spi.Backend.MemoryUse;

/**
 * Process-wide caching allocator: freed blocks wait in a list per size class, so a training step takes no memory from
 * the system. Size classes grow by quarters of a power of two; blocks up to 1 MiB are carved from slabs. Memory is not
 * zeroed. The limit is the system property {@code cosmosj.memory.limit} in bytes, by default unlimited.
 */
final class CpuMemoryPool {
    static final CpuMemoryPool PROCESS = new CpuMemoryPool(Long.getLong("cosmosj.memory.limit", Long.MAX_VALUE));

    private static final long ALIGNMENT = 64;
    private static final long SLAB_BYTES = 4L << 20;
    private static final long LARGEST_SMALL_BLOCK = 1L << 20;

    private final long limit;
    private final Map<Long, ConcurrentLinkedDeque<MemorySegment>> free = new ConcurrentHashMap<>();
    private final AtomicLong liveBuffers = new AtomicLong();
    private final AtomicLong liveBytes = new AtomicLong();
    private final AtomicLong peakBytes = new AtomicLong();
    private final AtomicLong reservedBytes = new AtomicLong();
    private MemorySegment slab = MemorySegment.NULL;
    private long slabUsed;

    CpuMemoryPool(long limit) {
        this.limit = limit;
    }

    CpuBuffer allocate(long bytes) {
        long size = sizeClass(bytes);
        long live = liveBytes.addAndGet(size);
        if (live > limit) {
            liveBytes.addAndGet(-size);
            throw outOfMemory(bytes, "the limit is " + limit + " bytes (cosmosj.memory.limit)", null);
        }
        MemorySegment block = takeFree(size);
        if (block == null) {
            block = takeNew(bytes, size);
        }
        liveBuffers.incrementAndGet();
        peakBytes.accumulateAndGet(live, Math::max);
        return new CpuBuffer(block.asSlice(0, bytes), false, block);
    }

    void release(CpuBuffer buffer) {
        long size = buffer.block.byteSize();
        liveBuffers.decrementAndGet();
        liveBytes.addAndGet(-size);
        free.computeIfAbsent(size, _ -> new ConcurrentLinkedDeque<>()).push(buffer.block);
    }

    MemoryUse use() {
        return new MemoryUse(liveBuffers.get(), liveBytes.get(), peakBytes.get(), reservedBytes.get());
    }

    void resetPeak() {
        peakBytes.set(liveBytes.get());
    }

    static long sizeClass(long bytes) {
        long need = Math.max(bytes, ALIGNMENT);
        long power = Long.highestOneBit(need);
        long step = Math.max(power / 4, ALIGNMENT);
        return (need + step - 1) / step * step;
    }

    private MemorySegment takeFree(long size) {
        ConcurrentLinkedDeque<MemorySegment> blocks = free.get(size);
        return blocks == null ? null : blocks.poll();
    }

    private synchronized MemorySegment takeNew(long asked, long size) {
        try {
            if (size > LARGEST_SMALL_BLOCK) {
                MemorySegment block = Arena.global().allocate(size, ALIGNMENT);
                reservedBytes.addAndGet(size);
                return block;
            }
            if (slab.byteSize() - slabUsed < size) {
                slab = Arena.global().allocate(SLAB_BYTES, ALIGNMENT);
                slabUsed = 0;
                reservedBytes.addAndGet(SLAB_BYTES);
            }
            MemorySegment block = slab.asSlice(slabUsed, size);
            slabUsed += size;
            return block;
        } catch (OutOfMemoryError e) {
            liveBytes.addAndGet(-size);
            throw outOfMemory(asked, "the system gave no more (" + e.getMessage() + "; java's limit is"
                    + " -XX:MaxDirectMemorySize)", e);
        }
    }

    private OutOfDeviceMemoryException outOfMemory(long bytes, String reason, Throwable cause) {
        return new OutOfDeviceMemoryException("cpu memory: " + bytes + " bytes asked, " + liveBytes.get()
                + " bytes live in " + liveBuffers.get() + " buffers, " + reservedBytes.get() + " bytes reserved, "
                + reason
                + "; use a smaller batch or close scopes earlier", cause);
    }
}
