package org.cosmosj.libero.eval;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.cosmosj.libero.report.SuccessRate;

/**
 * Records as a table: successes per task and seed with Wilson's 95 % interval, beside the numbers of the paper.
 * Episodes that failed to run twice say nothing about the policy; they are counted in a column of their own.
 */
public final class EvaluationSummary {

    /** Per cent of successes, mean of three seeds. Source: arXiv 2601.16163, table 1. */
    private static final Map<String, Double> PAPER =
            Map.of("libero_spatial", 98.1, "libero_object", 100.0, "libero_goal", 98.2, "libero_10", 97.6);

    private final EvaluationPlan plan;
    private final List<EpisodeRecord> ran = new ArrayList<>();
    private final List<EpisodeRecord> failedToRun = new ArrayList<>();

    /**
     * Counts.
     *
     * @param plan    what was to be run
     * @param records of it, and of nothing else with the same names
     */
    public EvaluationSummary(EvaluationPlan plan, List<EpisodeRecord> records) {
        this.plan = plan;
        Map<Object, EpisodeRecord> last = new HashMap<>();
        records.forEach(record -> last.put(record.episode(), record));
        plan.all().stream().map(last::get).filter(java.util.Objects::nonNull).forEach(
                record -> (record.outcome() == EpisodeRecord.Outcome.FAILED_TO_RUN ? failedToRun : ran).add(record));
    }

    /**
     * All episodes that ran.
     *
     * @return successes among them
     */
    public SuccessRate total() {
        return rate(_ -> true);
    }

    /**
     * Episodes that failed to run.
     *
     * @return those whose last attempt did
     */
    public int failedToRun() {
        return failedToRun.size();
    }

    private SuccessRate rate(Predicate<EpisodeRecord> which) {
        List<EpisodeRecord> chosen = ran.stream().filter(which).toList();
        return new SuccessRate((int) chosen.stream().filter(EvaluationSummary::succeeded).count(), chosen.size());
    }

    private static boolean succeeded(EpisodeRecord record) {
        return record.outcome() == EpisodeRecord.Outcome.SUCCESS;
    }

    /** The table; its last line is the suite's. */
    @Override
    public String toString() {
        int width = plan.tasks().stream().mapToInt(String::length).max().orElse(0);
        StringBuilder table = new StringBuilder();
        table.append(String.format(Locale.ROOT, "%-" + width + "s  %-28s  %-10s  %s%n", plan.suite(),
                "success, % [95 % interval]", "mean steps", "failed to run"));
        for (String task : plan.tasks()) {
            row(table, width, task, record -> record.episode().task().equals(task));
        }
        if (plan.seeds().size() > 1) {
            for (long seed : plan.seeds()) {
                row(table, width, "seed " + seed, record -> record.episode().seed() == seed);
            }
        }
        row(table, width, "all", _ -> true);
        return table.append(paper()).toString();
    }

    private void row(StringBuilder table, int width, String name, Predicate<EpisodeRecord> which) {
        double steps = ran.stream().filter(which).filter(EvaluationSummary::succeeded)
                .mapToInt(EpisodeRecord::steps).average().orElse(Double.NaN);
        table.append(String.format(Locale.ROOT, "%-" + width + "s  %-28s  %-10s  %d%n", name, rate(which),
                Double.isNaN(steps) ? "-" : String.format(Locale.ROOT, "%.1f", steps),
                failedToRun.stream().filter(which).count()));
    }

    private String paper() {
        Double paper = PAPER.get(plan.suite());
        if (paper == null) {
            return "The paper has no number for " + plan.suite() + ".";
        }
        SuccessRate total = total();
        String place = total.episodes() == 0
                ? ""
                : paper > 100 * total.upper() ? ", above the interval"
                : paper < 100 * total.lower() ? ", below the interval" : ", inside the interval";
        return String.format(Locale.ROOT, "Cosmos Policy in the paper: %.1f %% of 1500 episodes (10 tasks, 50 episodes,"
                + " 3 seeds; MuJoCo 3.3.2)%s.", paper, place);
    }
}
