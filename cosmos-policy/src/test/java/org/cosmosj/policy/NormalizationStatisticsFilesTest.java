package org.cosmosj.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.testing.MutationCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NormalizationStatisticsFilesTest {
    @TempDir
    Path folder;

    @Test
    void readsWhatItWrites() throws IOException {
        NormalizationStatistics statistics = TinyPolicy.statistics();
        Path file = Files.writeString(folder.resolve("dataset_statistics.json"), statistics.toJson());

        NormalizationStatistics read = NormalizationStatistics.read(file);

        assertThat(read.actions().min()).isEqualTo(statistics.actions().min());
        assertThat(read.proprio().median()).isEqualTo(statistics.proprio().median());
    }

    @Test
    void namesFileAndPlace() throws IOException {
        Path file = Files.writeString(folder.resolve("a.json"), "{\"actions_min\": [1, }");

        assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> NormalizationStatistics.read(file))
                .withMessageStartingWith("statistics " + file + ": not valid JSON at character 20 (");
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> NormalizationStatistics.read(folder.resolve("none.json")))
                .withMessageContaining("none.json: cannot be read");
    }

    @Test
    void survivesDamage() throws IOException {
        byte[] json = TinyPolicy.statistics().toJson().getBytes(StandardCharsets.UTF_8);
        MutationCheck.of("statistics.json", folder).originals(json)
                .tokens("{".getBytes(StandardCharsets.UTF_8), "[".getBytes(StandardCharsets.UTF_8),
                        "1e999".getBytes(StandardCharsets.UTF_8), "null".getBytes(StandardCharsets.UTF_8),
                        "NaN".getBytes(StandardCharsets.UTF_8), "\"".getBytes(StandardCharsets.UTF_8))
                .refusals(CheckpointException.class,
                        "at character \\d+|not valid JSON|actions|proprio|statistics: |a JSON object")
                .bytesPerByte(64) // a parsed node takes far more than its characters
                .run(10_000, NormalizationStatistics::read);
    }
}
