package org.cosmosj.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.UnaryOperator;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Gradients;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.ShapeException;
import org.cosmosj.tensor.Tape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.testing.FiniteDifferences;
import org.cosmosj.testing.SeededArrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every layer's gradients in F64 against finite differences along random directions. */
class LayerGradientsTest {
    private static final double LIMIT = 1e-8;
    private static final AttentionConfig SELF = new AttentionConfig(10, 10, 2, 12, 1e-6);
    private static final AttentionConfig CROSS = new AttentionConfig(10, 7, 2, 12, 1e-6);
    private static final TokenGrid GRID = new TokenGrid(2, 1, 3);

    private Scope scope;
    private Weights weights;

    @BeforeEach
    void open() {
        scope = Scope.open(Device.cpu(), "test");
        weights = Weights.random(Rng.seeded(4), DType.F64);
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void mlp() {
        Mlp mlp = new Mlp(weights.at("mlp"), 6, 13);

        assertThat(names()).containsExactly("mlp.layer1.weight", "mlp.layer2.weight");
        assertGradients(mlp::forward, 2, 3, 6);
    }

    @Test
    void rmsNorm() {
        RmsNorm norm = new RmsNorm(weights, 6, 1e-6);
        randomize();

        assertGradients(norm::forward, 2, 3, 6);
    }

    @Test
    void timestepEmbedding() {
        TimestepEmbedding embedding = new TimestepEmbedding(weights, 6, 18);

        assertThat(names()).containsExactly("linear_1.weight", "linear_2.weight");
        assertGradients(embedding::forward, 2, 3, 6);
    }

    @Test
    void selfAttention() {
        MultiHeadAttention attention = new MultiHeadAttention(weights, SELF);
        randomize();
        RotaryTables rope = new RotaryEmbedding3d(new RotaryConfig(12, 1, 3, 3, Rounding.FLOAT32))
                .tables(GRID, DType.F64);

        assertThat(names()).containsExactlyInAnyOrder("q_proj.weight", "k_proj.weight", "v_proj.weight",
                "q_norm.weight",
                "k_norm.weight", "output_proj.weight");
        assertGradients(x -> attention.forward(x, rope), 2, GRID.tokens(), 10);
    }

    @Test
    void crossAttention() {
        MultiHeadAttention attention = new MultiHeadAttention(weights, CROSS);
        randomize();
        Tensor query = Tensor.randn(Rng.seeded(5), DType.F64, Shape.of(2, 6, 10));

        assertGradients(context -> attention.forward(query, context), 2, 4, 7);
        Tensor context = Tensor.randn(Rng.seeded(6), DType.F64, Shape.of(2, 4, 7));
        assertGradients(x -> attention.forward(x, context), 2, 6, 10);
    }

    /** Spec 01 section 17: padding tokens are zero vectors, and attract weight nevertheless. */
    @Test
    void crossAttentionAttendsToZeroTokens() {
        MultiHeadAttention attention = new MultiHeadAttention(weights, CROSS);
        Tensor x = Tensor.randn(Rng.seeded(5), DType.F64, Shape.of(1, 6, 10));
        Tensor one = Tensor.randn(Rng.seeded(6), DType.F64, Shape.of(1, 1, 7));
        Tensor padded = Tensor.cat(1, one, Tensor.zeros(DType.F64, Shape.of(1, 3, 7)));

        double alone = Math.abs(attention.forward(x, one).toDoubleArray()[0]);
        double withZeros = Math.abs(attention.forward(x, padded).toDoubleArray()[0]);

        assertThat(withZeros).isLessThan(0.9 * alone);
    }

    @Test
    void namesTheLayerThatGotTheWrongWidth() {
        Mlp mlp = new Mlp(weights.at("blocks").at(3).at("mlp"), 4, 8);

        assertThatThrownBy(() -> mlp.forward(Tensor.zeros(DType.F64, Shape.of(2, 5))))
                .isInstanceOf(ShapeException.class)
                .hasMessage("linear(blocks.3.mlp.layer1): input (2, 5) ends in 5 but weight (8, 4) takes 4");
    }

    private List<String> names() {
        return weights.parameters().stream().map(Parameter::name).toList();
    }

    /** Gains start at 1, where some mistakes do not show. */
    private void randomize() {
        for (Parameter p : weights.parameters()) {
            p.value().copyFrom(Tensor.randn(Rng.seeded(8).stream(p.name().hashCode()), DType.F64, p.value().shape()));
        }
    }

    private void assertGradients(UnaryOperator<Tensor> layer, long... shape) {
        Tensor x = Tensor.randn(Rng.seeded(1), DType.F64, Shape.of(shape));
        Gradients gradients = Gradients.of(weights.parameters());
        Tensor dX;
        try (Tape tape = Tape.record()) {
            tape.watch(x);
            tape.backward(loss(layer.apply(x)), gradients);
            dX = tape.gradient(x);
        }

        assertAlong("input", x, dX, layer, x);
        for (Parameter p : weights.parameters()) {
            assertAlong(p.name(), p.value(), gradients.of(p), layer, x);
        }
    }

    private void assertAlong(String name, Tensor changed, Tensor gradient, UnaryOperator<Tensor> layer, Tensor x) {
        double[] value = changed.toDoubleArray();
        double[] direction = SeededArrays.normal(3, value.length);
        double numeric = FiniteDifferences.along(at -> {
            try (Scope _ = Scope.inner("difference")) {
                changed.copyFrom(Tensor.of(at, changed.shape().toArray()));
                return loss(layer.apply(x)).item();
            } finally {
                try (Scope _ = Scope.inner("restore")) {
                    changed.copyFrom(Tensor.of(value, changed.shape().toArray()));
                }
            }
        }, value, direction);
        double[] dValue = gradient.toDoubleArray();
        double analytic = 0;
        for (int i = 0; i < dValue.length; i++) {
            analytic += dValue[i] * direction[i];
        }

        assertThat(numeric).as(name).isNotZero().isCloseTo(analytic, within(LIMIT * Math.max(1, Math.abs(analytic))));
    }

    /** A scalar to which every element contributes differently. */
    private static Tensor loss(Tensor y) {
        return y.mul(Tensor.randn(Rng.seeded(2), DType.F64, y.shape())).sum();
    }
}
