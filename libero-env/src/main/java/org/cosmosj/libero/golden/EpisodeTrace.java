package org.cosmosj.libero.golden;

import java.util.LinkedHashMap;
import java.util.Map;

/** Largest differences by name, before and after the robot's first contact, and the step at which each was seen. */
final class EpisodeTrace {

    /**
     * A largest difference.
     *
     * @param error the difference; NaN stays
     * @param step  where
     */
    record Worst(double error, int step) {
    }

    private final Map<String, Worst> before = new LinkedHashMap<>();
    private final Map<String, Worst> after = new LinkedHashMap<>();
    private int step;
    private boolean touched;

    /** What follows belongs to a step. */
    void at(int number, boolean afterContact) {
        step = number;
        touched = afterContact;
    }

    void add(String name, double[] expected, double[] actual) {
        Worst worst = new Worst(GoldenFile.distance(expected, actual), step);
        (touched ? after : before).merge(name, worst, (old, each) -> old.error >= each.error || Double.isNaN(old.error)
                ? old
                : each);
    }

    Map<String, Worst> before() {
        return before;
    }

    Map<String, Worst> after() {
        return after;
    }
}
