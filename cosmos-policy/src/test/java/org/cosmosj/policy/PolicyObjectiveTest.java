package org.cosmosj.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cosmosj.nn.AdamW;
import org.cosmosj.nn.ExponentialMovingAverage;
import org.cosmosj.nn.LearningRateSchedule;
import org.cosmosj.nn.Rounding;
import org.cosmosj.nn.Trainer;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Gradients;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.ShapeException;
import org.cosmosj.tensor.Tape;
import org.cosmosj.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PolicyObjectiveTest {
    private static final LatentLayout LAYOUT = LatentLayout.LIBERO;

    private Scope scope;
    private CosmosDiT network;
    private PolicyBatch batch;

    @BeforeEach
    void makePolicy() {
        scope = Scope.open(Device.cpu(), "test");
        network = TinyPolicy.network();
        batch = TinyPolicy.batch(LAYOUT);
    }

    @AfterEach
    void closeScope() {
        scope.close();
    }

    private PolicyObjective objective(ObjectiveFlags flags) {
        return new PolicyObjective(TinyPolicy.config(LAYOUT).with(flags), network::forward);
    }

    private float[] step(long seed) {
        try (Scope _ = Scope.inner("step"); Tape tape = Tape.record()) {
            Gradients gradients = Gradients.of(network.parameters());
            tape.backward(objective(ObjectiveFlags.NONE).loss(batch, Rng.seeded(seed)).loss(), gradients);
            return gradients.flat().toFloatArray();
        }
    }

    @Test
    void writesNumbersIntoTheirFramesAndLeavesTheBatchAlone() {
        float[] before = batch.latents().toFloatArray();

        PolicyLoss loss = objective(ObjectiveFlags.NONE).loss(batch, Rng.seeded(1));

        assertThat(batch.latents().toFloatArray()).isEqualTo(before);
        float[] action = loss.x0().select(0, 0).select(1, 4).toFloatArray();
        float[] chunk = batch.actions().select(0, 0).toFloatArray();
        for (int i = 0; i < action.length; i++) {
            assertThat(action[i]).isEqualTo(chunk[i % chunk.length]);
        }
        assertThat(loss.x0().select(0, 1).select(1, 8).toFloatArray()).containsOnly(-1);
        assertThat(LatentInjection.read(loss.x0(), 5, TinyPolicy.PROPRIO).select(0, 2).toFloatArray())
                .containsExactly(batch.futureProprio().select(0, 2).toFloatArray(), within(1e-6f));
        assertThat(loss.x0().select(2, 3).toFloatArray()).isEqualTo(batch.latents().select(2, 3).toFloatArray());
    }

    @Test
    void noiseLevelsGrowWithTheRootOfTheFrames() {
        Tensor drawn = Tensor.of(new float[] {1, 4, 85}, 3);
        Tensor noise = Tensor.randn(Rng.seeded(4), DType.F32, batch.latents().shape());

        PolicyLoss loss = objective(ObjectiveFlags.NONE).loss(batch, drawn, noise);

        assertThat(loss.sigma().toFloatArray()).containsExactly(3, 12, 255);
    }

    @Test
    void lossIsTheMeanOfTheMaskedFrameErrors() {
        PolicyLoss loss = objective(ObjectiveFlags.NONE.withActionLossMultiplier(4)).loss(batch, Rng.seeded(2));

        double mean = loss.frameErrors().mul(loss.frameFactors()).mean().item();
        assertThat(loss.loss().item()).isCloseTo(10 * mean, within(1e-5 * mean));
        float[] errors = loss.frameErrors().toFloatArray();
        for (int b = 0; b < 3; b++) {
            for (int t = 0; t < 9; t++) {
                boolean given = t < new int[] {4, 5, 8}[b];
                assertThat(errors[b * 9 + t] == 0).as("sample %d frame %d", b, t).isEqualTo(given);
            }
        }
    }

    @Test
    void sameSeedGivesSameBits() {
        assertThat(step(7)).isEqualTo(step(7)).isNotEqualTo(step(8));
    }

    @Test
    void stepLeavesNothingBehind() {
        step(1);
        int owned = scope.live();
        long buffers = Backends.of(Device.cpu()).memory().liveBuffers();

        step(2);

        assertThat(scope.live()).isEqualTo(owned);
        assertThat(Backends.of(Device.cpu()).memory().liveBuffers()).isEqualTo(buffers);
    }

    @Test
    void trainingLowersTheLoss() {
        Trainer trainer = new Trainer(network.parameters(), new Trainer.Config(3e-3, LearningRateSchedule.CONSTANT,
                new AdamW.Config(0.9, 0.99, 1e-8, 0.1), 1, ExponentialMovingAverage.Decay.constant(0.9)));
        PolicyObjective objective = objective(ObjectiveFlags.NONE);
        List<Double> losses = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            losses.add(trainer.step(_ -> objective.loss(batch, Rng.seeded(5)).loss()).loss());
        }

        assertThat(losses.getLast()).isLessThan(0.8 * losses.getFirst());
    }

    @Test
    void termsCoverEachKindAndAreNaNWithoutSamples() {
        PolicyLoss loss = objective(ObjectiveFlags.NONE).loss(batch, Rng.seeded(3));
        Map<String, Double> terms = loss.terms(LAYOUT, batch.kinds());

        assertThat(terms).hasSize(2 + 2 * (5 + 4 + 1));
        assertThat(terms.get("demo_sample_action_l1_loss")).isPositive();
        assertThat(terms.get("edm_loss")).isCloseTo(loss.frameErrors().mean().item(), within(1e-5));
        List<SampleKind> demos = List.of(SampleKind.DEMO, SampleKind.DEMO, SampleKind.DEMO);
        assertThat(loss.terms(LAYOUT, demos).get("value_function_sample_value_mse_loss")).isNaN();
    }

    @Test
    void roundsInputsWhereThePolicyWasTrainedSo() {
        CosmosPolicyConfig plain = TinyPolicy.config(LAYOUT);
        CosmosPolicyConfig rounded = new CosmosPolicyConfig(plain.layout(), plain.net(), plain.vae(),
                plain.latentStatistics(), plain.sizes(), plain.diffusion(), plain.sampling(), plain.objective(),
                plain.crop(), Rounding.BFLOAT16);

        PolicyLoss loss = new PolicyObjective(rounded, network::forward).loss(batch, Rng.seeded(1));

        float stored = loss.x0().select(0, 0).select(1, 4).toFloatArray()[0];
        float exact = batch.actions().toFloatArray()[0];
        assertThat(stored).isEqualTo(Rounding.BFLOAT16.apply(exact)).isNotEqualTo(exact);
    }

    @Test
    void rejectsBatchesThatDoNotFit() {
        assertThatThrownBy(() -> new PolicyBatch(batch.latents(), batch.kinds(), batch.actions(), batch.proprio(),
                batch.futureProprio(), Tensor.zeros(DType.F32, Shape.of(2)), batch.text()))
                .isInstanceOf(ShapeException.class).hasMessageContaining("values (B) has shape (2) for 3 samples");
    }
}
