package org.cosmosj.tensor.internal.cpu.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;

/**
 * Pages of the system that are first writable and then executable, never both: mmap, copy, mprotect. Linux's numbers.
 */
@SuppressWarnings("restricted")
final class SystemCodeMemory implements CodeMemory {
    private static final long PAGE = 4096;
    private static final int READ_WRITE = 3;
    private static final int READ_EXECUTE = 5;
    private static final int PRIVATE_ANONYMOUS = 0x22;
    private static final byte INT3 = (byte) 0xCC;
    private static final StructLayout STATE = Linker.Option.captureStateLayout();

    private final MethodHandle mmap = handle("mmap", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT,
            JAVA_LONG);
    private final MethodHandle mprotect = handle("mprotect", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private final MethodHandle munmap = handle("munmap", JAVA_INT, ADDRESS, JAVA_LONG);

    private static MethodHandle handle(String name, MemoryLayout result, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, arguments), Linker.Option.captureCallState("errno"));
    }

    @Override
    public MemorySegment install(byte[] code) {
        long bytes = (code.length + PAGE - 1) / PAGE * PAGE;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment pages = (MemorySegment) mmap.invokeExact(state, MemorySegment.NULL, bytes, READ_WRITE,
                    PRIVATE_ANONYMOUS, -1, 0L);
            if (pages.address() == -1) {
                throw refused("mmap of " + bytes + " bytes", state);
            }
            MemorySegment writable = pages.reinterpret(bytes);
            writable.fill(INT3);
            MemorySegment.copy(code, 0, writable, JAVA_BYTE, 0, code.length);
            if ((int) mprotect.invokeExact(state, pages, bytes, READ_EXECUTE) != 0) {
                UnsupportedOperationException refusal = refused("mprotect to executable", state);
                int unused = (int) munmap.invokeExact(state, pages, bytes);
                throw refusal;
            }
            return pages;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("machine code: mmap cannot be called", e);
        }
    }

    private static UnsupportedOperationException refused(String call, MemorySegment state) {
        return new UnsupportedOperationException("the system refuses executable memory (" + call + ": errno "
                + state.get(JAVA_INT, 0) + ")");
    }
}
