package org.cosmosj.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Gradients;
import org.cosmosj.tensor.MatmulPrecision;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tape;
import org.cosmosj.tensor.Tensor;
import org.junit.jupiter.api.Test;

class LinearTest {
    /** Numbers that BF16 holds, so that results and both gradients are exact in either precision. */
    @Test
    void exactNumbersGiveExactGradientsInBf16() {
        try (Scope _ = Scope.open(Device.cpu(), "linear"); Tape tape = Tape.record()) {
            Weights weights = Weights.random(Rng.seeded(1), DType.F32).multiplying(MatmulPrecision.BF16);
            Linear layer = new Linear(weights.at("proj"), 5, 3);
            Tensor weight = weights.parameters().getFirst().value();
            weight.copyFrom(eighths(2, 3, 5));
            Tensor x = tape.watch(eighths(3, 4, 5));
            Tensor dOut = eighths(4, 4, 3);
            Gradients gradients = Gradients.of(weights.parameters());
            Tensor out = layer.forward(x);
            tape.backward(out, dOut, gradients);

            assertThat(out.toFloatArray()).isEqualTo(x.matmul(weight.transpose(0, 1)).toFloatArray());
            assertThat(tape.gradient(x).toFloatArray()).isEqualTo(dOut.matmul(weight).toFloatArray());
            assertThat(gradients.of(weights.parameters().getFirst()).toFloatArray())
                    .isEqualTo(dOut.transpose(0, 1).contiguous().matmul(x).toFloatArray());
        }
    }

    private static Tensor eighths(int seed, long... sizes) {
        float[] values = Tensor.randn(Rng.seeded(seed), DType.F32, Shape.of(sizes)).toFloatArray();
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.round(8 * values[i]) / 8f;
        }
        return Tensor.of(values, sizes);
    }

    @Test
    void weightsSayHowLayersMultiply() {
        try (Scope _ = Scope.open(Device.cpu(), "linear")) {
            Weights plain = Weights.random(Rng.seeded(1), DType.F32);
            Weights rounding = plain.multiplying(MatmulPrecision.BF16);
            Linear inner = new Linear(rounding.at("a").at(0), 64, 7);
            Linear outer = new Linear(plain.at("b"), 64, 7);
            Tensor x = Tensor.randn(Rng.seeded(2), DType.F32, Shape.of(3, 64));
            Tensor weight = plain.parameters().getFirst().value();

            assertThat(plain.parameters()).hasSize(2);
            assertThat(inner.forward(x).toFloatArray())
                    .isEqualTo(Functional.linear("a", x, weight, MatmulPrecision.BF16).toFloatArray());
            assertThat(Arrays.equals(inner.forward(x).toFloatArray(), Functional.linear(x, weight).toFloatArray()))
                    .as("BF16 products have the bits of F32 ones").isFalse();
            assertThat(outer.forward(x).toFloatArray())
                    .isEqualTo(Functional.linear(x, plain.parameters().get(1).value()).toFloatArray());
        }
    }
}
