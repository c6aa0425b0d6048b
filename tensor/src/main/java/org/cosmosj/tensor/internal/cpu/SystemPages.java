package org.cosmosj.tensor.internal.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/**
 * Memory from mmap: pages are made when they are first touched and never filled twice, large blocks stand on huge pages
 * where the system has them (Linux, madvise), and what is given back goes back to the system.
 */
@SuppressWarnings("restricted")
final class SystemPages implements Pages {
    private static final long HUGE_PAGE = 2L << 20;
    private static final long PAGE = 4096;
    private static final int READ_WRITE = 3;
    private static final int ADVICE_HUGE_PAGES = 14;

    private static final String SYSTEM = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    private static final boolean LINUX = SYSTEM.startsWith("linux");
    private static final boolean MAC = SYSTEM.startsWith("mac");
    /** MAP_PRIVATE | MAP_ANONYMOUS, whose numbers the systems do not share. */
    private static final int ANONYMOUS = MAC ? 0x1002 : 0x22;

    private final MethodHandle mmap = handle("mmap", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT,
            JAVA_LONG);
    private final MethodHandle munmap = handle("munmap", JAVA_INT, ADDRESS, JAVA_LONG);
    private final MethodHandle madvise = handle("madvise", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);

    /** Whether the system has these calls and the JVM was started so that it makes them without a warning. */
    static boolean isUsable() {
        return (LINUX || MAC) && SystemPages.class.getModule().isNativeAccessEnabled();
    }

    private static MethodHandle handle(String name, MemoryLayout result, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, arguments));
    }

    @Override
    public MemorySegment map(long bytes) {
        long size = (bytes + PAGE - 1) / PAGE * PAGE;
        boolean huge = LINUX && size >= HUGE_PAGE;
        long taken = huge ? size + HUGE_PAGE : size;
        long address = mmap(taken);
        if (address == -1) {
            throw new OutOfMemoryError("mmap of " + taken + " bytes failed");
        }
        if (huge) {
            // Huge pages begin at multiples of their size: cut off what stands before and behind.
            long start = (address + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
            munmap(address, start - address);
            munmap(start + size, address + taken - start - size);
            madvise(start, size);
            address = start;
        }
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    @Override
    public boolean unmap(MemorySegment memory) {
        munmap(memory.address(), (memory.byteSize() + PAGE - 1) / PAGE * PAGE);
        return true;
    }

    private long mmap(long bytes) {
        try {
            return ((MemorySegment) mmap.invokeExact(MemorySegment.NULL, bytes, READ_WRITE, ANONYMOUS, -1, 0L))
                    .address();
        } catch (Throwable e) {
            throw new IllegalStateException("cpu memory: mmap cannot be called; -Dcosmosj.memory.pages=java avoids it",
                    e);
        }
    }

    private void munmap(long address, long bytes) {
        if (bytes == 0) {
            return;
        }
        try {
            int failed = (int) munmap.invokeExact(MemorySegment.ofAddress(address), bytes);
            if (failed != 0) {
                throw new IllegalStateException("cpu memory: munmap refused " + bytes + " bytes");
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("cpu memory: munmap cannot be called", e);
        }
    }

    /** A hint; a system without huge pages answers with an error that means nothing here. */
    private void madvise(long address, long bytes) {
        try {
            int unused = (int) madvise.invokeExact(MemorySegment.ofAddress(address), bytes, ADVICE_HUGE_PAGES);
        } catch (Throwable e) {
            throw new IllegalStateException("cpu memory: madvise cannot be called", e);
        }
    }
}
