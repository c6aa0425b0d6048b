package org.cosmosj.tensor.internal.cpu.vector;

import static org.cosmosj.tensor.internal.cpu.vector.Species.FLOAT;
import static org.cosmosj.tensor.internal.cpu.vector.Species.LANES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.cosmosj.tensor.internal.cpu.Parallel;

/** Sums over rows out of partial sums, one row of partial sums per block of {@link RowBlocks}. */
final class ColumnSums {
    private static final int PANEL = 256;

    private ColumnSums() {}

    /**
     * Adds the partial sums of each group by a binary tree over its blocks, in place, and writes (G, width).
     *
     * @param partial one row of {@code width} per block, from {@code start}
     * @param to where the sums go, at byte {@code at}; all zero where a group has no rows
     */
    static void join(RowBlocks blocks, float[] partial, int start, int width, MemorySegment to, long at) {
        int panels = Chunks.count(width, PANEL);
        long work = (long) blocks.count() * width;
        if (work <= Chunks.INLINE_ELEMENTS) {
            for (int i = 0; i < blocks.groups() * panels; i++) {
                joinPanel(blocks, partial, start, width, to, at, i);
            }
        } else {
            Parallel.run(blocks.groups() * panels, i -> joinPanel(blocks, partial, start, width, to, at, i));
        }
    }

    private static void joinPanel(RowBlocks blocks, float[] partial, int start, int width, MemorySegment to, long at,
            int i) {
        int panels = Chunks.count(width, PANEL);
        int group = i / panels;
        int column = i % panels * PANEL;
        int n = Math.min(PANEL, width - column);
        int count = blocks.perGroup();
        int first = start + group * count * width + column;
        for (int step = 1; step < count; step *= 2) {
            for (int block = 0; block + step < count; block += 2 * step) {
                add(partial, first + block * width, first + (block + step) * width, n);
            }
        }
        long target = at + 4L * ((long) group * width + column);
        for (int c = 0; c < n; c++) {
            Floats.set(to, target, c, count == 0 ? 0 : partial[first + c]);
        }
    }

    private static void add(float[] sums, int to, int from, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector other = FloatVector.fromArray(FLOAT, sums, from + i);
            FloatVector.fromArray(FLOAT, sums, to + i).add(other).intoArray(sums, to + i);
        }
        for (; i < n; i++) {
            sums[to + i] += sums[from + i];
        }
    }
}
