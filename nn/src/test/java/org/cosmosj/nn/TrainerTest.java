package org.cosmosj.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
    private static final Trainer.Config CONFIG = new Trainer.Config(3e-2, step -> 1 / Math.sqrt(1 + step),
            new AdamW.Config(0.9, 0.95, 1e-8, 0.01), 1, ExponentialMovingAverage.Decay.constant(0.9));

    /** A two-layer regression whose batch depends on the step alone. */
    private static final class Regression {
        private final Weights weights = Weights.random(Rng.seeded(5), DType.F32);
        private final Linear hidden = new Linear(weights.at("hidden"), 6, 16);
        private final Linear readout = new Linear(weights.at("readout"), 16, 3);
        private final Trainer trainer = new Trainer(weights.parameters(), CONFIG);

        Tensor loss(long step) {
            Rng rng = Rng.seeded(11).stream(step);
            Tensor x = Tensor.randn(rng, DType.F32, Shape.of(8, 6));
            Tensor error = readout.forward(Functional.silu(hidden.forward(x))).sub(x.narrow(1, 0, 3));
            return error.mul(error).mean();
        }

        double run(int steps) {
            double loss = Double.NaN;
            for (int i = 0; i < steps; i++) {
                loss = trainer.step(this::loss).loss();
            }
            return loss;
        }

        float[] values() {
            return Tensor.cat(0, weights.parameters().stream().map(p -> p.value().detach().reshape(-1))
                    .toArray(Tensor[]::new)).toFloatArray();
        }
    }

    @Test
    void resumedRunContinuesWithTheSameBits(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("run.safetensors");
        try (Scope scope = Scope.open(Device.cpu(), "test")) {
            Regression whole = new Regression();
            whole.run(7);
            Regression first = new Regression();
            first.run(3);
            first.trainer.save(file, Map.of("task", "regression"));
            Regression second = new Regression();
            second.run(1);

            second.trainer.load(file, Map.of("task", "regression"));
            second.run(4);

            assertThat(second.values()).isEqualTo(whole.values());
            second.trainer.average().swap();
            whole.trainer.average().swap();
            assertThat(second.values()).isEqualTo(whole.values());
            assertThat(second.trainer.steps()).isEqualTo(7);
            assertThat(scope.live()).isPositive();
        }
    }

    @Test
    void refusesToResumeWithOtherSettings(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("run.safetensors");
        try (Scope scope = Scope.open(Device.cpu(), "test")) {
            Regression model = new Regression();
            model.trainer.save(file, Map.of("task", "regression"));

            assertThatThrownBy(() -> model.trainer.load(file, Map.of("task", "other")))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(file.toString())
                    .hasMessageContaining("regression").hasMessageContaining("other");
            assertThat(scope.live()).isPositive();
        }
    }

    @Test
    void lowersTheLossAndKeepsNothingAliveAfterAStep() {
        try (Scope scope = Scope.open(Device.cpu(), "test")) {
            Regression model = new Regression();
            double before = model.loss(0).item();
            model.run(1);
            long live = Backends.of(Device.cpu()).memory().liveBuffers();

            model.run(150);

            assertThat(Backends.of(Device.cpu()).memory().liveBuffers()).isEqualTo(live);
            assertThat(model.loss(0).item()).isLessThan(0.5 * before);
            assertThat(scope.live()).isPositive();
        }
    }

    @Test
    void refusesALossThatIsNotANumberAndLeavesTheModelAsItWas() {
        try (Scope scope = Scope.open(Device.cpu(), "test")) {
            Regression model = new Regression();
            model.run(2);
            float[] before = model.values();

            assertThatThrownBy(() -> model.trainer.step(step -> model.loss(step).mul(Double.NaN)))
                    .isInstanceOf(NonFiniteLossException.class).hasMessageContaining("training step 2")
                    .hasMessageContaining("NaN").hasMessageContaining("learning rate");

            assertThat(model.values()).isEqualTo(before);
            assertThat(model.trainer.steps()).isEqualTo(2);
            assertThat(scope.live()).isPositive();
        }
    }
}
