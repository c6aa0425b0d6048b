package org.cosmosj.tensor.internal.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.internal.cpu.CpuBackend;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.spi.Layout;
import org.cosmosj.tensor.spi.Operand;

/** Operands in host memory for tests that call kernels without tensors. The memory is not given back. */
final class HostOperands {
    private static final CpuBackend MEMORY = CpuBackend.scalar(Device.cpu());

    private HostOperands() {}

    /** Zeros; strides may leave gaps. */
    static Operand zeros(DType dtype, long[] shape, long[] strides) {
        long last = 0;
        for (int i = 0; i < shape.length; i++) {
            last += Math.max(shape[i] - 1, 0) * strides[i];
        }
        Operand operand = new Operand(MEMORY.allocate((last + 1) * dtype.byteSize()), dtype,
                new Layout(Shape.of(shape), strides, 0));
        CpuBuffer.segment(operand).fill((byte) 0);
        return operand;
    }

    /** Zeros, dense. */
    static Operand zeros(DType dtype, long... shape) {
        return zeros(dtype, shape, Layout.rowMajor(Shape.of(shape)));
    }

    /** Every element of the buffer, gaps included, uniform in [-1, 1); BF16 exactly representable. */
    static Operand random(DType dtype, long seed, long[] shape, long[] strides) {
        Operand operand = zeros(dtype, shape, strides);
        Random random = new Random(seed);
        for (long i = 0; i < operand.buffer().byteSize() / dtype.byteSize(); i++) {
            put(operand, i, random.nextFloat(-1, 1));
        }
        return operand;
    }

    /** Random, dense. */
    static Operand random(DType dtype, long seed, long... shape) {
        return random(dtype, seed, shape, Layout.rowMajor(Shape.of(shape)));
    }

    /** A (1, rows, columns) matrix whose elements lie row by row, or column by column. */
    static Operand matrix(DType dtype, long seed, long rows, long columns, boolean transposed) {
        return random(dtype, seed, new long[] {1, rows, columns},
                transposed ? new long[] {rows * columns, 1, rows} : new long[] {rows * columns, columns, 1});
    }

    /** The same values and layout in F64. */
    static Operand widened(Operand from) {
        Operand to = zeros(DType.F64, from.shape().toArray(), from.layout().strides());
        for (long i = 0; i < to.buffer().byteSize() / 8; i++) {
            put(to, i, get(from, from.layout().offset() + i));
        }
        return to;
    }

    /** A copy with its own memory. */
    static Operand copy(Operand from) {
        Operand to = new Operand(MEMORY.allocate(from.buffer().byteSize()), from.dtype(), from.layout());
        CpuBuffer.segment(to).copyFrom(CpuBuffer.segment(from));
        return to;
    }

    static double get(Operand operand, long index) {
        MemorySegment memory = CpuBuffer.segment(operand);
        return switch (operand.dtype()) {
            case F64 -> memory.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, index);
            case F32 -> memory.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index);
            case BF16 -> Float.intBitsToFloat(memory.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, index) << 16);
            default -> throw new IllegalArgumentException(operand.dtype() + " is not used by these tests");
        };
    }

    static void put(Operand operand, long index, double value) {
        MemorySegment memory = CpuBuffer.segment(operand);
        switch (operand.dtype()) {
            case F64 -> memory.setAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, index, value);
            case F32 -> memory.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index, (float) value);
            case BF16 -> memory.setAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, index,
                    (short) (Float.floatToRawIntBits((float) value) >>> 16));
            default -> throw new IllegalArgumentException(operand.dtype() + " is not used by these tests");
        }
    }

    /** All elements of a buffer, gaps included. */
    static float[] floats(Operand operand) {
        return CpuBuffer.segment(operand).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    /** Bits of all elements, so that comparisons also see signs of zeros. */
    static int[] bits(Operand operand) {
        return CpuBuffer.segment(operand).toArray(ValueLayout.JAVA_INT_UNALIGNED);
    }

    /** Compares whole buffers; NaN fails. */
    static void assertClose(String what, Operand actual, Operand expected, double limit) {
        long count = expected.buffer().byteSize() / expected.dtype().byteSize();
        assertThat(actual.buffer().byteSize() / actual.dtype().byteSize()).as(what).isEqualTo(count);
        double worst = 0;
        long at = -1;
        for (long i = 0; i < count; i++) {
            double difference = Math.abs(get(actual, i) - get(expected, i));
            if (!(difference <= worst)) {
                worst = difference;
                at = i;
                if (Double.isNaN(difference)) {
                    break;
                }
            }
        }
        if (!(worst <= limit)) {
            throw new AssertionError(what + ": element " + at + " is " + get(actual, at) + ", expected "
                    + get(expected, at) + ", difference " + worst + ", limit " + limit);
        }
    }
}
