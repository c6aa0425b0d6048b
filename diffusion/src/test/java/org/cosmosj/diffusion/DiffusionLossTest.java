package org.cosmosj.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.cosmosj.diffusion.DiffusionLoss.Reduction;
import org.cosmosj.diffusion.Preconditioning.RectifiedFlow;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tape;
import org.cosmosj.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DiffusionLossTest {
    private static final double F32 = 2e-6;
    private static final Shape SHAPE = Shape.of(2, 3, 4, 5, 5);
    private static final RectifiedFlow FLOW = new RectifiedFlow(1);

    private Scope scope;
    private Tensor x0;
    private Tensor noise;
    private Tensor sigma;
    private Tensor factors;

    @BeforeEach
    void makeBatch() {
        scope = Scope.open(Device.cpu(), "test");
        x0 = Tensor.randn(Rng.seeded(1), DType.F32, SHAPE);
        noise = Tensor.randn(Rng.seeded(2), DType.F32, SHAPE);
        sigma = Tensor.of(new float[] {2, 30}, 2);
        factors = Tensor.of(new float[] {0, 1, 1, 3, 1, 0, 1, 1}, 2, 4);
    }

    @AfterEach
    void closeScope() {
        scope.close();
    }

    /** The definition, in double precision. */
    private double[] frameSums(float[] estimate) {
        float[] target = x0.toFloatArray();
        double[] sums = new double[8];
        for (int i = 0; i < target.length; i++) {
            int sample = i / 300;
            double s = sample == 0 ? 2 : 30;
            double weight = (1 + s) * (1 + s) / (s * s);
            sums[sample * 4 + i / 25 % 4] += weight * Math.pow(estimate[i] - target[i], 2);
        }
        return sums;
    }

    @Test
    void meanCountsMaskedFramesInTheDenominator() {
        double[] sums = frameSums(noise.toFloatArray());
        float[] f = factors.toFloatArray();
        double total = 0;
        for (int i = 0; i < 8; i++) {
            total += f[i] * sums[i];
        }

        double mean = new DiffusionLoss(FLOW, 10, Reduction.MEAN).loss(noise, x0, sigma, factors).item();
        double sum = new DiffusionLoss(FLOW, 10, Reduction.SUM).loss(noise, x0, sigma, factors).item();

        assertThat(mean).isCloseTo(10 * total / 600, within(F32 * mean));
        assertThat(sum).isCloseTo(10 * total / 200, within(F32 * sum));
    }

    @Test
    void perFrameIsTheUnmaskedMean() {
        double[] sums = frameSums(noise.toFloatArray());

        float[] frames = new DiffusionLoss(FLOW, 10, Reduction.MEAN).perFrame(noise, x0, sigma).toFloatArray();

        for (int i = 0; i < 8; i++) {
            assertThat(frames[i]).isCloseTo((float) (sums[i] / 75), within((float) (F32 * sums[i])));
        }
    }

    /** In rectified flow the weighted error of the estimate is the error of the velocity. */
    @Test
    void equalsTheVelocityErrorOfRectifiedFlow() {
        Tensor xt = DiffusionLoss.noised(x0, noise, sigma);
        Tensor velocity = Tensor.randn(Rng.seeded(3), DType.F32, SHAPE);
        Tensor estimate = xt.mul(FLOW.cSkip(sigma).reshape(2, 1, 1, 1, 1))
                .add(velocity.mul(FLOW.cOut(sigma).reshape(2, 1, 1, 1, 1)));
        Tensor ones = Tensor.full(1, DType.F32, Shape.of(2, 4));

        double loss = new DiffusionLoss(FLOW, 1, Reduction.MEAN).loss(estimate, x0, sigma, ones).item();

        Tensor error = velocity.sub(noise.sub(x0));
        assertThat(loss).isCloseTo(error.mul(error).mean().item(), within(1e-4));
    }

    @Test
    void gradientIsTwiceTheWeightedError() {
        try (Tape tape = Tape.record()) {
            Tensor estimate = tape.watch(noise.copy());
            Tensor loss = new DiffusionLoss(FLOW, 10, Reduction.MEAN).loss(estimate, x0, sigma, factors);
            tape.backward(loss, null);

            Tensor weight = FLOW.lossWeight(sigma).unsqueeze(1).mul(factors).reshape(2, 1, 4, 1, 1);
            float[] expected = noise.sub(x0).mul(weight).mul(20.0 / 600).toFloatArray();
            float[] actual = tape.gradient(estimate).toFloatArray();
            for (int i = 0; i < actual.length; i++) {
                assertThat(actual[i]).isCloseTo(expected[i], within((float) F32));
            }
        }
    }

    @Test
    void impliedNoiseUndoesNoising() {
        Tensor xt = DiffusionLoss.noised(x0, noise, sigma);

        float[] implied = DiffusionLoss.impliedNoise(xt, x0, sigma).toFloatArray();

        float[] expected = noise.toFloatArray();
        for (int i = 0; i < implied.length; i++) {
            assertThat(implied[i]).isCloseTo(expected[i], within(1e-5f));
        }
    }
}
