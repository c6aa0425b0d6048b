package org.cosmosj.policy.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cosmosj.nn.Weights;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Safetensors;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class EmbedCommandTest {
    private static final T5Config CONFIG =
            new T5Config(289, 12, 5, 7, 2, 3, 8, 20, 1e-6, T5FeedForward.Kind.parse("relu"));
    private static final String JSON = """
            {"vocab_size": 289, "d_model": 12, "d_kv": 5, "d_ff": 7, "num_layers": 2, "num_heads": 3,
             "relative_attention_num_buckets": 8, "relative_attention_max_distance": 20}""";

    @TempDir
    private Path folder;

    private Scope scope;

    @BeforeEach
    void open() {
        scope = Scope.open(Device.cpu(), "test");
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @ParameterizedTest
    @CsvSource({"cache.pkl,F32", "cache.safetensors,BF16"})
    void addsEmbeddingsToAFileAndKeepsACopyOfTheOld(String name, DType stored) throws IOException {
        Path cache = folder.resolve(name);
        T5Encoder encoder = model(stored);

        Run first = run(cache, "pick up the bowl", "turn on the stove");
        Run second = run(cache, "turn on the stove", "close it");
        Run third = run(cache, "close it");

        assertThat(first.code()).isZero();
        assertThat(first.out()).endsWith(cache + ": 2 instructions, 2 of them new\n");
        assertThat(second.out()).endsWith(cache + ": 3 instructions, 1 of them new\n");
        assertThat(third.out()).isEqualTo(cache + ": 3 instructions, 0 of them new\n");
        assertThat(TextEmbeddings.read(folder.resolve(name + ".backup"))).hasSize(2);
        Map<String, Tensor> embeddings = TextEmbeddings.read(cache);
        assertThat(embeddings).hasSize(3);
        T5Tokenizer tokenizer = T5Tokenizer.of(SentencePieceModel.open(folder.resolve("spiece.model")));
        embeddings.forEach((text, embedding) -> {
            assertThat(embedding.shape()).isEqualTo(Shape.of(1, 16, 12));
            assertThat(embedding.dtype()).isEqualTo(DType.BF16);
            int[] ids = tokenizer.encode(text, 16);
            Tensor expected = encoder.embed(List.of(ids), 16).to(DType.BF16);
            assertThat(embedding.toFloatArray()).as(text).containsExactly(expected.toFloatArray());
            assertThat(embedding.narrow(1, ids.length, 16 - ids.length).toFloatArray()).containsOnly(0);
        });
    }

    /** A random encoder, stored with its matrices rounded to a dtype. */
    private T5Encoder model(DType stored) throws IOException {
        T5Encoder random = new T5Encoder(CONFIG, Weights.random(Rng.seeded(3), DType.F32));
        Map<String, Tensor> tensors = new HashMap<>();
        random.parameters().forEach(p -> tensors.put(p.name(), p.value().to(stored)));
        Path file = folder.resolve("model.safetensors");
        Safetensors.write(file, tensors, Map.of());
        Files.writeString(folder.resolve("config.json"), JSON);
        Files.write(folder.resolve("spiece.model"), GoldenModels.bytes(GoldenModels.T5));
        try (Safetensors open = Safetensors.open(file)) {
            return T5Encoder.load(CONFIG, open, DType.F32);
        }
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        assertThatIllegalArgumentException().isThrownBy(() -> TextEmbeddings.of(folder.resolve("cache.npz")))
                .withMessageContaining("the name ends neither in .pkl nor in .safetensors; rename it");
        assertThat(run(folder.resolve("cache.pkl"), "close it").error())
                .contains("spiece.model: cannot be read");
        model(DType.F32);
        Files.delete(folder.resolve("model.safetensors"));
        assertThat(run(folder.resolve("cache.pkl"), "close it").error())
                .contains("the folder holds neither .metadata nor *.index.json");
        Files.delete(folder.resolve("config.json"));
        assertThat(run(folder.resolve("cache.pkl"), "close it").error())
                .contains("config.json: cannot be read").contains("give a folder of config.json and weights");
        assertThat(folder.resolve("cache.pkl")).doesNotExist();
    }

    private Run run(Path out, String... instructions) {
        List<String> arguments = new ArrayList<>(List.of("--t5", folder.toString(), "--out", out.toString(),
                "--tokens", "16"));
        arguments.addAll(List.of(instructions));
        StringWriter printed = new StringWriter();
        StringBuilder error = new StringBuilder();
        int code = new CommandLine(new EmbedCommand()).setOut(new PrintWriter(printed, true))
                .setExecutionExceptionHandler((e, _, _) -> {
                    error.append(e.getMessage());
                    return 1;
                }).execute(arguments.toArray(String[]::new));
        return new Run(code, printed.toString().replace("\r\n", "\n"), error.toString());
    }

    private record Run(int code, String out, String error) {}
}
