package org.cosmosj.tensor.internal.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Packs panels {@code P[k][lane] = stage[base(lane) + offset[k]]}, where the bases of neighbouring lanes mostly ascend
 * by 1. Each run of such lanes is copied by whole vectors in ascending order of lanes and rows: what a copy writes past
 * its run is overwritten by the next one. Lanes past a panel's last run hold garbage.
 */
final class PanelCopies {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final int LANES = Species.LANES;
    private static final int COLUMNS = Microkernel.COLUMNS;
    /** Floats that a copy may read past the stage and write past the panel. */
    static final int SLACK = LANES;

    /** Lane and base of each copy. */
    private int[] lanes = new int[64];
    private int[] bases = new int[64];
    /** First copy of each panel; one more than there are panels. */
    private int[] starts = new int[16];
    private int panels;

    /** Forgets all panels. */
    void clear() {
        panels = 0;
        starts[0] = 0;
    }

    /** Begins the next panel. */
    void beginPanel() {
        panels++;
        if (starts.length <= panels) {
            starts = java.util.Arrays.copyOf(starts, 2 * starts.length);
        }
        starts[panels] = starts[panels - 1];
    }

    /** Adds a run of lanes to the panel begun last. */
    void run(int lane, int base, int length) {
        for (int done = 0; done < length; done += LANES) {
            int at = starts[panels]++;
            if (at == lanes.length) {
                lanes = java.util.Arrays.copyOf(lanes, 2 * at);
                bases = java.util.Arrays.copyOf(bases, 2 * at);
            }
            lanes[at] = lane + done;
            bases[at] = base + done;
        }
    }

    /** Number of panels. */
    int panels() {
        return panels;
    }

    /** Writes one panel from the offsets {@code [start, start + depth)}. */
    void pack(int number, float[] stage, int[] offsets, int start, int depth, float[] panel) {
        int first = starts[number];
        int count = starts[number + 1] - first;
        switch (count) {
            case 1 -> pack1(stage, offsets, start, depth, panel, bases[first]);
            case 2 -> pack2(stage, offsets, start, depth, panel, bases[first], lanes[first + 1], bases[first + 1]);
            case 3 -> pack3(stage, offsets, start, depth, panel, bases[first], lanes[first + 1], bases[first + 1],
                    lanes[first + 2], bases[first + 2]);
            case 4 -> pack4(stage, offsets, start, depth, panel, bases[first], lanes[first + 1], bases[first + 1],
                    lanes[first + 2], bases[first + 2], lanes[first + 3], bases[first + 3]);
            default -> packAny(stage, offsets, start, depth, panel, lanes, bases, first, count);
        }
    }

    private static void pack1(float[] stage, int[] offsets, int start, int depth, float[] panel, int b0) {
        for (int k = start, to = 0; k < start + depth; k++, to += COLUMNS) {
            FloatVector.fromArray(S, stage, offsets[k] + b0).intoArray(panel, to);
        }
    }

    private static void pack2(float[] stage, int[] offsets, int start, int depth, float[] panel, int b0, int l1,
            int b1) {
        for (int k = start, to = 0; k < start + depth; k++, to += COLUMNS) {
            int from = offsets[k];
            FloatVector.fromArray(S, stage, from + b0).intoArray(panel, to);
            FloatVector.fromArray(S, stage, from + b1).intoArray(panel, to + l1);
        }
    }

    private static void pack3(float[] stage, int[] offsets, int start, int depth, float[] panel, int b0, int l1,
            int b1, int l2, int b2) {
        for (int k = start, to = 0; k < start + depth; k++, to += COLUMNS) {
            int from = offsets[k];
            FloatVector.fromArray(S, stage, from + b0).intoArray(panel, to);
            FloatVector.fromArray(S, stage, from + b1).intoArray(panel, to + l1);
            FloatVector.fromArray(S, stage, from + b2).intoArray(panel, to + l2);
        }
    }

    private static void pack4(float[] stage, int[] offsets, int start, int depth, float[] panel, int b0, int l1,
            int b1, int l2, int b2, int l3, int b3) {
        for (int k = start, to = 0; k < start + depth; k++, to += COLUMNS) {
            int from = offsets[k];
            FloatVector.fromArray(S, stage, from + b0).intoArray(panel, to);
            FloatVector.fromArray(S, stage, from + b1).intoArray(panel, to + l1);
            FloatVector.fromArray(S, stage, from + b2).intoArray(panel, to + l2);
            FloatVector.fromArray(S, stage, from + b3).intoArray(panel, to + l3);
        }
    }

    private static void packAny(float[] stage, int[] offsets, int start, int depth, float[] panel, int[] lanes,
            int[] bases, int first, int count) {
        for (int k = start, to = 0; k < start + depth; k++, to += COLUMNS) {
            int from = offsets[k];
            for (int i = first; i < first + count; i++) {
                FloatVector.fromArray(S, stage, from + bases[i]).intoArray(panel, to + lanes[i]);
            }
        }
    }
}
