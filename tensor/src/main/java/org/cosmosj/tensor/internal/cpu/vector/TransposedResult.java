package org.cosmosj.tensor.internal.cpu.vector;

import static org.cosmosj.tensor.internal.cpu.vector.Microkernel.COLUMNS;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Writes results that were summed transposed, (width, COLUMNS), as rows of memory. */
final class TransposedResult {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final int LANES = Species.LANES;

    private TransposedResult() {}

    /** Floats of staging that {@link #store} needs. */
    static int stageSize(int width) {
        return COLUMNS * pitch(width) + 8;
    }

    private static int pitch(int width) {
        return (width + 7) / 8 * 8 + 8;
    }

    /**
     * {@code row[c][i] = factors[c] * result[i][c]} for c in [0, rows), i in [0, width).
     *
     * @param result (width rounded up to 8, COLUMNS) from {@code at}, scaled in place
     * @param at at least 4
     */
    static void store(float[] result, int at, int width, float[] factors, int rows, MemorySegment memory, long start,
            long rowBytes, float[] stage) {
        scale(result, at, width, factors);
        int pitch = pitch(width);
        for (int i = 0; i < width; i += 8) {
            Transpose8.run(result, at + i * COLUMNS, COLUMNS, 8, COLUMNS, stage, i, pitch);
        }
        for (int c = 0; c < rows; c++) {
            MemorySegment.copy(stage, c * pitch, memory, ValueLayout.JAVA_FLOAT_UNALIGNED, start + c * rowBytes, width);
        }
    }

    private static void scale(float[] result, int at, int width, float[] factors) {
        FloatVector left = FloatVector.fromArray(S, factors, 0);
        FloatVector right = FloatVector.fromArray(S, factors, LANES);
        for (int i = 0; i < width; i++) {
            int p = at + i * COLUMNS;
            FloatVector.fromArray(S, result, p).mul(left).intoArray(result, p);
            FloatVector.fromArray(S, result, p + LANES).mul(right).intoArray(result, p + LANES);
        }
    }
}
