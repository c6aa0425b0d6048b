package org.cosmosj.policy.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Safetensors;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.TensorSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenFixturesTest {
    private static final Fixture.Siblings NONE = new Fixture.Siblings() {
        @Override
        public TensorSource open(String name) {
            throw new AssertionError("a comparison opens no other file, not " + name);
        }

        @Override
        public Path path(String name) {
            throw new AssertionError("a comparison reads no other file, not " + name);
        }

        @Override
        public void close() {}
    };

    @TempDir
    private Path folder;

    /** Each kind's golden file passes, and fails in exactly one line where one expected value is off. */
    @ParameterizedTest
    @ValueSource(
            strings = {"dit", "dit_bf16", "wan_vae", "latent_injection", "sde_sampling", "train_step",
                "optimizer", "inference", "t5_encoder", "t5_encoder_gated", "t5_tokenizer",
                "t5_tokenizer_bytes", "image_preprocess", "image_preprocess_small"})
    void equalTheReferenceAndFailWhereItIsOff(String name) throws IOException {
        Path file = GoldenFiles.copy(folder, name);
        try (Fixture fixture = Fixture.open(file); Scope _ = Scope.open(Device.cpu(), name)) {
            Results results = FixtureChecks.run(fixture);
            Report report = Report.of(fixture, results);

            assertThat(report.failures()).isEmpty();
            assertThat(report.passed()).isEqualTo(compared(fixture).size()).isPositive();
            for (String tensor : compared(fixture)) {
                List<String> failures = perturbed(file, tensor, fixture.rule(tensor).orElseThrow(), results).failures();
                assertThat(failures).as(tensor).hasSize(1);
                assertThat(failures.getFirst()).startsWith(tensor + ": worst at [");
            }
        }
    }

    private static Report perturbed(Path file, String tensor, ToleranceRule rule, Results results)
            throws CheckpointException {
        try (Safetensors open = Safetensors.open(file); Scope _ = Scope.inner(tensor)) {
            return Report.of(new Fixture(new PerturbedSource(open, tensor, rule), open.metadata(), NONE), results);
        }
    }

    private static List<String> compared(Fixture fixture) {
        List<String> names = new ArrayList<>(fixture.names());
        names.removeIf(name -> fixture.rule(name).orElseThrow().measure() == Measure.SKIP);
        return names;
    }
}
