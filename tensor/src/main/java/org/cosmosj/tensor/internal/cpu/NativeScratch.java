package org.cosmosj.tensor.internal.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory of a thread's kernels: it does not count as tensors', and goes back when nobody refers to it any more. */
public final class NativeScratch {
    private static final Pages PAGES = Pages.best();

    private NativeScratch() {}

    /**
     * Takes memory, on huge pages where there are any.
     *
     * @param bytes above 0
     * @return at least 64-byte aligned, alive as long as it is reachable
     */
    @SuppressWarnings("restricted")
    public static MemorySegment allocate(long bytes) {
        MemorySegment pages = PAGES.map(bytes);
        return pages.reinterpret(Arena.ofAuto(), PAGES::unmap);
    }
}
