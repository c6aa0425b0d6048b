package org.cosmosj.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Gradients;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Safetensors;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.ShapeException;
import org.cosmosj.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdamWTest {
    private static final AdamW.Config CONFIG = new AdamW.Config(0.9, 0.99, 1e-8, 0.1);

    private Scope scope;

    @BeforeEach
    void open() {
        scope = Scope.open(Device.cpu(), "test");
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void followsTheFormula() {
        Parameter p = new Parameter("p", Tensor.of(new double[] {2, -3}, 2));
        Gradients gradients = Gradients.of(List.of(p));
        AdamW optimizer = new AdamW(List.of(p), CONFIG);
        double[] expected = {2, -3};
        double[] m = new double[2];
        double[] v = new double[2];

        for (int k = 1; k <= 4; k++) {
            double[] g = {0.5 * k, -0.25};
            gradients.of(p).copyFrom(Tensor.of(g, 2));
            optimizer.step(gradients, 1e-2);
            for (int i = 0; i < 2; i++) {
                m[i] = 0.9 * m[i] + 0.1 * g[i];
                v[i] = 0.99 * v[i] + 0.01 * g[i] * g[i];
                double update = m[i] / (1 - Math.pow(0.9, k)) / (Math.sqrt(v[i] / (1 - Math.pow(0.99, k))) + 1e-8);
                expected[i] -= 1e-2 * (update + 0.1 * expected[i]);
            }
        }

        assertThat(p.value().toDoubleArray()).containsExactly(expected, within(1e-14));
        assertThat(optimizer.steps()).isEqualTo(4);
    }

    @Test
    void scalesDownToTheNormInTheSamePass() {
        Parameter clipped = new Parameter("p", Tensor.of(new double[] {1, 1}, 2));
        Parameter reference = new Parameter("p", Tensor.of(new double[] {1, 1}, 2));
        Gradients large = Gradients.of(List.of(clipped));
        Gradients scaled = Gradients.of(List.of(reference));
        large.of(clipped).copyFrom(Tensor.of(new double[] {30, Double.NaN}, 2));
        scaled.of(reference).copyFrom(Tensor.of(new double[] {30 * (2 / (30 + 1e-6)), 0}, 2));

        AdamW optimizer = new AdamW(List.of(clipped), CONFIG);
        double norm = optimizer.stepClipped(large, 1e-3, 2);
        AdamW plain = new AdamW(List.of(reference), CONFIG);
        plain.step(scaled, 1e-3);

        assertThat(norm).isEqualTo(30);
        assertThat(clipped.value().toDoubleArray()).containsExactly(reference.value().toDoubleArray(), within(1e-15));
        assertThat(optimizer.state().get("exp_avg.p").toDoubleArray())
                .containsExactly(plain.state().get("exp_avg.p").toDoubleArray(), within(1e-15));
    }

    @Test
    void resumesBitForBit(@TempDir Path folder) throws CheckpointException {
        Path file = folder.resolve("optimizer.safetensors");
        Tensor start = Tensor.randn(Rng.seeded(1), DType.F32, Shape.of(7, 5));
        Parameter straight = new Parameter("p", start.copy());
        Parameter resumed = new Parameter("p", start.copy());
        AdamW first = new AdamW(List.of(straight), CONFIG);
        steps(first, straight, 0, 6);

        AdamW before = new AdamW(List.of(resumed), CONFIG);
        steps(before, resumed, 0, 3);
        Safetensors.write(file, before.state(), Map.of());
        AdamW after = new AdamW(List.of(resumed), CONFIG);
        try (Safetensors state = Safetensors.open(file)) {
            after.load(state);
        }
        steps(after, resumed, 3, 6);

        assertThat(after.steps()).isEqualTo(6);
        assertThat(resumed.value().toFloatArray()).isEqualTo(straight.value().toFloatArray());
    }

    private static void steps(AdamW optimizer, Parameter p, int from, int to) {
        Gradients gradients = Gradients.of(List.of(p));
        for (int step = from; step < to; step++) {
            gradients.of(p).copyFrom(Tensor.randn(Rng.seeded(9).stream(step), DType.F32, p.value().shape()));
            optimizer.stepClipped(gradients, 1e-3, 1);
        }
    }

    @Test
    void refusesTheStateOfAnotherModel(@TempDir Path folder) throws CheckpointException {
        Path file = folder.resolve("optimizer.safetensors");
        Parameter small = new Parameter("p", Tensor.zeros(DType.F32, Shape.of(2)));
        Parameter large = new Parameter("p", Tensor.zeros(DType.F32, Shape.of(3)));
        Safetensors.write(file, new AdamW(List.of(small), CONFIG).state(), Map.of());

        try (Safetensors state = Safetensors.open(file)) {
            AdamW optimizer = new AdamW(List.of(large), CONFIG);
            assertThatThrownBy(() -> optimizer.load(state)).isInstanceOf(ShapeException.class)
                    .hasMessageContaining("AdamW: exp_avg.p in ").hasMessageContaining("expected F32 (3)");
        }
        assertThatThrownBy(() -> new AdamW.Config(1, 0.9, 1e-8, 0)).hasMessageContaining("beta1 1.0");
    }
}
