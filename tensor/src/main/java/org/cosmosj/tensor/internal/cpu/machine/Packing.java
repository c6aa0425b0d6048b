package org.cosmosj.tensor.internal.cpu.machine;

import org.cosmosj.tensor.DType;

/** What packing does to elements on the way from memory into panels of 32-bit steps. */
enum Packing {
    /** F32 as it is. */
    F32(DType.F32, Arithmetic.F32),
    /** BF16 widened to F32. */
    WIDENED(DType.BF16, Arithmetic.F32),
    /** Two BF16 to a step. */
    PAIRS(DType.BF16, Arithmetic.BF16),
    /** F32 rounded to nearest even, denormals to zero, two to a step. */
    ROUNDED_PAIRS(DType.F32, Arithmetic.BF16);

    private final DType source;
    private final Arithmetic arithmetic;

    Packing(DType source, Arithmetic arithmetic) {
        this.source = source;
        this.arithmetic = arithmetic;
    }

    static Packing of(DType source, Arithmetic arithmetic) {
        for (Packing packing : values()) {
            if (packing.source == source && packing.arithmetic == arithmetic) {
                return packing;
            }
        }
        throw new IllegalArgumentException("machine code: " + source + " cannot be packed for " + arithmetic);
    }

    Arithmetic arithmetic() {
        return arithmetic;
    }

    /** Elements of 16 steps. */
    int blockElements() {
        return 16 * arithmetic.elements();
    }

    /** Bytes of one element in memory. */
    int elementBytes() {
        return source.byteSize();
    }

    /** Source bytes of 16 steps. */
    int blockBytes() {
        return blockElements() * source.byteSize();
    }
}
