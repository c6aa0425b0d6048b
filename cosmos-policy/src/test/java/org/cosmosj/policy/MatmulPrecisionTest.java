package org.cosmosj.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.cosmosj.nn.AdamW;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Gradients;
import org.cosmosj.tensor.MatmulPrecision;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tape;
import org.cosmosj.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** The network with linear layers that multiply in BF16: near the F32 one, in every gradient, and it learns. */
class MatmulPrecisionTest {
    /** Rounding two factors changes a product by 2^-9 at most; a few layers add up to a few times that. */
    private static final double NEAR = 0.03;
    private static final CosmosDiTConfig F32 = TinyDiT.config(2);
    private static final CosmosDiTConfig BF16 = F32.multiplying(MatmulPrecision.BF16);

    private static Tensor loss(CosmosDiT model, DiTInput input) {
        Tensor error = model.forward(input).sub(input.latents());
        return error.mul(error).mean();
    }

    @Test
    void resultsAndAllGradientsAreNearThoseOfF32() {
        try (Scope _ = Scope.open(Device.cpu(), "precision")) {
            DiTInput input = TinyDiT.input(F32, DType.F32, 2, 3, 4, 6);
            CosmosDiT exact = TinyDiT.random(F32, DType.F32);
            CosmosDiT rounded = TinyDiT.random(BF16, DType.F32);
            Gradients expected = gradients(exact, input);
            Gradients actual = gradients(rounded, input);

            assertThat(distance(rounded.forward(input), exact.forward(input))).isBetween(1e-5, NEAR);
            for (int i = 0; i < exact.parameters().size(); i++) {
                Parameter parameter = exact.parameters().get(i);
                assertThat(distance(actual.of(rounded.parameters().get(i)), expected.of(parameter)))
                        .as(parameter.name()).isLessThan(NEAR);
            }
        }
    }

    private static Gradients gradients(CosmosDiT model, DiTInput input) {
        Gradients gradients = Gradients.of(model.parameters());
        try (Tape tape = Tape.record()) {
            tape.backward(loss(model, input), gradients);
        }
        return gradients;
    }

    /** Relative, in the Euclidean norm. */
    private static double distance(Tensor actual, Tensor expected) {
        double[] a = actual.toDoubleArray();
        double[] b = expected.toDoubleArray();
        double difference = 0;
        double size = 0;
        for (int i = 0; i < a.length; i++) {
            difference += (a[i] - b[i]) * (a[i] - b[i]);
            size += b[i] * b[i];
        }
        return Math.sqrt(difference / size);
    }

    @Test
    void trainingLowersTheLossAsInF32() {
        List<Double> ratios = new ArrayList<>();
        for (CosmosDiTConfig config : List.of(F32, BF16)) {
            try (Scope _ = Scope.open(Device.cpu(), "training")) {
                CosmosDiT model = TinyDiT.random(config, DType.F32);
                DiTInput input = TinyDiT.input(config, DType.F32, 2, 3, 4, 6);
                AdamW optimizer = new AdamW(model.parameters(), new AdamW.Config(0.9, 0.99, 1e-8, 0.0));
                double before = loss(model, input).item();
                for (int step = 0; step < 20; step++) {
                    optimizer.step(gradients(model, input), 3e-3);
                }
                ratios.add(loss(model, input).item() / before);
            }
        }

        assertThat(ratios.getFirst()).isLessThan(0.5);
        assertThat(ratios.getLast()).isBetween(0.9 * ratios.getFirst(), 1.1 * ratios.getFirst());
    }

    @Test
    void configurationsKeepItInJson() {
        CosmosPolicyConfig plain = CosmosPolicyConfig.LIBERO;
        String json = plain.toJson().replace("\"matmul_precision\" : \"float32\"",
                "\"matmul_precision\" : \"bfloat16\"");
        CosmosPolicyConfig read = CosmosPolicyConfig.of(JsonFields.parse("test", json));

        assertThat(plain.net().matmulPrecision()).isEqualTo(MatmulPrecision.F32);
        assertThat(read.net()).isEqualTo(plain.net().multiplying(MatmulPrecision.BF16));
        assertThat(read.toJson()).isEqualTo(json);
        assertThat(read.net().with(Numerics.F32).matmulPrecision()).isEqualTo(MatmulPrecision.BF16);
    }
}
