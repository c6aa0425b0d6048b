package org.cosmosj.bench;

import java.util.Locale;
import org.openjdk.jmh.results.RunResult;

/** The rows that {@code bench} prints. */
final class RateTable {
    private static final String LINE = "%-32s %-44s %10s %8s %15s %6s %% of %-18s %8s";
    /** The last column is the multiply-add peak in GFLOP/s, measured with the row. */
    static final String HEADING = String.format(LINE, "benchmark", "shape", "ops/s", "+-", "rate", "", "", "FMA peak");

    private RateTable() {}

    /** One result: operations per second with the error of 99.9 %, the rate that counts, and its peak. */
    static String row(BenchmarkCase benchmark, RunResult result) {
        boolean memory = result.getSecondaryResults().containsKey("gigabytes");
        double rate = score(result, memory ? "gigabytes" : "gigaflops");
        double percent = score(result, memory ? "percentOfCopy" : "percentOfPeak");
        double fmaPeak = memory ? score(result, "fmaPeak") : 100 * rate / percent;
        String peak = memory ? String.format(Locale.ROOT, "%.1f GB/s copies", 100 * rate / percent) : "multiply-adds";
        return String.format(Locale.ROOT, LINE, benchmark.name(), benchmark.shape(),
                number(result.getPrimaryResult().getScore()), number(result.getPrimaryResult().getScoreError()),
                number(rate) + (memory ? " GB/s" : " GFLOP/s"), number(percent), peak, number(fmaPeak));
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.1f", value);
    }

    private static double score(RunResult result, String counter) {
        return result.getSecondaryResults().get(counter).getScore();
    }
}
