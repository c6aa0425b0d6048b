package org.cosmosj.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerdictTest {
    private static final String SILU = "silu_L1764_D2048";
    private static final String GELU = "gelu_L1764_D2048";

    @Test
    void theMeanIsGeometricAndTheWorstRowIsNamed() {
        Verdict verdict = Verdict.of(run(result(SILU, 0.5), result(GELU, 1.05))).getFirst();

        assertThat(verdict.goal()).isEqualTo(Goal.ELEMENTWISE);
        assertThat(verdict.mean()).isCloseTo(Math.sqrt(0.5 * 1.05), within(1e-12));
        assertThat(verdict.worst()).isEqualTo(1.05);
        assertThat(verdict.worstRow()).isEqualTo(GELU);
        assertThat(verdict.isMet()).isTrue();
    }

    @Test
    void bothLimitsCount() {
        assertThat(Verdict.of(run(result(SILU, 0.3), result(GELU, 1.11))).getFirst().isMet()).isFalse();
        assertThat(Verdict.of(run(result(SILU, 0.81), result(GELU, 0.81))).getFirst().isMet()).isFalse();
    }

    @Test
    void aRowWithoutValueMissesItsGoal() {
        Run run = run(result(SILU, 0.5), RowResult.failed(PeerTable.row(GELU), 1, "not the same"));

        assertThat(Verdict.of(run).getFirst().isMet()).isFalse();
        assertThat(PeerReport.verdicts(run)).last().isEqualTo("0 goals met, 1 missed");
        assertThat(PeerReport.verdicts(run).getFirst()).contains("MISSED", "1 of 2 rows without a value");
    }

    @Test
    void whatIsWrittenIsReadBack(@TempDir Path folder) throws Exception {
        Run run = run(result(SILU, 0.5), RowResult.failed(PeerTable.row(GELU), 1, "it said \"no\"\\"));

        run.write(folder.resolve("run.json"));

        assertThat(Run.read(folder.resolve("run.json"))).isEqualTo(run);
        assertThatThrownBy(() -> Run.read(folder.resolve("other.json"))).hasMessageContaining("no such file");
    }

    @Test
    void aLaterRunReplacesItsRows() {
        Run both = run(result(SILU, 0.5), result(GELU, 2)).updatedBy(run(result(GELU, 1)));

        assertThat(both.results()).containsExactly(result(GELU, 1), result(SILU, 0.5));
    }

    @Test
    void slowerRowsAreFoundByRatios() {
        Run before = run(result(SILU, 0.5), result(GELU, 1));

        assertThat(Regressions.between(before, run(result(SILU, 0.54), result(GELU, 1.2))))
                .containsExactly(GELU + ", 1 thread(s): 1.000 became 1.200, 1.20 times as much");
        assertThat(Regressions.between(before, run(RowResult.failed(PeerTable.row(SILU), 1, "gone"))))
                .containsExactly(SILU + ", 1 thread(s): has no value any more: gone");
    }

    @Test
    void theTableReplacesWhatIsBetweenItsMarks() throws Exception {
        String text = "before\n<!-- bench --render: begin -->\nold\n<!-- bench --render: end -->\nafter\n";

        String rendered = PeerReport.rendered(text, run(result(SILU, 0.5)));

        assertThat(rendered).startsWith("before\n").endsWith("after\n").doesNotContain("old")
                .contains("| norms, activations, residual, AdamW at 1764 x 2048 | 1 | 0.50; 1 of 6 rows measured"
                        + " | mean <= 0.80, each <= 1.10 of PyTorch | met |",
                        "| Wan VAE, full size | - | not measured | <= 0.90 of the reference | |");
        assertThat(PeerReport.rendered(rendered, run(result(SILU, 0.5)))).isEqualTo(rendered);
        assertThatThrownBy(() -> PeerReport.rendered("text", run())).hasMessageContaining("needs the lines");
    }

    @Test
    void theReadmeShowsTheCommittedRun() throws Exception {
        Path folder = Path.of("").toAbsolutePath();
        Path module = folder.endsWith("jmh") ? folder : folder.resolve("jmh");
        String readme = Files.readString(module.resolve("README.md"));

        assertThat(PeerReport.rendered(readme, Run.read(module.resolve("peer.json")))).isEqualTo(readme);
    }

    @Test
    void everyGoalHasRowsAndEveryRowItsOwnName() {
        assertThat(PeerTable.rows()).extracting(PeerRow::name).doesNotHaveDuplicates();
        assertThat(PeerTable.rows().stream().map(PeerRow::goal).distinct()).containsExactlyInAnyOrder(Goal.values());
    }

    private static Run run(RowResult... results) {
        return new Run("versions", List.of(results));
    }

    private static RowResult result(String row, double ratio) {
        return new RowResult(row, 1, 20, ratio, ratio, 1, 1, ratio, 100, 20, 1e-7, "");
    }
}
