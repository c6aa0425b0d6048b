package org.cosmosj.tensor.internal.cpu.vector;

import static org.cosmosj.tensor.internal.cpu.vector.AttentionHeads.roundUp;
import static org.cosmosj.tensor.internal.cpu.vector.Microkernel.COLUMNS;
import static org.cosmosj.tensor.internal.cpu.vector.Microkernel.ROWS;

/**
 * The packed panels and sums of one chunk of {@link AttentionBackward}. "Deep" panels hold tokens and are summed over
 * the width, "flat" ones hold the width and are summed over tokens. Belongs to a thread, not to a call.
 */
final class AttentionBackwardWorkspace {
    /** Queries per block, a multiple of every tile height. */
    static final int QUERIES = 192;
    /** Keys per block, a multiple of every tile width. */
    static final int KEYS = 192;
    /** The transpose reads a few floats before its start. */
    static final int LEAD = 16;

    /** Base-2 logarithms that make logits weights, and sums of dOut times out. */
    final float[] logs = new float[QUERIES + ROWS];
    final float[] deltas = new float[QUERIES + ROWS];
    final float[] factors = new float[COLUMNS];
    /** One panel of keys: P, and dP which becomes dS. */
    final float[] weights = new float[(QUERIES + ROWS) * COLUMNS];
    final float[] slopes = new float[LEAD + (QUERIES + ROWS + 8) * COLUMNS];
    /** dS of a block, transposed: panels (KEYS, ROWS). */
    final float[] slopesDeep = new float[(QUERIES / ROWS + 1) * Panels.distance(KEYS, ROWS) + Panels.SLACK];

    float[] queriesDeep = {};
    float[] queriesFlat = {};
    float[] gradientsDeep = {};
    float[] gradientsFlat = {};
    float[] keysDeep = {};
    float[] keysFlat = {};
    float[] valuesDeep = {};
    float[] dQ = {};
    float[] dK = {};
    float[] dV = {};
    float[] stage = {};

    void ensure(int keys, int width, int valueWidth) {
        int blocks = (keys + KEYS - 1) / KEYS;
        queriesDeep = atLeast(queriesDeep, panels(QUERIES, ROWS, width));
        queriesFlat = atLeast(queriesFlat, panels(width, ROWS, QUERIES));
        gradientsDeep = atLeast(gradientsDeep, panels(QUERIES, ROWS, valueWidth));
        gradientsFlat = atLeast(gradientsFlat, panels(valueWidth, ROWS, QUERIES));
        keysDeep = atLeast(keysDeep, panels(keys, COLUMNS, width));
        keysFlat = atLeast(keysFlat, blocks * panels(width, COLUMNS, KEYS));
        valuesDeep = atLeast(valuesDeep, panels(keys, COLUMNS, valueWidth));
        dQ = atLeast(dQ, roundUp(QUERIES, ROWS) * roundUp(width, COLUMNS));
        dK = atLeast(dK, LEAD + (keys / COLUMNS + 1) * sumSize(width));
        dV = atLeast(dV, LEAD + (keys / COLUMNS + 1) * sumSize(valueWidth));
        int widest = Math.max(width, valueWidth);
        stage = atLeast(stage, Math.max(TransposedResult.stageSize(widest),
                Math.max(Panels.stageSize(keys, widest), Panels.stageSize(widest, KEYS))));
    }

    /** Floats of the panels of so many lines. */
    static int panels(int lines, int panelWidth, int depth) {
        return (lines + panelWidth - 1) / panelWidth * Panels.distance(depth, panelWidth);
    }

    /** Floats of one panel's dK^T or dV^T, (width, COLUMNS) with the width rounded up to whole tiles. */
    static int sumSize(int width) {
        return (roundUp(width, ROWS) + 8) * COLUMNS;
    }

    private static float[] atLeast(float[] array, int size) {
        return array.length < size + Panels.SLACK ? new float[size + Panels.SLACK] : array;
    }
}
