package org.cosmosj.policy.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Safetensors;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class VerifyCommandTest {
    private static final String DIT = """
            {"max_img_h": 16, "max_img_w": 16, "max_frames": 8, "in_channels": 4, "out_channels": 4,
             "patch_spatial": 2, "patch_temporal": 1, "adaln_lora_dim": 4, "model_channels": 24, "num_blocks": 1,
             "num_heads": 2, "crossattn_emb_channels": 6, "rope_h_extrapolation_ratio": 3.0,
             "rope_w_extrapolation_ratio": 3.0, "rope_t_extrapolation_ratio": 1.0}""";

    @TempDir
    private Path folder;

    @Test
    void passesAFileOfWeights() throws IOException {
        Path file = write("weights", Map.of("tolerance", "[[\"\", \"skip\", 0]]"));

        Run run = run(file);

        assertThat(run.code()).isZero();
        assertThat(run.out()).isEqualTo("0 passed, 0 failed\n");
    }

    @Test
    void failsWhatNobodyComputed() throws IOException {
        Path file = write("left-out", Map.of("tolerance", "[[\"net.\", \"skip\", 0], [\"\", \"exact\", 0]]"));

        Run run = run(file);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEqualTo("other: not computed\n0 passed, 1 failed\n");
    }

    @Test
    void sumsUpSeveralFilesAndGoesOnAfterOneThatCannotBeChecked() throws IOException {
        Path good = write("good", Map.of("tolerance", "[[\"\", \"skip\", 0]]"));
        Path unknown = write("unknown", Map.of("kind", "sandwich"));

        Run run = run(unknown, good);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out().lines()).containsExactly(
                unknown + ": kind sandwich is not supported by this version; it checks " + FixtureChecks.kinds(),
                unknown + ": 0 passed, 1 failed", good + ": 0 passed, 0 failed", "0 passed, 1 failed");
    }

    @Test
    void refusesWhatIsNoFixture() throws IOException {
        Path truncated = write("truncated", Map.of());
        byte[] bytes = Files.readAllBytes(truncated);
        Files.write(truncated, Arrays.copyOf(bytes, bytes.length - 3));

        assertThatThrownBy(() -> Fixture.open(folder.resolve("none"))).isInstanceOf(CheckpointException.class)
                .hasMessageContaining("no such file");
        assertThatThrownBy(() -> Fixture.open(truncated)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining("the file is truncated");
        assertThatThrownBy(() -> Fixture.open(write("other", Map.of("format", "other/1"))))
                .hasMessageEndingWith("format is 'other/1', expected 'cosmos-policy-golden/1'");
        assertThatThrownBy(() -> Fixture.open(write("measure", Map.of("tolerance", "[[\"\", \"close\", 1]]"))))
                .hasMessageContaining("measure 'close' is unknown");
        assertThatThrownBy(() -> Fixture.open(write("config", Map.of("config", "{\"a\": }"))))
                .hasMessageContaining("config.safetensors: config: not valid JSON");
    }

    @Test
    void saysSoWhereNoToleranceRuleMatches() throws IOException {
        Path file = write("rules", Map.of("tolerance", "[[\"net.\", \"skip\", 0]]"));

        Run run = run(file);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEqualTo("other: no tolerance rule matches, not compared\n0 passed, 1 failed\n");
    }

    @Test
    void namesTheFileOfWeightsThatIsMissing() throws IOException {
        Path file = write("alone", Map.of("kind", "dit", "weights", "none.safetensors", "config", DIT));

        assertThat(run(file, file).out()).contains("none.safetensors: no such file").endsWith("0 passed, 2 failed\n");
    }

    @Test
    void aFileThatCannotBeReadFailsAloneAsAmongOthers() {
        Path missing = folder.resolve("missing.safetensors");

        Run alone = run(missing);

        assertThat(alone.code()).isEqualTo(1);
        assertThat(alone.out()).contains("missing.safetensors: no such file").endsWith("0 passed, 1 failed\n");
        assertThat(run(missing, missing).out()).endsWith("0 passed, 2 failed\n");
    }

    private Path write(String name, Map<String, String> metadata) throws CheckpointException {
        Map<String, String> all = new HashMap<>(Map.of("format", "cosmos-policy-golden/1", "kind", "policy_weights",
                "config", "{}", "weights", "", "tolerance", "[[\"\", \"exact\", 0]]"));
        all.putAll(metadata);
        Path file = folder.resolve(name + ".safetensors");
        try (Scope _ = Scope.open(Device.cpu(), "write")) {
            Safetensors.write(file, Map.of("net.weight", Tensor.of(new float[] {1, 2}, 2), "other",
                    Tensor.of(new float[] {3}, 1)), all);
        }
        return file;
    }

    private static Run run(Path... files) {
        StringWriter out = new StringWriter();
        int code = new CommandLine(new VerifyCommand()).setOut(new PrintWriter(out, true))
                .execute(Arrays.stream(files).map(Path::toString).toArray(String[]::new));
        return new Run(code, out.toString().replace("\r\n", "\n"));
    }

    private record Run(int code, String out) {}
}
