package org.cosmosj.tensor.internal.cpu.vector;

import java.util.Arrays;

/** Where the sums of a range of results go: runs of lanes of one panel whose results are equally spaced. */
final class ResultRuns {
    private int[] lanes = new int[64];
    private int[] lengths = new int[64];
    private long[] targets = new long[64];
    private int count;

    /** Forgets all runs. */
    void clear() {
        count = 0;
    }

    /**
     * Adds a run.
     *
     * @param lane first lane, counted through all panels of the range
     * @param length lanes
     * @param target element of the destination's row 0 that the first lane goes to
     */
    void add(int lane, int length, long target) {
        if (count == lanes.length) {
            lanes = Arrays.copyOf(lanes, 2 * count);
            lengths = Arrays.copyOf(lengths, 2 * count);
            targets = Arrays.copyOf(targets, 2 * count);
        }
        lanes[count] = lane;
        lengths[count] = length;
        targets[count++] = target;
    }

    /** Number of runs. */
    int count() {
        return count;
    }

    /** First lane of the i-th run. */
    int lane(int i) {
        return lanes[i];
    }

    /** Lanes of the i-th run. */
    int length(int i) {
        return lengths[i];
    }

    /** Where its first lane goes. */
    long target(int i) {
        return targets[i];
    }
}
