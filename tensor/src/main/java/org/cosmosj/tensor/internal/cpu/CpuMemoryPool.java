package org.cosmosj.tensor.internal.cpu;

import com.sun.management.OperatingSystemMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.cosmosj.tensor.OutOfDeviceMemoryException;
import org.cosmosj.tensor.spi.Backend.MemoryUse;

/**
 * Process-wide caching allocator: freed blocks wait in a list per size class, so a training step takes no memory from
 * the system. Size classes grow by quarters of a power of two; blocks up to 1 MiB are carved from slabs. Memory is not
 * zeroed. The limit is the system property {@code cosmosj.memory.limit} in bytes, by default what the machine or the
 * container has less the largest Java heap. Before it is reached, free blocks of other sizes go back to the system.
 */
final class CpuMemoryPool {
    static final CpuMemoryPool PROCESS =
            new CpuMemoryPool(Long.getLong("cosmosj.memory.limit", memoryBesideTheHeap()), Pages.best());

    private static final long ALIGNMENT = 64;
    private static final long SLAB_BYTES = 4L << 20;
    private static final long LARGEST_SMALL_BLOCK = 1L << 20;

    private final long limit;
    private final Pages pages;
    private final ConcurrentSkipListMap<Long, ConcurrentLinkedDeque<MemorySegment>> free =
            new ConcurrentSkipListMap<>();
    private final AtomicLong liveBuffers = new AtomicLong();
    private final AtomicLong liveBytes = new AtomicLong();
    private final AtomicLong peakBytes = new AtomicLong();
    private final AtomicLong reservedBytes = new AtomicLong();
    private MemorySegment slab = MemorySegment.NULL;
    private long slabUsed;

    CpuMemoryPool(long limit, Pages pages) {
        this.limit = limit;
        this.pages = pages;
    }

    private static long memoryBesideTheHeap() {
        long all = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        return Math.max(all / 2, all - Runtime.getRuntime().maxMemory());
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
        if (size > LARGEST_SMALL_BLOCK) {
            return reserve(asked, size, size);
        }
        if (slab.byteSize() - slabUsed < size) {
            slab = reserve(asked, size, SLAB_BYTES);
            slabUsed = 0;
        }
        MemorySegment block = slab.asSlice(slabUsed, size);
        slabUsed += size;
        return block;
    }

    private MemorySegment reserve(long asked, long size, long bytes) {
        trim(reservedBytes.get() + bytes - limit);
        MemorySegment memory;
        try {
            memory = pages.map(bytes);
        } catch (OutOfMemoryError first) {
            trim(Long.MAX_VALUE);
            try {
                memory = pages.map(bytes);
            } catch (OutOfMemoryError e) {
                liveBytes.addAndGet(-size);
                throw outOfMemory(asked, "the system gave no more (" + e.getMessage() + ")", e);
            }
        }
        reservedBytes.addAndGet(bytes);
        return memory;
    }

    /** Gives all large free blocks back; returns how many bytes went. */
    synchronized long trim() {
        long before = reservedBytes.get();
        trim(Long.MAX_VALUE);
        return before - reservedBytes.get();
    }

    /** Gives free blocks back, the largest first, until {@code bytes} went or none is left. */
    private void trim(long bytes) {
        long left = bytes;
        for (Map.Entry<Long, ConcurrentLinkedDeque<MemorySegment>> blocks : free.descendingMap().entrySet()) {
            MemorySegment block = left <= 0 || blocks.getKey() <= LARGEST_SMALL_BLOCK ? null : blocks.getValue().poll();
            while (block != null) {
                if (!pages.unmap(block)) {
                    blocks.getValue().push(block);
                    return;
                }
                reservedBytes.addAndGet(-block.byteSize());
                left -= block.byteSize();
                block = left <= 0 ? null : blocks.getValue().poll();
            }
        }
    }

    private OutOfDeviceMemoryException outOfMemory(long bytes, String reason, Throwable cause) {
        return new OutOfDeviceMemoryException("cpu memory: " + bytes + " bytes asked, " + liveBytes.get()
                + " bytes live in " + liveBuffers.get() + " buffers, " + reservedBytes.get() + " bytes reserved, "
                + reason
                + "; use a smaller batch or close scopes earlier", cause);
    }
}
