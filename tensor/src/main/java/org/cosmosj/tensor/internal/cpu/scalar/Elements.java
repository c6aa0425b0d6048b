package org.cosmosj.tensor.internal.cpu.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.spi.Operand;

/**
 * Reads and writes the elements of an operand as doubles, counted from its offset; the scalar kernels' view of memory.
 */
abstract class Elements {
    private static final ValueLayout.OfDouble F64 = ValueLayout.JAVA_DOUBLE_UNALIGNED;
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfByte I8 = ValueLayout.JAVA_BYTE;

    final MemorySegment memory;
    final long start;

    private Elements(Operand operand) {
        this.memory = CpuBuffer.segment(operand);
        this.start = operand.byteOffset();
    }

    abstract double get(long i);

    abstract void set(long i, double value);

    final void add(long i, double value) {
        set(i, get(i) + value);
    }

    static Elements of(Operand operand) {
        return switch (operand.dtype()) {
            case F64 -> new Elements(operand) {
                @Override
                double get(long i) {
                    return memory.get(F64, start + 8 * i);
                }

                @Override
                void set(long i, double value) {
                    memory.set(F64, start + 8 * i, value);
                }
            };
            case F32 -> new Elements(operand) {
                @Override
                double get(long i) {
                    return memory.get(F32, start + 4 * i);
                }

                @Override
                void set(long i, double value) {
                    memory.set(F32, start + 4 * i, (float) value);
                }
            };
            case BF16 -> new Elements(operand) {
                @Override
                double get(long i) {
                    return Float.intBitsToFloat(memory.get(I16, start + 2 * i) << 16);
                }

                @Override
                void set(long i, double value) {
                    memory.set(I16, start + 2 * i, bf16((float) value));
                }
            };
            case F16 -> new Elements(operand) {
                @Override
                double get(long i) {
                    return Float.float16ToFloat(memory.get(I16, start + 2 * i));
                }

                @Override
                void set(long i, double value) {
                    memory.set(I16, start + 2 * i, Float.floatToFloat16((float) value));
                }
            };
            case I64 -> new Elements(operand) {
                @Override
                double get(long i) {
                    return memory.get(I64, start + 8 * i);
                }

                @Override
                void set(long i, double value) {
                    memory.set(I64, start + 8 * i, (long) value);
                }
            };
            case I32 -> new Elements(operand) {
                @Override
                double get(long i) {
                    return memory.get(I32, start + 4 * i);
                }

                @Override
                void set(long i, double value) {
                    memory.set(I32, start + 4 * i, (int) value);
                }
            };
            case U8 -> new Elements(operand) {
                @Override
                double get(long i) {
                    return memory.get(I8, start + i) & 0xFF;
                }

                @Override
                void set(long i, double value) {
                    memory.set(I8, start + i, (byte) (int) value);
                }
            };
            case BOOL -> new Elements(operand) {
                @Override
                double get(long i) {
                    return memory.get(I8, start + i) == 0 ? 0 : 1;
                }

                @Override
                void set(long i, double value) {
                    memory.set(I8, start + i, (byte) (value == 0 ? 0 : 1));
                }
            };
        };
    }

    /** The nearest BF16, ties to even; NaN stays NaN. */
    static float roundedToBf16(float value) {
        return Float.intBitsToFloat(bf16(value) << 16);
    }

    /** Rounds to nearest even; NaN stays NaN. */
    static short bf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
    }
}
