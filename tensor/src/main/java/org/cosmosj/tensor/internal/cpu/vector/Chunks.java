package org.cosmosj.tensor.internal.cpu.vector;

import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.spi.Operand;

/**
 * How work is cut for threads. Chunks have fixed sizes, never a share per thread, so that nothing computed depends on
 * how many threads there are.
 */
final class Chunks {
    /** Elements of one chunk: about 10 microseconds of work, so that taking a chunk costs little. */
    static final int ELEMENTS = 16384;

    /** Up to here one thread is done before a second one could help. */
    static final int INLINE_ELEMENTS = 2 * ELEMENTS;

    private Chunks() {}

    /** Chunks of {@code size} that cover n. */
    static int count(long n, long size) {
        return Math.toIntExact((n + size - 1) / size);
    }

    /** Length of chunk i of {@link #ELEMENTS}. */
    static int length(long n, int i) {
        return (int) Math.min(ELEMENTS, n - (long) i * ELEMENTS);
    }

    /** Rows of one chunk when a row has {@code width} elements. */
    static int rows(long width) {
        return (int) Math.max(1, ELEMENTS / Math.max(1, width));
    }

    static boolean isF32(Operand a) {
        return a.dtype() == DType.F32;
    }

    static boolean isF32(Operand a, Operand b) {
        return a.dtype() == DType.F32 && b.dtype() == DType.F32;
    }

    static boolean isF32(Operand a, Operand b, Operand c) {
        return isF32(a, b) && c.dtype() == DType.F32;
    }
}
