package org.cosmosj.tensor.internal.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.internal.cpu.CpuBackend;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.internal.cpu.Parallel;
import org.cosmosj.tensor.spi.Layout;
import org.cosmosj.tensor.spi.Operand;

/** Operands and comparisons for tests that call kernels directly: F32 vectors against the F64 scalar reference. */
final class KernelCase {
    /** Sizes around vector widths, chunks and nothing at all. */
    static final int[] AWKWARD_SIZES = {0, 1, 6, 7, 13, 64, 207, 702, 2046};

    static final CpuBackend VECTOR = CpuBackend.vector(Device.cpu());
    static final CpuBackend SCALAR = CpuBackend.scalar(Device.cpu());

    /**
     * What a float result may differ from the double reference.
     *
     * @param relative to the expected element
     * @param absolute added to it
     */
    record Limit(double relative, double absolute) {}

    private KernelCase() {}

    /** Normal-like numbers in (-3, 3), the same for a seed on every platform. */
    static float[] random(long seed, int n) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) (random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5) * 2;
        }
        return values;
    }

    static Operand f32(float[] values, long... shape) {
        return f32At(0, values, shape);
    }

    /** The first element stands {@code skip} elements into the buffer. */
    static Operand f32At(int skip, float[] values, long... shape) {
        Operand operand = empty(DType.F32, skip, shape);
        MemorySegment.copy(values, 0, CpuBuffer.segment(operand), ValueLayout.JAVA_FLOAT, 4L * skip, values.length);
        return operand;
    }

    static Operand f64(float[] values, long... shape) {
        Operand operand = empty(DType.F64, 0, shape);
        for (int i = 0; i < values.length; i++) {
            CpuBuffer.segment(operand).setAtIndex(ValueLayout.JAVA_DOUBLE, i, values[i]);
        }
        return operand;
    }

    static Operand i64(long... values) {
        Operand operand = empty(DType.I64, 0, values.length);
        MemorySegment.copy(values, 0, CpuBuffer.segment(operand), ValueLayout.JAVA_LONG, 0, values.length);
        return operand;
    }

    /** Filled with ones bits, so that an element that is not written is NaN or absurd. */
    static Operand empty(DType dtype, int skip, long... shape) {
        Shape sizes = Shape.of(shape);
        long bytes = (sizes.numel() + skip) * dtype.byteSize();
        var buffer = VECTOR.allocate(bytes);
        Operand operand = new Operand(buffer, dtype, new Layout(sizes, Layout.rowMajor(sizes), skip));
        CpuBuffer.segment(operand).fill((byte) 0xFF);
        return operand;
    }

    static Operand f32(long... shape) {
        return empty(DType.F32, 0, shape);
    }

    static Operand f64(long... shape) {
        return empty(DType.F64, 0, shape);
    }

    /** The elements of a contiguous F32 operand. */
    static float[] floats(Operand operand) {
        float[] values = new float[Math.toIntExact(operand.numel())];
        MemorySegment.copy(CpuBuffer.segment(operand), ValueLayout.JAVA_FLOAT, operand.byteOffset(), values, 0,
                values.length);
        return values;
    }

    /** The elements of a contiguous F64 operand. */
    static double[] doubles(Operand operand) {
        double[] values = new double[Math.toIntExact(operand.numel())];
        MemorySegment.copy(CpuBuffer.segment(operand), ValueLayout.JAVA_DOUBLE, operand.byteOffset(), values, 0,
                values.length);
        return values;
    }

    /** Every element within the limit; NaN and infinities must stand in the same places. */
    static void assertClose(String what, Operand actual, Operand expected, Limit limits) {
        float[] got = floats(actual);
        double[] want = doubles(expected);
        assertThat(got).as(what).hasSameSizeAs(want);
        for (int i = 0; i < want.length; i++) {
            boolean special = Double.isNaN(want[i]) || Float.isInfinite((float) want[i]);
            double limit = limits.relative() * Math.abs(want[i]) + limits.absolute();
            boolean close = special
                    ? Float.compare(got[i], (float) want[i]) == 0
                    : Math.abs(got[i] - want[i]) <= limit;
            if (!close) {
                throw new AssertionError(what + ": [" + i + "] is " + got[i] + ", expected " + want[i] + ", limit "
                        + limit);
            }
        }
    }

    /** The same bits whether 1, 2 or 3 threads work, and in a second run. */
    static void assertSameForAnyThreads(String what, Supplier<Operand[]> kernel) {
        int before = Parallel.threads();
        try {
            Parallel.limit(1);
            Operand[] alone = kernel.get();
            for (int threads = 1; threads <= 3; threads++) {
                Parallel.limit(threads);
                Operand[] together = kernel.get();
                for (int i = 0; i < alone.length; i++) {
                    assertSameBits(what + " with " + threads + " threads, result " + i, together[i], alone[i]);
                }
            }
        } finally {
            Parallel.limit(before);
        }
    }

    static void assertSameBits(String what, Operand actual, Operand expected) {
        float[] a = floats(actual);
        float[] b = floats(expected);
        assertThat(a).as(what).hasSameSizeAs(b);
        for (int i = 0; i < a.length; i++) {
            if (Float.floatToIntBits(a[i]) != Float.floatToIntBits(b[i])) {
                throw new AssertionError(what + ": [" + i + "] is " + a[i] + ", expected exactly " + b[i]);
            }
        }
    }
}
