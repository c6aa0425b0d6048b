package org.cosmosj.policy.query;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Prints the answer of a query and what it cost. */
final class QueryReport {
    private static final double GIGA = 1e9;
    private static final double TERA = 1e12;

    private final PrintWriter out;

    QueryReport(PrintWriter out) {
        this.out = out;
    }

    /** Actions a line each, the value, and the checksum. */
    void answer(QueryResult result) {
        print("actions, %d x %d", result.actions().length, result.actions()[0].length);
        for (double[] action : result.actions()) {
            out.println(Arrays.stream(action).mapToObj(number -> String.format(Locale.ROOT, "%10.6f", number))
                    .collect(Collectors.joining(" ")));
        }
        print("value %.6f", result.value());
        print("actions sha256 %s (little-endian F32, row-major)", result.actionChecksum());
    }

    /** The mean step beside the peak, the whole time and the memory. */
    void cost(QuerySettings settings, StepTimes steps, StageClock clock) {
        double rate = StepCost.flops(settings.config()) / steps.mean();
        print("denoising step %.2f s on average: %.2f TFLOP at %.1f GFLOP/s", steps.mean(),
                StepCost.flops(settings.config()) / TERA, rate / GIGA);
        steps.peak().ifPresent(peak -> print("multiply-add peak %.1f GFLOP/s, measured before each step: a step reached"
                + " %.0f %% of it", peak / GIGA, 100 * rate / peak));
        print("%.1f s in all", clock.total());
        ResidentMemory.peakBytes().ifPresent(bytes -> print("peak resident memory %.2f GB, mapped weights included",
                bytes / GIGA));
    }

    private void print(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
