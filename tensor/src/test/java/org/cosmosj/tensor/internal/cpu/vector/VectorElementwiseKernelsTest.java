package org.cosmosj.tensor.internal.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cosmosj.tensor.internal.cpu.vector.KernelCase.AWKWARD_SIZES;
import static org.cosmosj.tensor.internal.cpu.vector.KernelCase.SCALAR;
import static org.cosmosj.tensor.internal.cpu.vector.KernelCase.VECTOR;
import static org.cosmosj.tensor.internal.cpu.vector.KernelCase.assertClose;
import static org.cosmosj.tensor.internal.cpu.vector.KernelCase.assertSameForAnyThreads;
import static org.cosmosj.tensor.internal.cpu.vector.KernelCase.f32;
import static org.cosmosj.tensor.internal.cpu.vector.KernelCase.f32At;
import static org.cosmosj.tensor.internal.cpu.vector.KernelCase.f64;
import static org.cosmosj.tensor.internal.cpu.vector.KernelCase.floats;
import static org.cosmosj.tensor.internal.cpu.vector.KernelCase.random;

import java.util.Arrays;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.spi.ElementwiseKernels;
import org.cosmosj.tensor.spi.ElementwiseKernels.Binary;
import org.cosmosj.tensor.spi.ElementwiseKernels.Unary;
import org.cosmosj.tensor.spi.Operand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VectorElementwiseKernelsTest {
    private static final float[] SPECIAL = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0f, -0f,
        Float.MIN_VALUE, -1e-40f, 1e30f, -1e30f, Float.MAX_VALUE, 100f, -100f, 1f, -1f};
    /** Crosses the borders of chunks and of threads. */
    private static final int LARGE = Chunks.INLINE_ELEMENTS + 37;

    private final ElementwiseKernels fast = VECTOR.elementwise();
    private final ElementwiseKernels exact = SCALAR.elementwise();

    @ParameterizedTest
    @EnumSource
    void unaryMatchesTheReference(Unary f) {
        for (int n : AWKWARD_SIZES) {
            checkUnary(f, random(n, n));
        }
        checkUnary(f, SPECIAL);
    }

    private void checkUnary(Unary f, float[] x) {
        Operand out = f32(x.length);
        Operand expected = f64(x.length);

        fast.unary(f, f32(x, x.length), out);
        exact.unary(f, f64(x, x.length), expected);

        assertClose(f + " of " + x.length, out, expected, KernelLimits.of(f));
    }

    @ParameterizedTest
    @EnumSource
    void unaryBackwardMatchesTheReference(Unary f) {
        for (int n : AWKWARD_SIZES) {
            checkUnaryBackward(f, random(n, n), random(n + 1, n));
        }
        checkUnaryBackward(f, SPECIAL, random(1, SPECIAL.length));
        checkUnaryBackward(f, random(2, SPECIAL.length), SPECIAL);
    }

    private void checkUnaryBackward(Unary f, float[] x, float[] dY) {
        Operand dX = f32(x.length);
        Operand expected = f64(x.length);

        fast.unaryBackward(f, f32(x, x.length), f32(dY, x.length), dX);
        exact.unaryBackward(f, f64(x, x.length), f64(dY, x.length), expected);

        assertClose(f + " backward of " + x.length, dX, expected, KernelLimits.ofBackward(f));
    }

    @ParameterizedTest
    @EnumSource
    void aResultDoesNotDependOnPositionInPlaceOrThreads(Unary f) {
        float[] x = random(5, LARGE);
        Operand whole = f32(LARGE);
        fast.unary(f, f32(x, LARGE), whole);
        float[] expected = floats(whole);

        for (int start : new int[] {1, 5, 16, 33, Chunks.ELEMENTS - 1, LARGE - 3}) {
            int n = Math.min(100, LARGE - start);
            Operand part = f32At(start % 7, Arrays.copyOfRange(x, start, start + n), n);
            fast.unary(f, part, part);
            assertThat(floats(part)).as("%s from %s", f, start)
                    .isEqualTo(Arrays.copyOfRange(expected, start, start + n));
        }
        assertSameForAnyThreads(f.name(), () -> {
            Operand out = f32(LARGE);
            fast.unary(f, f32(x, LARGE), out);
            Operand dX = f32(LARGE);
            fast.unaryBackward(f, f32(x, LARGE), out, dX);
            return new Operand[] {out, dX};
        });
    }

    @ParameterizedTest
    @EnumSource
    void binaryOfEqualShapesMatchesTheReference(Binary f) {
        for (int n : AWKWARD_SIZES) {
            checkBinary(f, random(n, n), new long[] {n}, random(n + 1, n), new long[] {n}, n);
        }
        checkBinary(f, SPECIAL, new long[] {14}, random(1, 14), new long[] {14}, 14);
        checkBinary(f, SPECIAL, new long[] {14, 1}, SPECIAL, new long[] {14}, 14, 14);
        checkBinary(f, random(1, LARGE), new long[] {LARGE}, random(2, LARGE), new long[] {LARGE}, LARGE);
    }

    @ParameterizedTest
    @EnumSource
    void binaryBroadcastsMatchTheReference(Binary f) {
        long[][][] cases = {
            {{}, {}}, {{13}, {}}, {{}, {13}}, {{5, 7}, {7}}, {{7}, {5, 7}}, {{5, 7}, {5, 1}}, {{5, 1}, {5, 7}},
            {{5, 1}, {1, 7}}, {{2, 3, 64}, {3, 1}}, {{2, 3, 64}, {2, 1, 64}}, {{2, 1, 4, 13}, {3, 1, 13}},
            {{4, 0}, {1}}, {{2, 3, 1, 5}, {2, 1, 4, 1}}, {{100, 207}, {207}}, {{300, 207}, {300, 1}}, {{70_000, 1}, {}},
        };
        for (long[][] shapes : cases) {
            Shape a = Shape.of(shapes[0]);
            Shape b = Shape.of(shapes[1]);
            checkBinary(f, random(1, (int) a.numel()), shapes[0], random(2, (int) b.numel()), shapes[1],
                    a.broadcast(b).toArray());
        }
    }

    private void checkBinary(Binary f, float[] a, long[] shapeA, float[] b, long[] shapeB, long... shape) {
        Operand out = f32(shape);
        Operand expected = f64(shape);

        fast.binary(f, spread(f32(a, shapeA), shape), spread(f32(b, shapeB), shape), out);
        exact.binary(f, spread(f64(a, shapeA), shape), spread(f64(b, shapeB), shape), expected);

        assertClose(f + " " + Shape.of(shapeA) + " " + Shape.of(shapeB), out, expected, KernelLimits.ROUNDED);
    }

    private static Operand spread(Operand x, long... shape) {
        return x.with(x.layout().broadcastTo(Shape.of(shape)));
    }

    @Test
    void binaryReadsTransposedOperands() {
        float[] x = random(1, 35);
        Operand out = f32(5, 7);
        Operand transposed = f32(x, 7, 5);
        transposed = transposed.with(new org.cosmosj.tensor.spi.Layout(Shape.of(5, 7), new long[] {1, 5}, 0));

        fast.binary(Binary.ADD, transposed, spread(f32(new float[] {1}), 5, 7), out);

        assertThat(floats(out)[1 * 7 + 3]).isEqualTo(x[3 * 5 + 1] + 1);
    }

    @Test
    void affineAndAxpyMatchTheReference() {
        for (int n : AWKWARD_SIZES) {
            Operand out = f32(n);
            Operand expected = f64(n);
            fast.affine(f32(random(1, n), n), 0.5, -2, out);
            exact.affine(f64(random(1, n), n), 0.5, -2, expected);
            assertClose("affine of " + n, out, expected, KernelLimits.FUSED);

            Operand y = f32(random(2, n), n);
            expected = f64(random(2, n), n);
            fast.axpy(-1.25, f32(random(1, n), n), y);
            exact.axpy(-1.25, f64(random(1, n), n), expected);
            assertClose("axpy of " + n, y, expected, KernelLimits.FUSED);
        }
    }

    @Test
    void affineAndAxpyGiveTheSameBitsForAnyThreads() {
        assertSameForAnyThreads("affine, axpy", () -> {
            Operand y = f32(random(1, LARGE), LARGE);
            fast.axpy(0.3, f32(random(2, LARGE), LARGE), y);
            Operand out = f32(LARGE);
            fast.affine(y, 0.7, 0.1, out);
            return new Operand[] {y, out};
        });
    }

    @Test
    void gatedResidualMatchesTheReference() {
        int[][] shapes = {{0, 2, 5}, {1, 1, 1}, {2, 3, 7}, {3, 33, 64}, {2, 140, 207}, {9, 4, 128}, {1, 70, 702}};
        for (int[] s : shapes) {
            checkGatedResidual(s[0], s[1], s[2]);
        }
    }

    private void checkGatedResidual(int groups, int rows, int d) {
        float[] x = random(1, groups * rows * d);
        float[] gate = random(2, groups * d);
        float[] y = random(3, groups * rows * d);
        long[] shape = {groups, rows, d};
        Operand out = f32(shape);
        Operand expected = f64(shape);

        fast.gatedResidual(f32(x, shape), f32(gate, groups, d), f32(y, shape), out);
        exact.gatedResidual(f64(x, shape), f64(gate, groups, d), f64(y, shape), expected);
        assertClose("gatedResidual " + Arrays.toString(shape), out, expected, KernelLimits.FUSED);

        Operand[] gradients = {f32(shape), f32(groups, d)};
        Operand[] references = {f64(shape), f64(groups, d)};
        fast.gatedResidualBackward(f32(x, shape), f32(gate, groups, d), f32(y, shape), gradients[0], gradients[1]);
        exact.gatedResidualBackward(f64(x, shape), f64(gate, groups, d), f64(y, shape), references[0], references[1]);
        assertClose("dY " + Arrays.toString(shape), gradients[0], references[0], KernelLimits.FUSED);
        assertClose("dGate " + Arrays.toString(shape), gradients[1], references[1], KernelLimits.SUMMED);
    }

    @Test
    void gatedResidualGivesTheSameBitsForAnyThreads() {
        float[] x = random(1, 2 * 300 * 207);
        float[] gate = random(2, 2 * 207);
        assertSameForAnyThreads("gatedResidual", () -> {
            Operand out = f32(2, 300, 207);
            fast.gatedResidual(f32(x, 2, 300, 207), f32(gate, 2, 207), f32(x, 2, 300, 207), out);
            Operand dY = f32(2, 300, 207);
            Operand dGate = f32(2, 207);
            fast.gatedResidualBackward(out, f32(gate, 2, 207), f32(x, 2, 300, 207), dY, dGate);
            return new Operand[] {out, dY, dGate};
        });
    }

    @Test
    void aWrongElementIsNoticed() {
        Operand out = f32(random(1, 64), 64);
        Operand expected = f64(random(1, 64), 64);
        float[] bad = random(1, 64);
        bad[63] = Math.nextUp(Math.nextUp(bad[63]));

        assertClose("good", out, expected, KernelLimits.ROUNDED);
        assertThatThrownBy(() -> assertClose("bad", f32(bad, 64), expected, KernelLimits.ROUNDED))
                .isInstanceOf(AssertionError.class).hasMessageContaining("bad: [63] is");
        bad[63] = Float.NaN;
        assertThatThrownBy(() -> assertClose("bad", f32(bad, 64), expected, KernelLimits.ROUNDED))
                .isInstanceOf(AssertionError.class).hasMessageContaining("is NaN");
    }
}
