package org.cosmosj.tensor.internal.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cosmosj.tensor.internal.cpu.vector.KernelCase.AWKWARD_SIZES;
import static org.cosmosj.tensor.internal.cpu.vector.KernelCase.SCALAR;
import static org.cosmosj.tensor.internal.cpu.vector.KernelCase.VECTOR;
import static org.cosmosj.tensor.internal.cpu.vector.KernelCase.assertSameBits;
import static org.cosmosj.tensor.internal.cpu.vector.KernelCase.assertSameForAnyThreads;
import static org.cosmosj.tensor.internal.cpu.vector.KernelCase.empty;
import static org.cosmosj.tensor.internal.cpu.vector.KernelCase.f32;
import static org.cosmosj.tensor.internal.cpu.vector.KernelCase.i64;
import static org.cosmosj.tensor.internal.cpu.vector.KernelCase.random;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.spi.CopyKernels;
import org.cosmosj.tensor.spi.Layout;
import org.cosmosj.tensor.spi.Operand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Copies do not round differently, so every comparison here is of bytes. */
class VectorCopyKernelsTest {
    private static final float[] SPECIAL = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0f, -0f,
        Float.MIN_VALUE, -1e-40f, 1e30f, Float.MAX_VALUE, 65504f, 65520f, 6e-8f, 255.9f, 256f, -1f, -1.5f, 3e9f,
        0x1.01p0f, 0x1.03p0f, 0x1.0100002p0f, 0x1.fffffep127f, 1e-7f};

    private final CopyKernels fast = VECTOR.copies();
    private final CopyKernels exact = SCALAR.copies();

    /** Bytes of small whole numbers, which every dtype can hold. */
    private static Operand numbers(DType dtype, long... shape) {
        float[] values = random(3, (int) Shape.of(shape).numel());
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.round(values[i] * 20 + 60);
        }
        Operand result = empty(dtype, 0, shape);
        SCALAR.copies().copy(f32(values, shape), result);
        return result;
    }

    private void check(String what, Operand x, DType to, Layout target) {
        long span = 1;
        for (int axis = 0; axis < target.shape().rank(); axis++) {
            span += Math.max(0, target.shape().size(axis) - 1) * target.stride(axis);
        }
        Operand out = empty(to, 0, target.offset() + span).with(target);
        Operand expected = empty(to, 0, target.offset() + span).with(target);

        fast.copy(x, out);
        exact.copy(x, expected);

        MemorySegment actual = CpuBuffer.segment(out);
        assertThat(actual.mismatch(CpuBuffer.segment(expected)))
                .as("%s: %s to %s %s, first different byte", what, x.layout(), to, target).isEqualTo(-1);
    }

    private void check(String what, Operand x) {
        check(what, x, x.dtype(), Layout.contiguous(x.shape()));
    }

    private static Operand permuted(Operand x, int... order) {
        long[] sizes = new long[order.length];
        long[] strides = new long[order.length];
        for (int i = 0; i < order.length; i++) {
            sizes[i] = x.size(order[i]);
            strides[i] = x.layout().stride(order[i]);
        }
        return x.with(new Layout(Shape.of(sizes), strides, x.layout().offset()));
    }

    @ParameterizedTest
    @EnumSource
    void copiesEveryLayoutOfEveryDtype(DType dtype) {
        for (int n : AWKWARD_SIZES) {
            check("dense", numbers(dtype, n));
            check("transposed", permuted(numbers(dtype, n, 3), 1, 0));
        }
        check("large", numbers(dtype, 3, Chunks.INLINE_ELEMENTS / 2));
        check("scalar", numbers(dtype));
        check("transposed", permuted(numbers(dtype, 207, 300), 1, 0));
        check("batch of transposed", permuted(numbers(dtype, 3, 70, 129), 0, 2, 1));
        check("heads", permuted(numbers(dtype, 2, 49, 4, 32), 0, 2, 1, 3));
        check("patches", permuted(numbers(dtype, 2, 3, 2, 4, 2, 6), 0, 2, 4, 1, 3, 5));
        check("reversed", permuted(numbers(dtype, 5, 6, 7, 3), 3, 2, 1, 0));
        check("narrowed", numbers(dtype, 9, 20, 5).with(new Layout(Shape.of(9, 11, 5), new long[] {100, 5, 1}, 15)));
        check("strided", numbers(dtype, 40, 6).with(new Layout(Shape.of(20, 2), new long[] {12, 3}, 1)));
        check("broadcast rows", numbers(dtype, 6).with(new Layout(Shape.of(50, 6), new long[] {0, 1}, 0)));
        check("broadcast columns", numbers(dtype, 50).with(new Layout(Shape.of(50, 60), new long[] {1, 0}, 0)));
        check("broadcast middle", numbers(dtype, 4, 5).with(new Layout(Shape.of(4, 7, 5), new long[] {5, 0, 1}, 0)));
        check("into a part", numbers(dtype, 4, 30), dtype, new Layout(Shape.of(4, 30), new long[] {77, 1}, 40));
        check("into columns", numbers(dtype, 70, 40), dtype, new Layout(Shape.of(70, 40), new long[] {1, 70}, 0));
        check("into every second", numbers(dtype, 70), dtype, new Layout(Shape.of(70), new long[] {2}, 1));
    }

    @Test
    void copiesRandomPermutations() {
        SplittableRandom random = new SplittableRandom(11);
        for (int trial = 0; trial < 60; trial++) {
            int rank = random.nextInt(1, 7);
            long[] shape = new long[rank];
            int[] order = new int[rank];
            for (int i = 0; i < rank; i++) {
                shape[i] = random.nextInt(1, 8);
                int at = random.nextInt(i + 1);
                order[i] = order[at];
                order[at] = i;
            }
            check("permutation " + trial, permuted(numbers(DType.F32, shape), order));
        }
    }

    @ParameterizedTest
    @EnumSource
    void castsToAndFromF32LikeTheReference(DType dtype) {
        Operand wide = f32(random(1, 5000), 5000);
        check("to " + dtype, wide, dtype, Layout.contiguous(Shape.of(5000)));
        check("special to " + dtype, f32(SPECIAL, SPECIAL.length), dtype, Layout.contiguous(Shape.of(SPECIAL.length)));
        check("part to " + dtype, wide.with(new Layout(Shape.of(13, 37), new long[] {50, 1}, 3)), dtype,
                Layout.contiguous(Shape.of(13, 37)));
        check("transposed to " + dtype, wide.with(new Layout(Shape.of(13, 37), new long[] {1, 13}, 3)), dtype,
                Layout.contiguous(Shape.of(13, 37)));
        check("from " + dtype, numbers(dtype, 2, 20_003), DType.F32, Layout.contiguous(Shape.of(2, 20_003)));
    }

    @Test
    void widensAndNarrowsEveryHalfPrecisionPattern() {
        for (DType half : new DType[] {DType.BF16, DType.F16}) {
            Operand all = empty(half, 0, 65_536);
            for (int i = 0; i < 65_536; i++) {
                CpuBuffer.segment(all).setAtIndex(ValueLayout.JAVA_SHORT, i, (short) i);
            }
            Operand wide = f32(65_536);
            Operand expected = f32(65_536);
            fast.copy(all, wide);
            exact.copy(all, expected);
            // As floats: the reference quiets signalling NaNs on its way through double.
            assertSameBits("all " + half, wide, expected);
            check("back to " + half, wide, half, Layout.contiguous(Shape.of(65_536)));
        }
    }

    @Test
    void fillsLikeTheReference() {
        for (int n : new int[] {0, 1, 13, 2046, Chunks.INLINE_ELEMENTS + 3}) {
            Operand out = f32(n);
            Operand expected = f32(n);
            fast.fill(-0.1, out);
            exact.fill(-0.1, expected);
            assertSameBits("fill " + n, out, expected);
        }
        Operand part = f32(10, 10);
        fast.fill(2, part.with(new Layout(Shape.of(3, 4), new long[] {10, 1}, 11)));
        float[] whole = KernelCase.floats(part);
        for (int i = 0; i < 100; i++) {
            boolean inside = i / 10 >= 1 && i / 10 < 4 && i % 10 >= 1 && i % 10 < 5;
            assertThat(whole[i]).as("element %s", i).isEqualTo(inside ? Float.valueOf(2) : Float.valueOf(Float.NaN));
        }
    }

    @Test
    void gathersAndScattersLikeTheReference() {
        for (int width : AWKWARD_SIZES) {
            Operand x = f32(random(1, 2 * 5 * width), 2, 5, width);
            Operand index = i64(4, 0, 4, 2, 2, 1);
            Operand out = f32(2, 6, width);
            Operand expected = f32(2, 6, width);
            fast.gather(x, index, out);
            exact.gather(x, index, expected);
            assertSameBits("gather of width " + width, out, expected);

            Operand sums = f32(random(2, 2 * 5 * width), 2, 5, width);
            Operand expectedSums = f32(random(2, 2 * 5 * width), 2, 5, width);
            fast.scatterAdd(out, index, sums);
            exact.scatterAdd(expected, index, expectedSums);
            assertSameBits("scatterAdd of width " + width, sums, expectedSums);
        }
    }

    @Test
    void normalNumbersAreTheReferences() {
        for (int n : new int[] {0, 1, 13, 5000}) {
            Operand out = f32(n);
            Operand expected = f32(n);
            fast.normal(42, 7, out);
            exact.normal(42, 7, expected);
            assertSameBits("normal " + n, out, expected);
        }
        Operand wide = KernelCase.f64(3000);
        Operand expected = KernelCase.f64(3000);
        fast.normal(1, 2, wide);
        exact.normal(1, 2, expected);
        assertThat(KernelCase.doubles(wide)).isEqualTo(KernelCase.doubles(expected));
    }

    @Test
    void everyCopyGivesTheSameBitsForAnyThreads() {
        Operand x = f32(random(1, 60_000), 200, 300);
        assertSameForAnyThreads("copies", () -> {
            Operand transposed = f32(300, 200);
            fast.copy(permuted(x, 1, 0), transposed);
            Operand rows = f32(1, 250, 300);
            long[] index = new long[250];
            for (int i = 0; i < index.length; i++) {
                index[i] = i * 7 % 200;
            }
            fast.gather(x.reshape(1, 200, 300), i64(index), rows);
            Operand sums = f32(random(2, 60_000), 1, 200, 300);
            fast.scatterAdd(rows, i64(index), sums);
            Operand numbers = f32(40_000);
            fast.normal(3, 4, numbers);
            return new Operand[] {transposed, rows, sums, numbers};
        });
    }
}
