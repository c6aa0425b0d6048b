package org.cosmosj.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerComparisonTest {
    private static final PeerRow ROW = PeerTable.row("gated_residual_L1764_D2048");
    private final StringWriter out = new StringWriter();

    @Test
    void aRowThatBothSidesComputeAlikeHasTimesPeaksAndADifference() {
        Run run = run(fake("none"), 60);

        assertThat(run.versions()).contains("fake 1.0", "Java " + System.getProperty("java.vm.version"));
        RowResult result = run.find(ROW.name(), 1);
        assertThat(result.isValid()).isTrue();
        assertThat(result.pairs()).isEqualTo(20);
        assertThat(result.theirs()).isEqualTo(0.5);
        assertThat(result.theirsMedian()).isEqualTo(0.75);
        assertThat(result.value()).isEqualTo(result.ours() / 0.5).isPositive();
        assertThat(result.fmaPeak()).isPositive();
        assertThat(result.copyPeak()).isPositive();
        assertThat(result.difference()).isZero();
        assertThat(result.gigabytes(ROW.cost())).isEqualTo(3 * 4 * 1764 * 2048 / result.ours() * 1e-9);
        assertThat(out.toString()).contains(ROW.name(), "GB/s");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            wrong  | results differ by
            nan    | results differ by NaN
            shape  | out is (1, 9, 196, 2048) here and (1, 9, 196, 1) there
            cannot | RuntimeError: no such op
            """)
    void aRowThatIsNotTheSameWorkHasNoValue(String fault, String reason) {
        Run run = run(fake(fault), 60);

        assertThat(run.find(ROW.name(), 1).isValid()).isFalse();
        assertThat(run.find(ROW.name(), 1).failure()).contains(reason);
        assertThat(Verdict.of(run)).noneMatch(Verdict::isMet);
        assertThat(out.toString()).contains("no value: ", reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            no-torch | 60 | python cannot import torch
            chatty   | 60 | answered 'Hello!' to 'hello', expected ok or error
            dies     | 60 | ended with exit code 139 at 'prepare'; it said: Segmentation fault
            stuck    | 5  | gave no answer to 'time' within 5 s and was ended; --peer-timeout sets another limit
            """)
    void aPeerThatIsGoneEndsTheComparison(String fault, int timeout, String reason) {
        assertThatThrownBy(() -> run(fake(fault), timeout)).isInstanceOf(PeerException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void aMissingPythonIsNamed() {
        assertThatThrownBy(() -> run("/no/such/python", 60)).isInstanceOf(PeerException.class)
                .hasMessageContaining("peer '/no/such/python' cannot be started")
                .hasMessageContaining("give another command");
    }

    private Run run(String python, int timeout) {
        return new PeerComparison(python, timeout, List.of(1), PeerComparison.Pace.QUICK, OptionalInt.empty()).run(
                List.of(ROW),
                new PrintWriter(out, true));
    }

    private static String fake(String fault) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return java + " -cp " + System.getProperty("java.class.path") + " " + FakePeer.class.getName() + " " + fault;
    }
}
