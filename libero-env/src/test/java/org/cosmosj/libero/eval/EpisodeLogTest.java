package org.cosmosj.libero.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.cosmosj.libero.EpisodeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpisodeLogTest {

    @TempDir
    private Path folder;

    static EpisodeRecord record(String task, int episode, long seed, EpisodeRecord.Outcome outcome, int steps) {
        return new EpisodeRecord(new EpisodeId("libero_spatial", task, episode, seed), 1, outcome, steps, 9, "0a", "ff",
                Map.of("engine", "MuJoCo 2.2.2", "cosmosj", "1"), "2026-01-02T03:04:05.678Z", 12.5, 10.25, 1.125,
                outcome == EpisodeRecord.Outcome.FAILED_TO_RUN ? "died: \"x\"\n" : "");
    }

    @Test
    void writesJsonThatReadsBack() {
        EpisodeRecord record = record("a", 3, 195, EpisodeRecord.Outcome.SUCCESS, 131);
        assertThat(record.toJson()).isEqualTo("{\"suite\":\"libero_spatial\",\"task\":\"a\",\"episode\":3,"
                + "\"seed\":195,\"attempt\":1,\"outcome\":\"success\",\"success\":true,\"steps\":131,\"queries\":9,"
                + "\"first_state\":\"0a\",\"first_frame\":\"ff\","
                + "\"versions\":{\"cosmosj\":\"1\",\"engine\":\"MuJoCo 2.2.2\"},"
                + "\"times\":{\"started\":\"2026-01-02T03:04:05.678Z\",\"seconds\":12.5,\"simulating\":10.25,"
                + "\"drawing\":1.125}}");
        assertThat(EpisodeRecord.parse(record.toJson())).isEqualTo(record);
        EpisodeRecord failed = record("a", 3, 195, EpisodeRecord.Outcome.FAILED_TO_RUN, 0);
        assertThat(failed.toJson()).doesNotContain("\n");
        assertThat(EpisodeRecord.parse(failed.toJson())).isEqualTo(failed);
    }

    @Test
    void cutsATornLastLine() throws IOException {
        Path file = folder.resolve("episodes.jsonl");
        EpisodeRecord first = record("a", 0, 195, EpisodeRecord.Outcome.SUCCESS, 5);
        EpisodeRecord second = record("a", 1, 195, EpisodeRecord.Outcome.FAILURE, 6);
        try (EpisodeLog log = EpisodeLog.open(file)) {
            log.append(first);
        }
        Files.writeString(file, second.toJson().substring(0, 40), StandardOpenOption.APPEND);
        try (EpisodeLog log = EpisodeLog.open(file)) {
            assertThat(log.records()).containsExactly(first);
            log.append(second);
        }
        try (EpisodeLog log = EpisodeLog.open(file)) {
            assertThat(log.records()).containsExactly(first, second);
        }
    }

    @Test
    void namesTheLineThatIsNoRecord() throws IOException {
        Path file = folder.resolve("episodes.jsonl");
        String line = record("a", 0, 195, EpisodeRecord.Outcome.SUCCESS, 5).toJson() + "\n";
        for (String bad : new String[] {"{\"suite\": 1\n", "{}\n", "[]\n", "\n", "{\"suite\":\"a\",\"task\":\"b\","
                + "\"episode\":-1}\n"}) {
            Files.writeString(file, line + bad + line);
            assertThatThrownBy(() -> EpisodeLog.open(file)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(file + " line 2 ").hasMessageContaining("remove the line");
        }
    }

    @Test
    void belongsToOneProcess() {
        Path file = folder.resolve("episodes.jsonl");
        try (EpisodeLog _ = EpisodeLog.open(file)) {
            assertThatThrownBy(() -> EpisodeLog.open(file)).hasMessageContaining("another evaluation writes to it");
        }
    }

    @Test
    void aFullDiskLosesNoRecord() throws IOException {
        Path full = Path.of("/dev/full");
        assumeThat(Files.exists(full)).as("there is no /dev/full").isTrue();
        Path file = Files.createSymbolicLink(folder.resolve("episodes.jsonl"), full);
        try (EpisodeLog log = EpisodeLog.open(file)) {
            EpisodeRecord record = record("a", 0, 195, EpisodeRecord.Outcome.SUCCESS, 5);
            assertThatThrownBy(() -> log.append(record)).isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining(file.toString()).hasMessageContaining("--resume")
                    .hasMessageContaining(record.toJson());
        }
    }

    @Test
    void comparesSettings() throws IOException {
        Map<String, String> settings = Map.of("suite", "libero_spatial", "policy", "random");
        EvaluationFolder made = EvaluationFolder.open(folder, settings, EvaluationFolder.Start.NEW);
        Files.writeString(made.records(), "x");
        assertThatThrownBy(() -> EvaluationFolder.open(folder, settings, EvaluationFolder.Start.NEW))
                .hasMessageContaining("--resume");
        EvaluationFolder.open(folder, settings, EvaluationFolder.Start.RESUME);
        assertThatThrownBy(() -> EvaluationFolder.open(folder,
                Map.of("suite", "libero_10", "policy", "random", "engine", "MuJoCo 3.3.2"),
                EvaluationFolder.Start.RESUME)).hasMessageContaining("engine was null, is MuJoCo 3.3.2")
                .hasMessageContaining("suite was libero_spatial, is libero_10").hasMessageNotContaining("policy");
        Files.writeString(made.settings(), "{");
        assertThatThrownBy(() -> EvaluationFolder.open(folder, settings, EvaluationFolder.Start.RESUME))
                .hasMessageContaining("settings.json is damaged");
    }
}
