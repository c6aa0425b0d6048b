package org.cosmosj.libero.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    @Test
    void givesTheWilsonInterval() {
        SuccessRate rate = new SuccessRate(95, 100);

        assertThat(rate.lower()).isCloseTo(0.8882, within(1e-4));
        assertThat(rate.upper()).isCloseTo(0.9785, within(1e-4));
        assertThat(new SuccessRate(0, 200).lower()).isZero();
        assertThat(new SuccessRate(0, 200).upper()).isCloseTo(0.0188, within(1e-4));
        assertThat(new SuccessRate(100, 200)).hasToString("100/200 50.0 % [43.1, 56.9]");
    }

    @Test
    void correlatesRanksAndSharesTies() {
        assertThat(RankCorrelation.spearman(new double[] {1, 2, 3, 4}, new double[] {10, 100, 1000, 10000}))
                .isCloseTo(1, within(1e-12));
        assertThat(RankCorrelation.spearman(new double[] {1, 2, 3, 4}, new double[] {4, 3, 2, 1}))
                .isCloseTo(-1, within(1e-12));
        // Ranks 0.5 0.5 2 3 against 0 1 2 3: 4.5 / sqrt(4.5 * 5).
        assertThat(RankCorrelation.spearman(new double[] {1, 1, 2, 3}, new double[] {1, 2, 3, 4}))
                .isCloseTo(0.94868329805, within(1e-9));
        assertThat(RankCorrelation.spearman(new double[] {1, 1}, new double[] {1, 2})).isNaN();
    }

    @Test
    void writesOneFileThatNeedsNothingElse(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("report.html");

        new HtmlReport("A <b> report").heading("Curves").table(List.of("who", "rate"), List.of(List.of("a", "1 & 2")))
                .chart("loss", "step", HtmlReport.Axis.LOGARITHMIC,
                        List.of(new Curve("train", new double[] {1, 2}, new double[] {3, Double.NaN})))
                .write(file);

        String html = Files.readString(file);
        assertThat(html).contains("A &lt;b&gt; report", "<td>1 &amp; 2</td>", "{x:2.00000,y:null}", "Chart.js v4")
                .doesNotContain("src=\"http", "<b> report");
        assertThat(folder).isDirectoryContaining("glob:**/report.html").isDirectoryNotContaining("glob:**/*.part");
    }

    @Test
    void saysWhichFileCannotBeWrittenAndLeavesNothingBehind(@TempDir Path folder) throws Exception {
        Path notAFolder = Files.writeString(folder.resolve("file"), "old");
        Path file = notAFolder.resolve("report.html");

        assertThatThrownBy(() -> new HtmlReport("x").write(file)).isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(file.toString()).hasMessageContaining("choose another path");
        assertThat(folder).isDirectoryNotContaining("glob:**/*.part");
        assertThat(notAFolder).hasContent("old");
    }

    @Test
    void thinsCurvesByAveraging() {
        Curve thin = new Curve("c", new double[] {0, 1, 2, 3, 4}, new double[] {0, 2, 4, 6, 8}).thinned(3);

        assertThat(thin.x()).containsExactly(0.5, 2.5, 4);
        assertThat(thin.y()).containsExactly(1, 5, 8);
    }
}
