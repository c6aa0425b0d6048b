package org.cosmosj.bench.peer;

import java.util.List;
import java.util.Locale;

/** The lines that a comparison prints, and the table that the README shows. */
public final class PeerReport {
    private static final String LINE = "%-58s %2s %11s %11s %11s %11s %7s %7s %6s %9s %5s %8s %9s";
    /** Names of the columns. */
    static final String HEADING = String.format(LINE, "row", "T", "ours min", "median", "theirs min", "median", "ratio",
            "medians", "pairs", "GFLOP/s", "peak%", "GB/s", "differ by");
    private static final String BEGIN = "<!-- bench --render: begin -->";
    private static final String END = "<!-- bench --render: end -->";

    private PeerReport() {}

    /** One result. */
    static String line(RowResult r) {
        PeerRow row = PeerTable.row(r.row());
        if (!r.isValid()) {
            return String.format(Locale.ROOT, "%-58s %2d no value: %s", r.row(), r.threads(), r.failure());
        }
        if (row.opponent() == PeerRow.Opponent.NOBODY) {
            return String.format(Locale.ROOT, "%-58s %2d %.3f %s", r.row(), r.threads(), r.value(), row.goal().unit());
        }
        double gigaflops = r.gigaflops(row.cost());
        return String.format(Locale.ROOT, LINE, r.row(), r.threads(), time(r.ours()), time(r.oursMedian()),
                time(r.theirs()), time(r.theirsMedian()), number("%.3f", r.value()),
                number("%.3f", r.medianRatio()), r.pairs(), number("%.1f", gigaflops),
                number("%.0f", 100 * gigaflops / r.fmaPeak()), number("%.1f", r.gigabytes(row.cost())),
                number("%.1e", r.difference()));
    }

    private static String time(double seconds) {
        return seconds < 1e-3 ? number("%.1f us", seconds * 1e6)
                : seconds < 1 ? number("%.2f ms", seconds * 1e3) : number("%.3f s", seconds);
    }

    private static String number(String format, double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }

    /**
     * Goals and the summary.
     *
     * @param run what was measured
     * @return lines, the summary last
     */
    public static List<String> verdicts(Run run) {
        List<Verdict> verdicts = Verdict.of(run);
        List<String> lines = new java.util.ArrayList<>();
        for (Verdict v : verdicts) {
            lines.add(String.format(Locale.ROOT, "%-6s %d thread(s)  %s: %s%s", v.isMet() ? "met" : "MISSED",
                    v.threads(), v.goal().title(), v.numbers(),
                    v.isMet() || v.worstRow().isEmpty() ? "" : ", worst at " + v.worstRow()));
        }
        lines.add(Verdict.summary(verdicts));
        return lines;
    }

    /**
     * The README's table.
     *
     * @param run what was measured
     * @return Markdown lines, each with its end
     */
    public static String markdown(Run run) {
        StringBuilder text = new StringBuilder("| work | threads | time here / time there, or number | goal | |\n"
                + "|---|---|---|---|---|\n");
        List<Verdict> verdicts = Verdict.of(run);
        for (Goal goal : Goal.values()) {
            List<Verdict> judged = verdicts.stream().filter(v -> v.goal() == goal).toList();
            if (judged.isEmpty()) {
                text.append(String.format(Locale.ROOT, "| %s | - | not measured | %s | |\n", goal.title(),
                        limits(goal)));
            }
            for (Verdict v : judged) {
                text.append(String.format(Locale.ROOT, "| %s | %d | %s | %s | %s |\n", goal.title(), v.threads(),
                        measured(v), limits(goal), v.isMet() ? "met" : "**missed**"));
            }
        }
        return text.append('\n').append(Verdict.summary(verdicts)).append(". ").append(run.versions()).append(".\n")
                .toString();
    }

    private static String measured(Verdict v) {
        String values = v.rows() - v.invalid() > 1
                ? String.format(Locale.ROOT, "mean %.2f, worst %.2f", v.mean(), v.worst())
                : number("%.2f", v.worst());
        long all = PeerTable.rows().stream().filter(row -> row.goal() == v.goal()).count();
        String some = v.rows() == all ? "" : "; " + v.rows() + " of " + all + " rows measured";
        return values + some + (v.invalid() == 0 ? "" : "; " + v.invalid() + " without a value");
    }

    private static String limits(Goal goal) {
        String mean = Double.isNaN(goal.mean()) ? "" : String.format(Locale.ROOT, "mean <= %.2f", goal.mean());
        String worst = Double.isNaN(goal.worst()) ? "" : String.format(Locale.ROOT, "<= %.2f", goal.worst());
        String join = mean.isEmpty() || worst.isEmpty() ? "" : ", each ";
        return mean + join + worst + " " + goal.unit();
    }

    /**
     * A text with the table between its two marks replaced.
     *
     * @param text Markdown that has both marks
     * @param run what was measured
     * @return the text with the run's table
     * @throws IllegalArgumentException if a mark is missing
     */
    public static String rendered(String text, Run run) {
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("bench --render: the file needs the lines '" + BEGIN + "' and '" + END
                    + "' where the table goes");
        }
        return text.substring(0, begin) + BEGIN + "\n" + markdown(run) + text.substring(end);
    }
}
