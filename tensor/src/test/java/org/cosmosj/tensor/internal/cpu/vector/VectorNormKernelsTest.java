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
import org.cosmosj.tensor.spi.NormKernels;
import org.cosmosj.tensor.spi.NormKernels.Activation;
import org.cosmosj.tensor.spi.NormKernels.Rotation;
import org.cosmosj.tensor.spi.Operand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VectorNormKernelsTest {
    private static final double EPS = 1e-6;

    private final NormKernels fast = VECTOR.norms();
    private final NormKernels exact = SCALAR.norms();

    @Test
    void layerNormMatchesTheReference() {
        for (int d : AWKWARD_SIZES) {
            checkLayerNorm(2, 3, d);
        }
        checkLayerNorm(0, 3, 64);
        checkLayerNorm(2, 140, 207);
        checkLayerNorm(9, 4, 128);
    }

    private void checkLayerNorm(int groups, int rows, int d) {
        float[] x = random(1, groups * rows * d);
        float[] shift = random(2, groups * d);
        float[] scale = random(3, groups * d);
        float[] dOut = random(4, groups * rows * d);
        long[] shape = {groups, rows, d};
        String what = "layerNorm " + Arrays.toString(shape);
        Operand[] results = {f32(shape), f32(groups, rows), f32(groups, rows)};
        Operand[] expected = {f64(shape), f64(groups, rows), f64(groups, rows)};

        fast.layerNorm(f32(x, shape), f32(shift, groups, d), f32(scale, groups, d), EPS, results[0], results[1],
                results[2]);
        exact.layerNorm(f64(x, shape), f64(shift, groups, d), f64(scale, groups, d), EPS, expected[0], expected[1],
                expected[2]);
        for (int i = 0; i < 3; i++) {
            assertClose(what + " result " + i, results[i], expected[i], KernelLimits.NORM);
        }

        Operand[] gradients = {f32(shape), f32(groups, d), f32(groups, d)};
        Operand[] references = {f64(shape), f64(groups, d), f64(groups, d)};
        fast.layerNormBackward(f32(dOut, shape), f32(x, shape), f32(scale, groups, d), results[1], results[2],
                gradients[0], gradients[1], gradients[2]);
        exact.layerNormBackward(f64(dOut, shape), f64(x, shape), f64(scale, groups, d), expected[1], expected[2],
                references[0], references[1], references[2]);
        assertClose(what + " dX", gradients[0], references[0], KernelLimits.NORM);
        assertClose(what + " dShift", gradients[1], references[1], KernelLimits.SUMMED);
        assertClose(what + " dScale", gradients[2], references[2], KernelLimits.SUMMED);
    }

    @Test
    void plainLayerNormMatchesTheReference() {
        for (int d : AWKWARD_SIZES) {
            float[] x = random(1, 5 * d);
            float[] dOut = random(2, 5 * d);
            Operand[] results = {f32(1, 5, d), f32(1, 5), f32(1, 5), f32(1, 5, d)};
            Operand[] expected = {f64(1, 5, d), f64(1, 5), f64(1, 5), f64(1, 5, d)};

            fast.layerNorm(f32(x, 1, 5, d), null, null, EPS, results[0], results[1], results[2]);
            fast.layerNormBackward(f32(dOut, 1, 5, d), f32(x, 1, 5, d), null, results[1], results[2], results[3], null,
                    null);
            exact.layerNorm(f64(x, 1, 5, d), null, null, EPS, expected[0], expected[1], expected[2]);
            exact.layerNormBackward(f64(dOut, 1, 5, d), f64(x, 1, 5, d), null, expected[1], expected[2], expected[3],
                    null, null);

            for (int i = 0; i < 4; i++) {
                assertClose("plain layerNorm of " + d + " result " + i, results[i], expected[i], KernelLimits.NORM);
            }
        }
    }

    @Test
    void layerNormOfALargeMeanKeepsItsVariance() {
        float[] x = random(1, 2048);
        for (int i = 0; i < x.length; i++) {
            x[i] += 1000;
        }
        Operand out = f32(1, 1, 2048);
        Operand expected = f64(1, 1, 2048);

        fast.layerNorm(f32(x, 1, 1, 2048), null, null, EPS, out, f32(1, 1), f32(1, 1));
        exact.layerNorm(f64(x, 1, 1, 2048), null, null, EPS, expected, f64(1, 1), f64(1, 1));

        // The mean itself is rounded to an ulp of 1000.
        assertClose("layerNorm about 1000", out, expected, new KernelCase.Limit(1e-6, Math.ulp(1000f)));
    }

    @Test
    void layerNormKeepsANaNInItsRow() {
        float[] x = random(1, 3 * 70);
        x[100] = Float.NaN;
        Operand out = f32(1, 3, 70);

        fast.layerNorm(f32(x, 1, 3, 70), null, null, EPS, out, f32(1, 3), f32(1, 3));

        float[] y = floats(out);
        for (int i = 0; i < y.length; i++) {
            assertThat(Float.isNaN(y[i])).as("element %s", i).isEqualTo(i / 70 == 1);
        }
    }

    @Test
    void rmsNormMatchesTheReference() {
        for (int d : AWKWARD_SIZES) {
            checkRmsNorm(7, d);
        }
        checkRmsNorm(0, 64);
        checkRmsNorm(600, 128);
    }

    private void checkRmsNorm(int rows, int d) {
        float[] x = random(1, rows * d);
        float[] gain = random(2, d);
        float[] dOut = random(3, rows * d);
        Operand[] results = {f32(rows, d), f32(rows), f32(rows, d), f32(d)};
        Operand[] expected = {f64(rows, d), f64(rows), f64(rows, d), f64(d)};

        fast.rmsNorm(f32(x, rows, d), f32(gain, d), EPS, results[0], results[1]);
        fast.rmsNormBackward(f32(dOut, rows, d), f32(x, rows, d), f32(gain, d), results[1], results[2], results[3]);
        exact.rmsNorm(f64(x, rows, d), f64(gain, d), EPS, expected[0], expected[1]);
        exact.rmsNormBackward(f64(dOut, rows, d), f64(x, rows, d), f64(gain, d), expected[1], expected[2], expected[3]);

        for (int i = 0; i < 3; i++) {
            assertClose("rmsNorm " + rows + " x " + d + " result " + i, results[i], expected[i], KernelLimits.NORM);
        }
        assertClose("rmsNorm " + rows + " x " + d + " dGain", results[3], expected[3], KernelLimits.SUMMED);
    }

    @ParameterizedTest
    @EnumSource
    void channelNormMatchesTheReference(Activation activation) {
        for (int s : AWKWARD_SIZES) {
            checkChannelNorm(activation, 2, 5, s);
        }
        checkChannelNorm(activation, 0, 4, 64);
        checkChannelNorm(activation, 1, 96, 600);
    }

    private void checkChannelNorm(Activation activation, int n, int c, int s) {
        float[] x = random(1, n * c * s);
        if (s > 6) {
            zeroPosition(x, n, c, s, 6);
        }
        float[] gain = random(2, c);
        float[] dOut = random(3, n * c * s);
        long[] shape = {n, c, s};
        String what = "channelNorm " + activation + Arrays.toString(shape);
        Operand[] results = {f32(shape), f32(shape), f32(c)};
        Operand[] expected = {f64(shape), f64(shape), f64(c)};

        fast.channelNorm(f32(x, shape), f32(gain, c), activation, results[0]);
        fast.channelNormBackward(f32(dOut, shape), f32(x, shape), f32(gain, c), activation, results[1], results[2]);
        exact.channelNorm(f64(x, shape), f64(gain, c), activation, expected[0]);
        exact.channelNormBackward(f64(dOut, shape), f64(x, shape), f64(gain, c), activation, expected[1], expected[2]);

        assertClose(what, results[0], expected[0], KernelLimits.NORM);
        assertClose(what + " dX", results[1], expected[1], KernelLimits.NORM);
        assertClose(what + " dGain", results[2], expected[2], KernelLimits.SUMMED);
    }

    /** A position whose channels are all 0 divides by the smallest norm. */
    private static void zeroPosition(float[] x, int n, int c, int s, int position) {
        for (int row = 0; row < n * c; row++) {
            x[row * s + position] = 0;
        }
    }

    @Test
    void softmaxMatchesTheReference() {
        for (int d : AWKWARD_SIZES) {
            float[] x = random(1, 3 * d);
            float[] dY = random(2, 3 * d);
            Operand[] results = {f32(3, d), f32(3, d)};
            Operand[] expected = {f64(3, d), f64(3, d)};

            fast.softmax(f32(x, 3, d), results[0]);
            fast.softmaxBackward(f32(dY, 3, d), results[0], results[1]);
            exact.softmax(f64(x, 3, d), expected[0]);
            exact.softmaxBackward(f64(dY, 3, d), expected[0], expected[1]);

            assertClose("softmax of " + d, results[0], expected[0], KernelLimits.NORM);
            assertClose("softmax backward of " + d, results[1], expected[1], KernelLimits.NORM);
        }
    }

    @Test
    void softmaxHandlesHugeLogitsMasksAndNaN() {
        float[] x = new float[4 * 20];
        Arrays.fill(x, 0, 20, 3e38f);
        Arrays.fill(x, 20, 40, Float.NEGATIVE_INFINITY);
        x[25] = 1;
        Arrays.fill(x, 40, 60, Float.NEGATIVE_INFINITY);
        x[79] = Float.NaN;
        Operand out = f32(4, 20);
        Operand expected = f64(4, 20);

        fast.softmax(f32(x, 4, 20), out);
        exact.softmax(f64(x, 4, 20), expected);

        assertClose("softmax of extremes", out, expected, KernelLimits.NORM);
        assertThat(floats(out)[25]).isEqualTo(1f);
    }

    @ParameterizedTest
    @EnumSource
    void ropeMatchesTheReference(Rotation rotation) {
        for (int half : new int[] {0, 1, 3, 7, 16, 33, 64}) {
            long[] shape = {2, 5, 3, 2L * half};
            float[] x = random(1, 2 * 5 * 3 * 2 * half);
            float[] cos = random(2, 5 * half);
            float[] sin = random(3, 5 * half);
            Operand out = f32(shape);
            Operand expected = f64(shape);

            fast.rope(f32(x, shape), f32(cos, 5, half), f32(sin, 5, half), rotation, out);
            exact.rope(f64(x, shape), f64(cos, 5, half), f64(sin, 5, half), rotation, expected);

            assertClose("rope " + half, out, expected, KernelLimits.FUSED);
        }
    }

    @Test
    void everyNormGivesTheSameBitsForAnyThreads() {
        int rows = 200;
        int d = 207;
        float[] x = random(1, rows * d);
        float[] modulation = random(2, 2 * d);
        assertSameForAnyThreads("norms", () -> {
            Operand in = f32(x, 2, rows / 2, d);
            Operand scale = f32(modulation, 2, d);
            Operand[] layer = {f32(2, rows / 2, d), f32(rows), f32(rows), f32(2, rows / 2, d), f32(2, d), f32(2, d)};
            fast.layerNorm(in, scale, scale, EPS, layer[0], layer[1], layer[2]);
            fast.layerNormBackward(layer[0], in, scale, layer[1], layer[2], layer[3], layer[4], layer[5]);
            Operand[] rms = {f32(rows, d), f32(rows), f32(rows, d), f32(d)};
            fast.rmsNorm(in.reshape(rows, d), scale.reshape(2L * d), EPS, rms[0], rms[1]);
            fast.rmsNormBackward(rms[0], in.reshape(rows, d), scale, rms[1], rms[2], rms[3]);
            Operand[] soft = {f32(rows, d), f32(rows, d)};
            fast.softmax(in.reshape(rows, d), soft[0]);
            fast.softmaxBackward(in.reshape(rows, d), soft[0], soft[1]);
            return new Operand[] {layer[0], layer[1], layer[2], layer[3], layer[4], layer[5], rms[0], rms[2], rms[3],
                soft[0], soft[1]};
        });
        assertSameForAnyThreads("channelNorm, rope", () -> {
            Operand in = f32(random(1, 2 * 30 * 700), 2, 30, 700);
            Operand gain = f32(random(2, 30), 30);
            Operand[] channel = {f32(2, 30, 700), f32(2, 30, 700), f32(30)};
            fast.channelNorm(in, gain, Activation.SILU, channel[0]);
            fast.channelNormBackward(channel[0], in, gain, Activation.SILU, channel[1], channel[2]);
            Operand turned = f32(2, 30, 50, 14);
            fast.rope(in.reshape(2, 30, 50, 14), f32(random(3, 210), 30, 7), f32(random(4, 210), 30, 7),
                    Rotation.FORWARD, turned);
            return new Operand[] {channel[0], channel[1], channel[2], turned};
        });
    }
}
