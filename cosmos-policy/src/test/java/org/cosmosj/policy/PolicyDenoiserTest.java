package org.cosmosj.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cosmosj.testing.ArrayAssert.assertThatArray;

import java.util.ArrayList;
import java.util.List;
import org.cosmosj.diffusion.DiffusionLoss.Reduction;
import org.cosmosj.diffusion.Preconditioning.Edm;
import org.cosmosj.policy.DiffusionConfig.GivenFrames;
import org.cosmosj.policy.DiffusionConfig.SigmaScaling;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.testing.Tolerance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PolicyDenoiserTest {
    private static final LatentLayout LAYOUT = LatentLayout.LIBERO;
    private static final Shape LATENTS = Shape.of(2, 4, 9, 3, 5);

    private final List<DiTInput> inputs = new ArrayList<>();
    private Scope scope;
    private Conditioning given;
    private Tensor xt;
    private Tensor velocity;
    private Tensor sigma;

    @BeforeEach
    void makeBatch() {
        scope = Scope.open(Device.cpu(), "test");
        Tensor frames = Tensor.randn(Rng.seeded(1), DType.F32, LATENTS);
        Tensor mask = ConditioningMask
                .training(LAYOUT, List.of(SampleKind.DEMO, SampleKind.WORLD_MODEL), ObjectiveFlags.NONE).tensor(3, 5);
        given = Conditioning.unpadded(frames, mask, Tensor.zeros(DType.F32, Shape.of(2, 4, 6)));
        xt = Tensor.randn(Rng.seeded(2), DType.F32, LATENTS).mul(20);
        velocity = Tensor.randn(Rng.seeded(3), DType.F32, LATENTS);
        sigma = Tensor.of(new float[] {4, 19}, 2);
    }

    @AfterEach
    void closeScope() {
        scope.close();
    }

    private Tensor network(DiTInput input) {
        inputs.add(input);
        return velocity;
    }

    private static float[] frame(Tensor latents, int sample, int t) {
        return latents.select(0, sample).select(1, t).toFloatArray();
    }

    @Test
    void givenFramesEnterCleanWithTimeZero() {
        new PolicyDenoiser(this::network, DiffusionConfig.RELEASED, given).denoise(xt, sigma);

        DiTInput input = inputs.getFirst();
        assertThatArray(input.timesteps().toFloatArray(), 2, 9).isCloseTo(new float[] {0, 0, 0, 0, 0.8f, 0.8f, 0.8f,
            0.8f, 0.8f, 0, 0, 0, 0, 0, 0.95f, 0.95f, 0.95f, 0.95f}, Tolerance.f32());
        assertThat(frame(input.latents(), 1, 4)).isEqualTo(frame(given.frames(), 1, 4));
        assertThatArray(frame(input.latents(), 0, 4), 60)
                .isCloseTo(xt.select(0, 0).select(1, 4).mul(0.2).toFloatArray(), Tolerance.f32());
    }

    @Test
    void estimateFollowsTheFlowAndKeepsGivenFrames() {
        Tensor x0 = new PolicyDenoiser(this::network, DiffusionConfig.RELEASED, given).denoise(xt, sigma);

        assertThat(frame(x0, 0, 3)).isEqualTo(frame(given.frames(), 0, 3));
        assertThat(frame(x0, 1, 4)).isEqualTo(frame(given.frames(), 1, 4));
        Tensor expected = xt.select(0, 1).mul(0.05).sub(velocity.select(0, 1).mul(0.95)).select(1, 5);
        assertThatArray(frame(x0, 1, 5), 60).isCloseTo(expected.toFloatArray(), Tolerance.f32().times(10));
    }

    @Test
    void otherScalingsAndUnreplacedFramesFollowTheirFormula() {
        DiffusionConfig edm = new DiffusionConfig(new Edm(0.5), 0.5, 0.01, GivenFrames.ESTIMATED,
                DiffusionConfig.RELEASED.sigma(), SigmaScaling.NONE, 1, Reduction.SUM);

        Tensor x0 = new PolicyDenoiser(this::network, edm, given).denoise(xt, sigma);

        double variance = 16 + 0.25;
        DiTInput input = inputs.getFirst();
        assertThatArray(frame(input.latents(), 0, 2), 60)
                .isCloseTo(given.frames().select(0, 0).select(1, 2).mul(2).toFloatArray(), Tolerance.f32());
        assertThat(input.timesteps().toFloatArray()[2]).isCloseTo((float) Math.log(0.01) / 4, offset());
        Tensor expected = xt.select(0, 0).mul(0.25 / variance)
                .add(velocity.select(0, 0).mul(2 / Math.sqrt(variance))).select(1, 2);
        assertThatArray(frame(x0, 0, 2), 60).isCloseTo(expected.toFloatArray(), Tolerance.f32().times(4));
    }

    private static org.assertj.core.data.Offset<Float> offset() {
        return org.assertj.core.data.Offset.offset(1e-6f);
    }

    @Test
    void rejectsMasksOfOtherShapes() {
        Tensor frames = given.frames();
        Tensor mask = given.mask().narrow(2, 0, 8);
        Tensor text = given.text();
        assertThatThrownBy(() -> Conditioning.unpadded(frames, mask, text))
                .hasMessageContaining("expected (B, C, T, H, W)");
        assertThatThrownBy(() -> new DiffusionConfig(DiffusionConfig.RELEASED.preconditioning(), 0.5, 0,
                GivenFrames.REPLACED, DiffusionConfig.RELEASED.sigma(), SigmaScaling.NONE, 1, Reduction.MEAN))
                .hasMessageContaining("sigma_data 0.5 must be 1");
    }
}
