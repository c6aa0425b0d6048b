package org.cosmosj.tensor.internal.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cosmosj.tensor.internal.cpu.vector.KernelCase.AWKWARD_SIZES;
import static org.cosmosj.tensor.internal.cpu.vector.KernelCase.SCALAR;
import static org.cosmosj.tensor.internal.cpu.vector.KernelCase.VECTOR;
import static org.cosmosj.tensor.internal.cpu.vector.KernelCase.assertClose;
import static org.cosmosj.tensor.internal.cpu.vector.KernelCase.assertSameForAnyThreads;
import static org.cosmosj.tensor.internal.cpu.vector.KernelCase.f32;
import static org.cosmosj.tensor.internal.cpu.vector.KernelCase.f64;
import static org.cosmosj.tensor.internal.cpu.vector.KernelCase.floats;
import static org.cosmosj.tensor.internal.cpu.vector.KernelCase.random;

import java.util.Arrays;
import org.cosmosj.tensor.spi.Operand;
import org.cosmosj.tensor.spi.ReductionKernels;
import org.cosmosj.tensor.spi.ReductionKernels.Reduce;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VectorReductionKernelsTest {
    private final ReductionKernels fast = VECTOR.reductions();
    private final ReductionKernels exact = SCALAR.reductions();

    @ParameterizedTest
    @EnumSource
    void reduceMatchesTheReference(Reduce how) {
        for (int n : AWKWARD_SIZES) {
            check(how, 3, n, 1);
            check(how, 1, n, 5);
            check(how, 2, 6, n);
            check(how, n, 6, 1);
        }
        check(how, 2, 70_000, 1);
        check(how, 1, 1000, 64);
        check(how, 3, 300, 70);
        check(how, 1, 9, 9000);
    }

    private void check(Reduce how, int a, int r, int b) {
        float[] x = random(1, a * r * b);
        Operand out = f32(a, b);
        Operand expected = f64(a, b);

        fast.reduce(how, f32(x, a, r, b), out);
        exact.reduce(how, f64(x, a, r, b), expected);

        assertClose(how + " of " + Arrays.toString(new int[] {a, r, b}), out, expected, KernelLimits.SUMMED_IN_DOUBLE);
    }

    @Test
    void aSumOfTenMillionIsAsGoodAsAShortOne() {
        float[] x = new float[10_000_000];
        Arrays.fill(x, 0.1f);
        Operand column = f32(1, 1);
        Operand row = f32(1, 2);

        fast.reduce(Reduce.SUM, f32(x, 1, x.length, 1), column);
        fast.reduce(Reduce.SUM, f32(x, 1, x.length / 2, 2), row);

        double exactSum = 0.1f * 1e7;
        assertThat((double) floats(column)[0]).isCloseTo(exactSum, within(1e-7 * exactSum));
        assertThat((double) floats(row)[1]).isCloseTo(exactSum / 2, within(1e-7 * exactSum));
    }

    private static org.assertj.core.data.Offset<Double> within(double offset) {
        return org.assertj.core.data.Offset.offset(offset);
    }

    @ParameterizedTest
    @EnumSource
    void aNaNReachesItsResultAlone(Reduce how) {
        for (long[] shape : new long[][] {{3, 70, 1}, {1, 70, 3}}) {
            float[] x = random(1, 210);
            x[100] = Float.NaN;
            Operand out = f32(3);
            fast.reduce(how, f32(x, shape), out);
            float[] sums = floats(out);
            assertThat(sums[1]).as("%s of %s", how, Arrays.toString(shape)).isNaN();
            assertThat(sums[0]).isFinite();
            assertThat(sums[2]).isFinite();
        }
    }

    @ParameterizedTest
    @EnumSource
    void infinitiesAreReduced(Reduce how) {
        float[] x = random(1, 40);
        x[3] = Float.POSITIVE_INFINITY;
        x[23] = Float.NEGATIVE_INFINITY;
        Operand out = f32(2);
        Operand expected = f64(2);
        fast.reduce(how, f32(x, 2, 20, 1), out);
        exact.reduce(how, f64(x, 2, 20, 1), expected);
        assertClose(how + " with infinities", out, expected, KernelLimits.SUMMED_IN_DOUBLE);
    }

    @Test
    void weightedSquaredErrorMatchesTheReference() {
        int[][] shapes = {{0, 2, 3, 5}, {1, 1, 1, 1}, {2, 3, 4, 7}, {2, 4, 9, 49}, {1, 16, 9, 784}, {3, 2, 1, 2046}};
        for (int[] s : shapes) {
            int n = s[0] * s[1] * s[2] * s[3];
            long[] shape = {s[0], s[1], s[2], s[3]};
            float[] p = random(1, n);
            float[] t = random(2, n);
            float[] w = random(3, s[0] * s[2]);
            String what = "weightedSquaredError of " + Arrays.toString(shape);
            double scale = 1.0 / Math.max(1, n);
            Operand[] results = {f32(), f32(shape)};
            Operand[] expected = {f64(), f64(shape)};

            fast.weightedSquaredError(f32(p, shape), f32(t, shape), f32(w, s[0], s[2]), scale, results[0]);
            exact.weightedSquaredError(f64(p, shape), f64(t, shape), f64(w, s[0], s[2]), scale, expected[0]);
            assertClose(what, results[0], expected[0], KernelLimits.SUMMED);

            Operand seed = f32(new float[] {1.5f});
            fast.weightedSquaredErrorBackward(seed, f32(p, shape), f32(t, shape), f32(w, s[0], s[2]), scale,
                    results[1]);
            exact.weightedSquaredErrorBackward(f64(new float[] {1.5f}), f64(p, shape), f64(t, shape),
                    f64(w, s[0], s[2]), scale, expected[1]);
            assertClose(what + " gradient", results[1], expected[1], KernelLimits.NORM);
        }
    }

    @Test
    void everyReductionGivesTheSameBitsForAnyThreads() {
        float[] x = random(1, 3 * 207 * 210);
        assertSameForAnyThreads("reductions", () -> {
            Operand[] results = {f32(3), f32(630), f32(210), f32(3 * 210), f32(1), f32(1)};
            Operand in = f32(x, 3, 207, 210);
            fast.reduce(Reduce.SUM, in.reshape(3, 207 * 210, 1), results[0]);
            fast.reduce(Reduce.SUM, in.reshape(630, 207, 1), results[1]);
            fast.reduce(Reduce.SUM, in.reshape(1, 621, 210), results[2]);
            fast.reduce(Reduce.SUM_OF_SQUARES, in, results[3]);
            fast.reduce(Reduce.SUM_OF_SQUARES, in.reshape(1, x.length, 1), results[4]);
            fast.weightedSquaredError(in.reshape(3, 9, 23, 210), f32(random(2, x.length), 3, 9, 23, 210),
                    f32(random(3, 69), 3, 23), 0.1, results[5]);
            return results;
        });
    }
}
