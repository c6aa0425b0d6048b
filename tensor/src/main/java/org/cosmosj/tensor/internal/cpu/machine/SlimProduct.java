package org.cosmosj.tensor.internal.cpu.machine;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.cosmosj.tensor.internal.cpu.Parallel;

/**
 * A product of few rows with weights whose lines run along K: each weight is read once, where it stands, and multiplied
 * with all rows, which are the lanes. Packing the weights would cost more than multiplying them.
 */
final class SlimProduct {
    /** More rows repay packing. */
    private static final int MOST_ROWS = 64;
    /** Shorter sums, in units of the rows, do not repay turning the results. */
    private static final int LEAST_DEPTH_PER_ROW = 8;
    /** Below this a second thread costs more than it brings. */
    private static final long PARALLEL_FLOPS = 1_000_000;
    private static final int PARTS_PER_THREAD = 8;

    private final MachineCode code;
    private final Arithmetic arithmetic;
    private final Factor rows;
    private final Factor weights;
    private final Result result;
    private final int depth;
    private final int depthStep;
    private final Vec.Width width;
    private final int vectors;
    private final int lanes;
    private final int lines;
    private final MemorySegment full;
    private final MemorySegment last;

    /**
     * Where sums go.
     *
     * @param memory the whole buffer
     * @param offset of the first element, in bytes
     * @param rowBytes from row to row
     * @param rows M
     * @param columns N
     * @param add whether sums are added to what is there
     */
    record Result(MemorySegment memory, long offset, long rowBytes, int rows, int columns, boolean add) {
        private long at(int row, int column) {
            return offset + row * rowBytes + 4L * column;
        }
    }

    /** Whether a product has few rows and weights that can be read as they stand. */
    static boolean fits(int rows, int depth, Factor weights) {
        return rows <= MOST_ROWS && depth >= LEAST_DEPTH_PER_ROW * rows && weights.alongDepth()
                && (weights.packing() == Packing.F32 || weights.packing() == Packing.PAIRS && depth % 2 == 0);
    }

    SlimProduct(MachineCode code, Arithmetic arithmetic, Factor rows, Factor weights, Result result, int depth) {
        this.code = code;
        this.arithmetic = arithmetic;
        this.rows = rows;
        this.weights = weights;
        this.result = result;
        this.depth = depth;
        this.depthStep = arithmetic.depthStep(depth);
        this.width = result.rows <= 4 ? Vec.Width.X : result.rows <= 8 ? Vec.Width.Y : Vec.Width.Z;
        this.vectors = (result.rows + width.lanes() - 1) / width.lanes();
        this.lanes = vectors * width.lanes();
        this.lines = Math.min(result.columns, SlimKernel.mostLines(vectors));
        this.full = kernel(lines);
        this.last = result.columns % lines == 0 ? full : kernel(result.columns % lines);
    }

    private MemorySegment kernel(int count) {
        return code.entry(new SlimKernel(arithmetic, count, vectors, width));
    }

    void run() {
        long panelBytes = Factor.panelBytes(arithmetic.steps(Math.min(depth, depthStep)), lanes);
        int blocks = (depth + depthStep - 1) / depthStep;
        // Owned by this thread, which waits until the others have read it.
        long panels = Scratch.current().left(blocks * panelBytes);
        for (int i = 0; i < blocks; i++) {
            rows.pack(code, 0, 0, result.rows, i * depthStep, Math.min(depthStep, depth - i * depthStep),
                    panels + i * panelBytes, lanes);
        }
        int tiles = (result.columns + lines - 1) / lines;
        boolean alone = 2.0 * result.rows * result.columns * depth < PARALLEL_FLOPS;
        int parts = alone ? 1 : Math.min(tiles, PARTS_PER_THREAD * Parallel.threads());
        int step = (tiles + parts - 1) / parts;
        Parallel.run(alone ? 1 : (tiles + step - 1) / step, part -> {
            for (int i = part * step; i < Math.min(tiles, (part + 1) * step); i++) {
                tile(i * lines, panels, panelBytes);
            }
        });
    }

    private void tile(int column, long panels, long panelBytes) {
        int count = Math.min(lines, result.columns - column);
        MemorySegment tile = Scratch.current().tile(4L * lines * lanes);
        if (result.add) {
            forEach(count, (row, line) -> tile.setAtIndex(JAVA_FLOAT, line * lanes + row,
                    result.memory.get(JAVA_FLOAT_UNALIGNED, result.at(row, column + line))));
        }
        for (int k = 0; k < depth; k += depthStep) {
            MachineCode.call(count == lines ? full : last, weights.at(0, column, k),
                    panels + k / depthStep * panelBytes, tile.address(), weights.laneBytes(),
                    arithmetic.steps(Math.min(depthStep, depth - k)),
                    result.add || k > 0 ? 1 : 0);
        }
        forEach(count, (row, line) -> result.memory.set(JAVA_FLOAT_UNALIGNED, result.at(row, column + line),
                tile.getAtIndex(JAVA_FLOAT, line * lanes + row)));
    }

    private interface Element {
        void at(int row, int line);
    }

    private void forEach(int count, Element element) {
        for (int row = 0; row < result.rows; row++) {
            for (int line = 0; line < count; line++) {
                element.at(row, line);
            }
        }
    }
}
