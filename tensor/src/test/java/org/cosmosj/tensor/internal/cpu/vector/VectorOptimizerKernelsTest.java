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
import org.cosmosj.tensor.spi.OptimizerKernels;
import org.cosmosj.tensor.spi.OptimizerKernels.AdamWStep;
import org.junit.jupiter.api.Test;

class VectorOptimizerKernelsTest {
    private static final AdamWStep STEP =
            new AdamWStep(1e-3, 0.9, 0.999, 1e-8, 0.1, 1 - Math.pow(0.9, 5), 1 - Math.pow(0.999, 5), 0.7);

    private final OptimizerKernels fast = VECTOR.optimizers();
    private final OptimizerKernels exact = SCALAR.optimizers();

    @Test
    void adamWMatchesTheReference() {
        for (int n : AWKWARD_SIZES) {
            Operand[] state = {f32(random(1, n), n), f32(random(2, n), n), f32(random(3, n), n), f32(squares(4, n), n)};
            Operand[] expected =
                    {f64(random(1, n), n), f64(random(2, n), n), f64(random(3, n), n), f64(squares(4, n), n)};

            fast.adamW(state[0], state[1], state[2], state[3], STEP);
            exact.adamW(expected[0], expected[1], expected[2], expected[3], STEP);

            for (int i = 0; i < 4; i++) {
                assertClose("adamW of " + n + " operand " + i, state[i], expected[i], KernelLimits.FUSED);
            }
        }
    }

    private static float[] squares(long seed, int n) {
        float[] values = random(seed, n);
        for (int i = 0; i < n; i++) {
            values[i] *= values[i];
        }
        return values;
    }

    @Test
    void adamWOfAZeroGradientAndStateOnlyDecays() {
        Operand parameter = f32(new float[] {2f, -3f}, 2);

        fast.adamW(f32(new float[2], 2), parameter, f32(new float[2], 2), f32(new float[2], 2), STEP);

        assertThat(floats(parameter)).containsExactly(2f - 2e-4f, -3f + 3e-4f);
    }

    @Test
    void movingAverageMatchesTheReferenceAndKeepsAConstant() {
        for (int n : AWKWARD_SIZES) {
            Operand average = f32(random(2, n), n);
            Operand expected = f64(random(2, n), n);
            fast.movingAverage(f32(random(1, n), n), 0.99, average);
            exact.movingAverage(f64(random(1, n), n), 0.99, expected);
            assertClose("movingAverage of " + n, average, expected, KernelLimits.FUSED);
        }
        Operand constant = f32(new float[] {0.3f}, 1);
        for (int i = 0; i < 1000; i++) {
            fast.movingAverage(f32(new float[] {0.3f}, 1), 0.9999, constant);
        }
        assertThat(floats(constant)[0]).isEqualTo(0.3f);
    }

    @Test
    void zeroNonFiniteKeepsEverythingElse() {
        for (int n : new int[] {7, 16, 70}) {
            float[] x = random(1, n);
            x[0] = Float.NaN;
            x[n / 2] = Float.NEGATIVE_INFINITY;
            x[n - 1] = Float.POSITIVE_INFINITY;
            x[1] = Float.MAX_VALUE;
            x[2] = Float.MIN_VALUE;
            float[] expected = x.clone();
            expected[0] = expected[n / 2] = expected[n - 1] = 0;
            Operand gradient = f32(x, n);

            fast.zeroNonFinite(gradient);

            assertThat(floats(gradient)).as("of %s", n).isEqualTo(expected);
        }
    }

    @Test
    void updatesGiveTheSameBitsForAnyThreadsAndPositions() {
        int n = Chunks.INLINE_ELEMENTS + 37;
        assertSameForAnyThreads("updates", () -> {
            Operand[] state = {f32(random(1, n), n), f32(random(2, n), n), f32(random(3, n), n), f32(squares(4, n), n)};
            fast.adamW(state[0], state[1], state[2], state[3], STEP);
            fast.movingAverage(state[1], 0.9, state[0]);
            fast.zeroNonFinite(state[0]);
            return state;
        });
        int start = 23;
        int length = 40;
        Operand[] whole = {f32(random(1, n), n), f32(random(2, n), n), f32(random(3, n), n), f32(squares(4, n), n)};
        Operand[] part = new Operand[4];
        for (int i = 0; i < 4; i++) {
            part[i] = f32(Arrays.copyOfRange(floats(whole[i]), start, start + length), length);
        }
        fast.adamW(whole[0], whole[1], whole[2], whole[3], STEP);
        fast.adamW(part[0], part[1], part[2], part[3], STEP);
        for (int i = 0; i < 4; i++) {
            assertThat(floats(part[i])).isEqualTo(Arrays.copyOfRange(floats(whole[i]), start, start + length));
        }
    }
}
