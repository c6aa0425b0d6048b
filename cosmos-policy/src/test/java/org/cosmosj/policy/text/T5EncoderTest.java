package org.cosmosj.policy.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cosmosj.nn.Weights;
import org.cosmosj.policy.JsonFields;
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
import org.cosmosj.tensor.Tape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.testing.ArrayAssert;
import org.cosmosj.testing.FiniteDifferences;
import org.cosmosj.testing.SeededArrays;
import org.cosmosj.testing.Tolerance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class T5EncoderTest {
    private static final double FINITE_DIFFERENCE_LIMIT = 1e-7;
    private static final List<int[]> ROWS = List.of(new int[] {3, 8, 1}, new int[] {1}, new int[] {9, 4, 1},
            new int[] {4, 4, 5, 6, 7, 2, 3, 1});

    private Scope scope;

    @BeforeEach
    void open() {
        scope = Scope.open(Device.cpu(), "test");
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private static T5Config config(String feedForward) {
        return new T5Config(11, 12, 5, 7, 2, 3, 10, 23, 1e-6, T5FeedForward.Kind.parse(feedForward));
    }

    private static T5Encoder random(String feedForward, DType dtype) {
        return new T5Encoder(config(feedForward), Weights.random(Rng.seeded(1), dtype));
    }

    /** Source: transformers, {@code T5Config}: gated-gelu means the tanh form. */
    @Test
    void namesOfFeedForwardsMeanWhatTheyMeanInTransformers() {
        assertThat(T5FeedForward.Kind.parse("gated-gelu"))
                .isEqualTo(new T5FeedForward.Kind(T5FeedForward.Activation.GELU_NEW, T5FeedForward.Gating.GATED));
        assertThat(T5FeedForward.Kind.parse("gelu"))
                .isEqualTo(new T5FeedForward.Kind(T5FeedForward.Activation.GELU, T5FeedForward.Gating.NONE));
        assertThat(T5FeedForward.Kind.parse("relu"))
                .isEqualTo(new T5FeedForward.Kind(T5FeedForward.Activation.RELU, T5FeedForward.Gating.NONE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gated-gelu", "gated-silu", "gelu"})
    void gradientsMatchFiniteDifferences(String feedForward) {
        T5Encoder encoder = random(feedForward, DType.F64);
        TokenBatch tokens = TokenBatch.padded(ROWS, 8, 0);
        Gradients gradients = Gradients.of(encoder.parameters());
        try (Tape tape = Tape.record()) {
            tape.backward(loss(encoder, tokens), gradients);
        }

        for (Parameter p : encoder.parameters()) {
            double[] value = p.value().toDoubleArray();
            double[] direction = SeededArrays.normal(3, value.length);
            double numeric = FiniteDifferences.along(at -> evaluate(p, at, encoder, tokens), value, direction);
            evaluate(p, value, encoder, tokens);
            double[] gradient = gradients.of(p).toDoubleArray();
            double analytic = 0;
            for (int i = 0; i < gradient.length; i++) {
                analytic += gradient[i] * direction[i];
            }
            assertThat(numeric).as(p.name()).isNotZero()
                    .isCloseTo(analytic, within(FINITE_DIFFERENCE_LIMIT * Math.max(1, Math.abs(analytic))));
        }
    }

    private static double evaluate(Parameter changed, double[] at, T5Encoder encoder, TokenBatch tokens) {
        try (Scope _ = Scope.inner("difference")) {
            changed.value().copyFrom(Tensor.of(at, changed.value().shape().toArray()));
            return loss(encoder, tokens).item();
        }
    }

    /** A scalar to which every element contributes differently. */
    private static Tensor loss(T5Encoder encoder, TokenBatch tokens) {
        Tensor out = encoder.forward(tokens);
        return out.mul(Tensor.randn(Rng.seeded(5), out.dtype(), out.shape())).sum();
    }

    @Test
    void embedsATextTheSameWhateverStandsBesideIt() {
        T5Encoder encoder = random("relu", DType.F32);

        float[] together = encoder.embed(ROWS, 13).toFloatArray();

        assertThat(together).hasSize(4 * 13 * 12);
        for (int b = 0; b < ROWS.size(); b++) {
            float[] alone = encoder.embed(ROWS.subList(b, b + 1), 13).toFloatArray();
            assertThat(alone).containsExactly(Arrays.copyOfRange(together, b * 13 * 12, (b + 1) * 13 * 12));
            assertThat(Arrays.copyOfRange(alone, ROWS.get(b).length * 12, 13 * 12)).containsOnly(0);
        }
    }

    @Test
    void embedsAsThePaddedPassDoes() {
        T5Encoder encoder = random("gated-gelu", DType.F64);

        double[] padded = encoder.forward(TokenBatch.padded(ROWS, 13, 0)).toDoubleArray();
        double[] embedded = encoder.embed(ROWS, 13).toDoubleArray();

        for (int b = 0; b < ROWS.size(); b++) {
            int from = b * 13 * 12;
            int count = ROWS.get(b).length * 12;
            ArrayAssert.assertThatArray(Arrays.copyOfRange(embedded, from, from + count), count)
                    .isCloseTo(Arrays.copyOfRange(padded, from, from + count), Tolerance.f64());
        }
    }

    @Test
    void maskedTokensDoNotMatterAndNothingIsLeftBehind() {
        T5Encoder encoder = random("relu", DType.F32);
        TokenBatch tokens = TokenBatch.padded(ROWS, 8, 0);
        Tensor otherIds = TokenBatch.padded(ROWS, 8, 10).inputIds();
        int live = scope.live();

        try (Scope _ = Scope.inner("passes")) {
            float[] zeros = encoder.forward(tokens).toFloatArray();
            float[] tens = encoder.forward(new TokenBatch(otherIds, tokens.attentionMask())).toFloatArray();
            assertThat(Arrays.copyOf(tens, 3 * 12)).containsExactly(Arrays.copyOf(zeros, 3 * 12));
            assertThat(Arrays.copyOfRange(tens, 3 * 12, 8 * 12))
                    .isNotEqualTo(Arrays.copyOfRange(zeros, 3 * 12, 8 * 12));
            assertThat(zeros).doesNotContain(Float.NaN);
        }
        assertThat(scope.live()).isEqualTo(live);
    }

    @Test
    void readsIdsOfAnyLayoutAndNoTextsAtAll() {
        T5Encoder encoder = random("relu", DType.F32);
        TokenBatch tokens = TokenBatch.padded(ROWS, 8, 0);
        Tensor ids = tokens.inputIds().transpose(0, 1).copy().transpose(0, 1);
        Tensor mask = tokens.attentionMask().transpose(0, 1).copy().transpose(0, 1);

        assertThat(encoder.forward(new TokenBatch(ids, mask)).toFloatArray())
                .containsExactly(encoder.forward(tokens).toFloatArray());
        assertThat(encoder.embed(List.of(), 5).shape()).isEqualTo(Shape.of(0, 5, 12));
    }

    /** Buckets of {@code T5Attention._relative_position_bucket}, PyTorch 2.13. */
    @ParameterizedTest
    @CsvSource({"0,0", "-1,1", "1,17", "-7,7", "-8,8", "8,24", "-11,8", "-12,9", "-15,9", "-16,10", "-22,10", "-23,11",
        "-31,11", "-32,12", "-45,12", "-46,13", "-63,13", "-64,14", "-90,14", "-91,15", "-127,15", "-500,15", "500,31"})
    void sortsDistancesIntoTheReferencesBuckets(int offset, int bucket) {
        RelativePositionBias bias =
                new RelativePositionBias(Weights.random(Rng.seeded(1), DType.F32), T5Config.T5_11B);

        assertThat(bias.bucket(offset)).isEqualTo(bucket);
    }

    @Test
    void loadsAnEncoderFromAWholeModelAndNothingElse(@TempDir Path folder) throws CheckpointException {
        T5Encoder encoder = random("relu", DType.F32);
        Path tied = save(folder, encoder, "encoder.embed_tokens.weight", "decoder.block.0.layer.0.SelfAttention.q");
        TokenBatch tokens = TokenBatch.padded(ROWS, 8, 0);

        try (Safetensors file = Safetensors.open(tied)) {
            T5Encoder loaded = T5Encoder.load(config("relu"), file, DType.F32);
            assertThat(loaded.forward(tokens).toFloatArray()).containsExactly(encoder.forward(tokens).toFloatArray());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> T5Encoder.load(config("gated-relu"), file, DType.F32))
                    .withMessageContaining("has no tensor encoder.block.0.layer.1.DenseReluDense.wi_0.weight");
        }
        try (Safetensors file = Safetensors.open(save(folder, encoder, "shared.weight", "encoder.block.9.weight"))) {
            assertThatIllegalArgumentException().isThrownBy(() -> T5Encoder.load(config("relu"), file, DType.F32))
                    .withMessageContaining("holds 1 tensors that an encoder of 2 blocks has not, such as"
                            + " encoder.block.9.weight; check the configuration");
        }
    }

    private static Path save(Path folder, T5Encoder encoder, String table, String other) throws CheckpointException {
        Map<String, Tensor> tensors = new HashMap<>();
        encoder.parameters().forEach(p -> tensors.put(p.name(), p.value()));
        tensors.put(table, tensors.remove("shared.weight"));
        tensors.put(other, Tensor.zeros(DType.F32, Shape.of(1)));
        Path file = folder.resolve("model.safetensors");
        Safetensors.write(file, tensors, Map.of());
        return file;
    }

    @Test
    void refusesWhatDoesNotFit() {
        T5Encoder encoder = random("relu", DType.F32);
        Tensor ids = Tensor.of(new long[] {1, 11}, 1, 2);
        Tensor mask = Tensor.of(new float[] {1, 1}, 1, 2);

        assertThatThrownBy(() -> encoder.forward(new TokenBatch(ids, mask))).isInstanceOf(ShapeException.class)
                .hasMessageContaining("index 11 is outside axis 0 of (11, 12)");
        assertThatThrownBy(() -> new TokenBatch(ids, mask.narrow(1, 0, 1))).isInstanceOf(ShapeException.class)
                .hasMessage("tokens: input ids (1, 2) and attention mask (1, 1) must both be (B, S)");
        assertThatThrownBy(() -> encoder.embed(ROWS, 7)).isInstanceOf(ShapeException.class)
                .hasMessageContaining("a text of 8 ids, expected 1 to 7");
        assertThatThrownBy(() -> encoder.embed(List.of(new int[0]), 7)).isInstanceOf(ShapeException.class)
                .hasMessageContaining("a text of 0 ids, expected 1 to 7");
    }

    @Test
    void readsConfigurationsAndRefusesOthers() {
        String sizes = "\"d_model\": 1024, \"d_kv\": 128, \"d_ff\": 65536, \"num_layers\": 24, \"num_heads\": 128, "
                + "\"vocab_size\": 32128";

        assertThat(T5Config.of(JsonFields.parse("config.json", "{" + sizes + "}"))).isEqualTo(T5Config.T5_11B);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> T5Config.of(JsonFields.parse("c", "{" + sizes + ", \"scale_attention\": true}")))
                .withMessageContaining("scale_attention must be false in this encoder");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> T5Config.of(JsonFields.parse("c", "{" + sizes + ", \"precision\": \"bfloat16\"}")))
                .withMessageContaining("precision bfloat16 is not supported by this version; use float32");
        assertThatIllegalArgumentException().isThrownBy(() -> T5FeedForward.Kind.parse("gated-mish"))
                .withMessageContaining("feed_forward_proj 'gated-mish' is unknown");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new T5Config(11, 12, 5, 7, 2, 3, 40, 10, 1e-6, T5FeedForward.Kind.parse("relu")))
                .withMessageContaining("relative_attention_max_distance is 10, expected more than the 10");
    }
}
