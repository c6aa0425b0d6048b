package org.cosmosj.bench.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What became slower from one run to another, by ratios to the opponent of the same run: seconds differ from machine to
 * machine and from day to day, these do not.
 */
public final class Regressions {
    /** Minima and medians must both have grown by so much: one of them alone moves with other work on the machine. */
    static final double LIMIT = 1.10;

    private Regressions() {}

    /**
     * Compares two runs.
     *
     * @param before the older run
     * @param after the newer run
     * @return a line for each row that became slower or lost its value
     */
    public static List<String> between(Run before, Run after) {
        List<String> found = new ArrayList<>();
        for (RowResult old : before.results()) {
            RowResult now = after.find(old.row(), old.threads());
            if (now == null || !old.isValid()) {
                continue;
            }
            String name = old.row() + ", " + old.threads() + " thread(s)";
            double slower = now.value() / old.value();
            double medians = Double.isNaN(old.medianRatio()) ? slower : now.medianRatio() / old.medianRatio();
            if (!now.isValid()) {
                found.add(name + ": has no value any more: " + now.failure());
            } else if (slower > LIMIT && medians > LIMIT) {
                found.add(String.format(Locale.ROOT, "%s: %.3f became %.3f, %.2f times as much", name, old.value(),
                        now.value(), slower));
            }
        }
        return found;
    }
}
