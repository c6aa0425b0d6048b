package org.cosmosj.bench.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether a goal is met with so many threads.
 *
 * @param goal the goal
 * @param threads of its rows
 * @param rows how many of the goal's rows there are
 * @param invalid how many of them have no valid value
 * @param mean geometric mean of the valid values
 * @param worst largest of the valid values
 * @param worstRow which row that is
 */
public record Verdict(Goal goal, int threads, int rows, int invalid, double mean, double worst, String worstRow) {
    /**
     * Judges a run.
     *
     * @param run its results
     * @return one verdict for each goal and number of threads that has rows, in the order of the goals
     */
    public static List<Verdict> of(Run run) {
        List<Verdict> verdicts = new ArrayList<>();
        List<Integer> threads = run.results().stream().map(RowResult::threads).distinct().sorted().toList();
        for (Goal goal : Goal.values()) {
            for (int count : threads) {
                List<RowResult> rows = run.results().stream()
                        .filter(r -> r.threads() == count && PeerTable.row(r.row()).goal() == goal).toList();
                if (!rows.isEmpty()) {
                    verdicts.add(judge(goal, count, rows));
                }
            }
        }
        return verdicts;
    }

    private static Verdict judge(Goal goal, int threads, List<RowResult> rows) {
        double logs = 0;
        double worst = Double.NEGATIVE_INFINITY;
        String worstRow = "";
        int valid = 0;
        for (RowResult row : rows) {
            if (row.isValid()) {
                valid++;
                logs += Math.log(row.value());
                worstRow = row.value() > worst ? row.row() : worstRow;
                worst = Math.max(worst, row.value());
            }
        }
        return new Verdict(goal, threads, rows.size(), rows.size() - valid, Math.exp(logs / valid),
                valid == 0 ? Double.NaN : worst, worstRow);
    }

    /**
     * Whether every row is valid and the limits are kept.
     *
     * @return true if the goal is met
     */
    public boolean isMet() {
        return invalid == 0 && within(mean, goal.mean()) && within(worst, goal.worst());
    }

    private static boolean within(double value, double limit) {
        return Double.isNaN(limit) || value <= limit;
    }

    /** Measured values and limits, such as {@code mean 0.81 (<= 0.85), worst 0.97 (<= 1.05)}. */
    String numbers() {
        StringBuilder text = new StringBuilder();
        if (!Double.isNaN(goal.mean())) {
            text.append(String.format(Locale.ROOT, "mean %.2f (<= %.2f), ", mean, goal.mean()));
        }
        text.append(String.format(Locale.ROOT, "worst %.2f", worst));
        if (!Double.isNaN(goal.worst())) {
            text.append(String.format(Locale.ROOT, " (<= %.2f)", goal.worst()));
        }
        text.append(' ').append(goal.unit());
        return invalid == 0 ? text.toString() : text + "; " + invalid + " of " + rows + " rows without a value";
    }

    /** The last line of the command. */
    static String summary(List<Verdict> verdicts) {
        long met = verdicts.stream().filter(Verdict::isMet).count();
        return met + " goals met, " + (verdicts.size() - met) + " missed";
    }
}
