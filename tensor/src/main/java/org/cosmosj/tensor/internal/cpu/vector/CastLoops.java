package org.cosmosj.tensor.internal.cpu.vector;

import static org.cosmosj.tensor.internal.cpu.vector.Floats.whole;
import static org.cosmosj.tensor.internal.cpu.vector.Species.FLOAT;
import static org.cosmosj.tensor.internal.cpu.vector.Species.LANES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.cosmosj.tensor.DType;

/** Casts of dense runs between F32 and the other dtypes that models and cameras bring; positions are bytes. */
final class CastLoops {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOAT.vectorShape());
    /** As many 16-bit values as a float vector has lanes. */
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(Math.max(64, FLOAT.vectorBitSize() / 2)));

    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfDouble F64 = ValueLayout.JAVA_DOUBLE_UNALIGNED;
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfByte U8 = ValueLayout.JAVA_BYTE;

    private CastLoops() {}

    /** Whether {@link #run} knows the pair. */
    static boolean knows(DType from, DType to) {
        return to == DType.F32 && isPartner(from) || from == DType.F32 && isPartner(to);
    }

    private static boolean isPartner(DType dtype) {
        return switch (dtype) {
            case BF16, F16, F64, U8 -> true;
            case F32, I64, I32, BOOL -> false;
        };
    }

    /** Casts n dense elements of a pair that {@link #knows} accepts. */
    static void run(DType fromType, MemorySegment source, long from, DType toType, MemorySegment target, long to,
            int n) {
        if (toType == DType.F32) {
            switch (fromType) {
                case BF16 -> widenBf16(source, from, target, to, n);
                case F16 -> widenF16(source, from, target, to, n);
                case F64 -> narrowF64(source, from, target, to, n);
                case U8 -> widenU8(source, from, target, to, n);
                default -> throw new IllegalArgumentException("cast: " + fromType + " to F32 has no loop");
            }
        } else {
            switch (toType) {
                case BF16 -> narrowBf16(source, from, target, to, n);
                case F16 -> narrowF16(source, from, target, to, n);
                case F64 -> widenF32(source, from, target, to, n);
                case U8 -> narrowU8(source, from, target, to, n);
                default -> throw new IllegalArgumentException("cast: F32 to " + toType + " has no loop");
            }
        }
    }

    private static void widenBf16(MemorySegment source, long from, MemorySegment target, long to, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            ShortVector.fromMemorySegment(SHORTS, source, from + 2L * i, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0).lanewise(VectorOperators.LSHL, 16)
                    .reinterpretAsFloats().intoMemorySegment(target, to + 4L * i, ORDER);
        }
        for (int i = end; i < n; i++) {
            target.set(F32, to + 4L * i, Float.intBitsToFloat(source.get(I16, from + 2L * i) << 16));
        }
    }

    private static void narrowBf16(MemorySegment source, long from, MemorySegment target, long to, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            FloatVector x = FloatVector.fromMemorySegment(FLOAT, source, from + 4L * i, ORDER);
            IntVector bits = x.reinterpretAsInts();
            IntVector upper = bits.lanewise(VectorOperators.LSHR, 16);
            IntVector rounded = bits.add(0x7FFF).add(upper.and(1)).lanewise(VectorOperators.LSHR, 16);
            IntVector result = rounded.blend(upper.or(0x40), x.compare(VectorOperators.NE, x).cast(INTS));
            result.convertShape(VectorOperators.I2S, SHORTS, 0).intoMemorySegment(target, to + 2L * i, ORDER);
        }
        for (int i = end; i < n; i++) {
            target.set(I16, to + 2L * i, bf16(source.get(F32, from + 4L * i)));
        }
    }

    /** Rounds to nearest even; NaN stays NaN. */
    private static short bf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int rounded = bits + 0x7FFF + (bits >>> 16 & 1) >>> 16;
        return (short) (Float.isNaN(value) ? bits >>> 16 | 0x40 : rounded);
    }

    private static void widenF16(MemorySegment source, long from, MemorySegment target, long to, int n) {
        for (int i = 0; i < n; i++) {
            target.set(F32, to + 4L * i, Float.float16ToFloat(source.get(I16, from + 2L * i)));
        }
    }

    private static void narrowF16(MemorySegment source, long from, MemorySegment target, long to, int n) {
        for (int i = 0; i < n; i++) {
            target.set(I16, to + 2L * i, Float.floatToFloat16(source.get(F32, from + 4L * i)));
        }
    }

    private static void narrowF64(MemorySegment source, long from, MemorySegment target, long to, int n) {
        for (int i = 0; i < n; i++) {
            target.set(F32, to + 4L * i, (float) source.get(F64, from + 8L * i));
        }
    }

    private static void widenF32(MemorySegment source, long from, MemorySegment target, long to, int n) {
        for (int i = 0; i < n; i++) {
            target.set(F64, to + 8L * i, source.get(F32, from + 4L * i));
        }
    }

    private static void widenU8(MemorySegment source, long from, MemorySegment target, long to, int n) {
        for (int i = 0; i < n; i++) {
            target.set(F32, to + 4L * i, source.get(U8, from + i) & 0xFF);
        }
    }

    private static void narrowU8(MemorySegment source, long from, MemorySegment target, long to, int n) {
        for (int i = 0; i < n; i++) {
            target.set(U8, to + i, (byte) (int) source.get(F32, from + 4L * i));
        }
    }
}
