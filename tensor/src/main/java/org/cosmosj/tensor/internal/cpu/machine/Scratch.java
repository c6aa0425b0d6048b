package org.cosmosj.tensor.internal.cpu.machine;

import java.lang.foreign.MemorySegment;
import org.cosmosj.tensor.internal.cpu.NativeScratch;

/** Panels and tiles of one thread, not of one call: concurrent callers never share them. */
final class Scratch {
    private static final ThreadLocal<Scratch> CURRENT = ThreadLocal.withInitial(Scratch::new);

    private MemorySegment left = MemorySegment.NULL;
    private MemorySegment right = MemorySegment.NULL;
    private MemorySegment tile = MemorySegment.NULL;

    static Scratch current() {
        return CURRENT.get();
    }

    /** Room for panels of the left factor, until the next call. */
    long left(long bytes) {
        left = atLeast(left, bytes);
        return left.address();
    }

    /** Room for panels of the right factor, until the next call. */
    long right(long bytes) {
        right = atLeast(right, bytes);
        return right.address();
    }

    /** Room for a tile, until the next call. */
    MemorySegment tile(long bytes) {
        tile = atLeast(tile, bytes);
        return tile;
    }

    private static MemorySegment atLeast(MemorySegment present, long bytes) {
        return present.byteSize() >= bytes ? present : NativeScratch.allocate(bytes);
    }
}
