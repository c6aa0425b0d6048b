package org.cosmosj.tensor.internal.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.cosmosj.tensor.internal.cpu.scalar.Bf16;

/** What products of BF16 add to packed panels: rounded factors, swapped pairs, and sums that meet denormal numbers. */
final class Pairing {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final int LANES = Species.LANES;
    private static final int SIGN = 0x8000_0000;

    private Pairing() {}

    /** Rounds as {@link Bf16#rounded} and returns the least magnitude that is not 0. */
    static float round(float[] values, int at, int count) {
        FloatVector least = FloatVector.broadcast(S, Float.MAX_VALUE);
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            FloatVector value = flushed(FloatVector.fromArray(S, values, at + i));
            IntVector bits = value.reinterpretAsInts();
            IntVector tie = bits.lanewise(VectorOperators.LSHR, 16).and(1);
            FloatVector rounded = bits.add(0x7FFF).add(tie).and(0xFFFF_0000).reinterpretAsFloats();
            value = rounded.blend(value, value.test(VectorOperators.IS_NAN));
            value.intoArray(values, at + i);
            FloatVector magnitude = value.abs();
            least = least.blend(least.min(magnitude), magnitude.compare(VectorOperators.GT, 0f));
        }
        float smallest = least.reduceLanes(VectorOperators.MIN);
        for (; i < count; i++) {
            float value = Bf16.rounded(values[at + i]);
            values[at + i] = value;
            smallest = Math.abs(value) > 0 ? Math.min(smallest, Math.abs(value)) : smallest;
        }
        return smallest;
    }

    private static FloatVector flushed(FloatVector value) {
        VectorMask<Float> denormal = value.abs().compare(VectorOperators.LT, Float.MIN_NORMAL);
        return value.blend(value.reinterpretAsInts().and(SIGN).reinterpretAsFloats(), denormal);
    }

    /** Exchanges the neighbours of a line; an odd last element gets 0 before it. */
    static void swap(float[] line, int at, int count) {
        if (count % 2 == 1) {
            line[at + count] = 0;
        }
        for (int i = at; i < at + count; i += 2) {
            float even = line[i];
            line[i] = line[i + 1];
            line[i + 1] = even;
        }
    }

    /** As {@link Microkernel#multiply}, denormal sums being zero; for the few tiles that need it. */
    static void multiplyFlushed(float[] a, int aStart, float[] b, int bStart, float[] tile, int depth) {
        for (int r = 0; r < Microkernel.ROWS; r++) {
            FloatVector left = FloatVector.zero(S);
            FloatVector right = FloatVector.zero(S);
            for (int p = 0; p < depth; p++) {
                FloatVector factor = FloatVector.broadcast(S, a[aStart + p * Microkernel.ROWS + r]);
                int line = bStart + p * Microkernel.COLUMNS;
                left = flushed(factor.fma(FloatVector.fromArray(S, b, line), left));
                right = flushed(factor.fma(FloatVector.fromArray(S, b, line + LANES), right));
            }
            left.intoArray(tile, r * Microkernel.COLUMNS);
            right.intoArray(tile, r * Microkernel.COLUMNS + LANES);
        }
    }
}
