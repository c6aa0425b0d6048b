package org.cosmosj.nn;

import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Tensor;

/**
 * How constants, inputs or results are rounded. Released weights were trained with some constants in bfloat16, and
 * reproduce only with the same values. Source: spec 01 sections 6, 7.1 and 12.
 */
public enum Rounding {
    /** Not rounded beyond float32. */
    FLOAT32,
    /** Rounded to the nearest bfloat16, ties to even, and widened again. */
    BFLOAT16;

    /**
     * The rounding of a name as configurations spell it.
     *
     * @param name {@code float32} or {@code bfloat16}
     * @return the rounding
     * @throws IllegalArgumentException if the name is another
     */
    public static Rounding parse(String name) {
        return switch (name) {
            case "float32" -> FLOAT32;
            case "bfloat16" -> BFLOAT16;
            default ->
                throw new IllegalArgumentException("rounding: '" + name + "' is unknown; use float32 or bfloat16");
        };
    }

    /**
     * Rounds one number.
     *
     * @param value finite
     * @return the rounded number
     */
    public float apply(float value) {
        if (this == FLOAT32) {
            return value;
        }
        int bits = Float.floatToRawIntBits(value);
        return Float.intBitsToFloat(bits + 0x7FFF + (bits >>> 16 & 1) & 0xFFFF0000);
    }

    /**
     * Rounds every element. Not differentiable under {@link #BFLOAT16}.
     *
     * @param values F32 or F64
     * @return rounded values of the same dtype, or {@code values} itself
     */
    public Tensor apply(Tensor values) {
        return this == FLOAT32 ? values : values.to(DType.BF16).to(values.dtype());
    }
}
