package org.cosmosj.tensor;

/**
 * Element types of a {@link Tensor}. {@code F32} and {@code F64} compute; the other types are storage that
 * {@link Tensor#to(DType)} converts (round to nearest even for {@code BF16} and {@code F16}). Arithmetic, products,
 * norms, softmax, rotary embedding and attention also take {@code BF16}: they widen their operands, compute in
 * {@code F32} and round the result, without gradients.
 */
public enum DType {
    /** 64-bit IEEE float; every op has an F64 kernel, used as the oracle of the F32 kernels. */
    F64(8),
    /** 32-bit IEEE float, the compute type. */
    F32(4),
    /** 16-bit brain float: the upper half of an F32. Ops on it round each result. */
    BF16(2),
    /** 16-bit IEEE float. */
    F16(2),
    /** 64-bit signed integer. */
    I64(8),
    /** 32-bit signed integer. */
    I32(4),
    /** 8-bit unsigned integer. */
    U8(1),
    /** One byte, 0 or 1. */
    BOOL(1);

    private final int byteSize;

    DType(int byteSize) {
        this.byteSize = byteSize;
    }

    /**
     * Size of one element.
     *
     * @return bytes per element
     */
    public int byteSize() {
        return byteSize;
    }

    /**
     * Whether ops compute in this type and can be differentiated.
     *
     * @return true for {@code F32} and {@code F64}
     */
    public boolean isCompute() {
        return this == F32 || this == F64;
    }

    /**
     * Whether values of this type have a fraction.
     *
     * @return true for {@code F64 F32 BF16 F16}
     */
    public boolean isFloat() {
        return this == F64 || this == F32 || this == BF16 || this == F16;
    }
}
