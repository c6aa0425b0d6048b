package org.cosmosj.tensor.internal.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.internal.cpu.CpuBackend;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.spi.Layout;
import org.cosmosj.tensor.spi.Operand;

/** A contiguous operand at an odd offset between guard values that no kernel may touch. */
record GuardedOperand(Operand operand) {
    private static final CpuBackend MEMORY = CpuBackend.scalar(Device.cpu());
    private static final int GUARDS = 5;
    private static final double GUARD = -12345.5;

    static GuardedOperand of(DType dtype, double[] values, long... shape) {
        Shape sizes = Shape.of(shape);
        long count = values.length;
        assertThat(count).isEqualTo(sizes.numel());
        GuardedOperand made = new GuardedOperand(new Operand(MEMORY.allocate((count + 2 * GUARDS) * dtype.byteSize()),
                dtype, new Layout(sizes, Layout.rowMajor(sizes), GUARDS)));
        for (int i = -GUARDS; i < count + GUARDS; i++) {
            made.set(i, i < 0 || i >= count ? GUARD : values[i]);
        }
        return made;
    }

    double[] values() {
        double[] values = new double[(int) operand.numel()];
        for (int i = 0; i < values.length; i++) {
            values[i] = get(i);
        }
        return values;
    }

    void assertGuardsUntouched(String name) {
        for (int i = 0; i < GUARDS; i++) {
            assertThat(get(-1 - i)).as(name + ": before the first element").isEqualTo(GUARD);
            assertThat(get((int) operand.numel() + i)).as(name + ": behind the last element").isEqualTo(GUARD);
        }
    }

    private double get(int i) {
        MemorySegment memory = CpuBuffer.segment(operand);
        return operand.dtype() == DType.F64
                ? memory.get(JAVA_DOUBLE_UNALIGNED, operand.byteOffset() + 8L * i)
                : memory.get(JAVA_FLOAT_UNALIGNED, operand.byteOffset() + 4L * i);
    }

    private void set(int i, double value) {
        MemorySegment memory = CpuBuffer.segment(operand);
        if (operand.dtype() == DType.F64) {
            memory.set(JAVA_DOUBLE_UNALIGNED, operand.byteOffset() + 8L * i, value);
        } else {
            memory.set(JAVA_FLOAT_UNALIGNED, operand.byteOffset() + 4L * i, (float) value);
        }
    }
}
