package org.cosmosj.tensor.internal.cpu.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.SplittableRandom;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.internal.cpu.CpuBackend;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.spi.Layout;
import org.cosmosj.tensor.spi.Operand;

/** Operands that end where forbidden pages begin: machine code that reads or writes behind them dies at once. */
@SuppressWarnings("restricted")
final class GuardedMemory {
    private static final long PAGE = 4096;
    private static final CpuBackend BACKEND = CpuBackend.scalar(Device.cpu());
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle MPROTECT = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("mprotect"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle MMAP = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("mmap"),
            FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MUNMAP = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("munmap"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));

    private GuardedMemory() {}

    /** Memory whose last byte is the last of its page; the next page cannot be touched. */
    static MemorySegment allocate(long bytes) {
        long usable = (bytes + PAGE - 1) / PAGE * PAGE;
        try {
            MemorySegment pages = (MemorySegment) MMAP.invokeExact(MemorySegment.NULL, usable + PAGE, 3, 0x22, -1, 0L);
            MemorySegment guard = MemorySegment.ofAddress(pages.address() + usable);
            int failed = (int) MPROTECT.invokeExact(guard, PAGE, 0);
            if (failed != 0) {
                throw new AssertionError("mprotect failed");
            }
            return MemorySegment.ofAddress(pages.address() + usable - bytes).reinterpret(bytes);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Gives an operand's pages back. */
    static void free(Operand... operands) {
        for (Operand operand : operands) {
            MemorySegment memory = CpuBuffer.segment(operand);
            long start = memory.address() / PAGE * PAGE;
            try {
                int failed = (int) MUNMAP.invokeExact(MemorySegment.ofAddress(start),
                        memory.address() + memory.byteSize() + PAGE - start);
                if (failed != 0) {
                    throw new AssertionError("munmap failed");
                }
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }
    }

    static Operand operand(DType dtype, long[] shape, long[] strides) {
        long last = 0;
        for (int i = 0; i < shape.length; i++) {
            last += (shape[i] - 1) * strides[i];
        }
        MemorySegment memory = allocate((last + 1) * dtype.byteSize());
        return new Operand(BACKEND.adopt(memory), dtype, new Layout(Shape.of(shape), strides, 0));
    }

    /** A (1, rows, columns) matrix, row by row or, transposed, column by column, of numbers in [-1, 1). */
    static Operand matrix(DType dtype, long seed, long rows, long columns, boolean transposed) {
        return filled(operand(dtype, new long[] {1, rows, columns},
                transposed ? new long[] {0, 1, rows} : new long[] {0, columns, 1}), seed, 1);
    }

    /** Fills with numbers whose exponents spread over so many powers of two below 1. */
    static Operand filled(Operand operand, long seed, int exponents) {
        SplittableRandom random = new SplittableRandom(seed);
        MemorySegment memory = CpuBuffer.segment(operand);
        int size = operand.dtype().byteSize();
        for (long i = 0; i < memory.byteSize(); i += size) {
            float value = (float) Math.scalb(random.nextDouble(-1, 1), -random.nextInt(exponents));
            if (size == 4) {
                memory.set(JAVA_FLOAT_UNALIGNED, i, value);
            } else {
                memory.set(JAVA_SHORT_UNALIGNED, i, (short) (Float.floatToRawIntBits(value) >>> 16));
            }
        }
        return operand;
    }

    static int[] bits(Operand operand) {
        return CpuBuffer.segment(operand).toArray(JAVA_INT_UNALIGNED);
    }
}
