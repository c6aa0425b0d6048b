package org.cosmosj.tensor.internal.cpu;

import org.cosmosj.tensor.spi.Operand;

/**
 * One call of a matrix product, cut into independent blocks of the result. A block runs through all of K, so that no
 * two threads meet: each packs what it needs itself, which costs a few percent and spares shared buffers and barriers.
 * The cut changes no bits: an element is always the sum over the blocks of K, in order.
 */
public final class ProductBlocks {
    /** Below this a second thread costs more than it brings. */
    private static final long PARALLEL_FLOPS = 2_000_000;
    private static final int BLOCKS_PER_THREAD = 4;

    private final int batches;
    private final int rows;
    private final int columns;
    private final int depth;
    private final Unit unit;
    private int rowStep;
    private int columnStep;
    private int rowBlocks;
    private int columnBlocks;

    /**
     * What kernels work in.
     *
     * @param rows of a register tile
     * @param columns of a register tile
     * @param widest most columns of a block
     */
    public record Unit(int rows, int columns, int widest) {}

    /** The work of one block. */
    @FunctionalInterface
    public interface Body {
        /**
         * Computes a block of the result.
         *
         * @param batch index of the matrix
         * @param row first row
         * @param height rows
         * @param column first column
         * @param width columns
         */
        void run(int batch, int row, int height, int column, int width);
    }

    /**
     * Cuts a product whose sizes are not 0.
     *
     * @param x (B, M, K)
     * @param y (B, K, N)
     * @param out (B, M, N)
     * @param unit what kernels work in
     */
    public ProductBlocks(Operand x, Operand y, Operand out, Unit unit) {
        // A factor shared by the whole batch: one taller matrix.
        boolean oneMatrix = y.layout().stride(0) == 0 && x.size(1) > 1
                && x.layout().stride(0) == x.size(1) * x.layout().stride(1)
                && out.layout().stride(0) == x.size(1) * out.layout().stride(1);
        this.batches = oneMatrix ? 1 : Math.toIntExact(out.size(0));
        this.rows = Math.toIntExact(oneMatrix ? out.size(0) * out.size(1) : out.size(1));
        this.columns = Math.toIntExact(out.size(2));
        this.depth = Math.toIntExact(x.size(2));
        this.unit = unit;
    }

    /**
     * Matrices after folding.
     *
     * @return their number
     */
    public int batches() {
        return batches;
    }

    /**
     * Rows of each matrix after folding.
     *
     * @return M
     */
    public int rows() {
        return rows;
    }

    /**
     * Columns.
     *
     * @return N
     */
    public int columns() {
        return columns;
    }

    /**
     * Length of the sums.
     *
     * @return K
     */
    public int depth() {
        return depth;
    }

    /**
     * Runs all blocks, in parallel where that pays.
     *
     * @param body called once per block
     */
    public void run(Body body) {
        double flops = 2.0 * batches * rows * columns * depth;
        int threads = flops < PARALLEL_FLOPS ? 1 : Parallel.threads();
        cut(threads == 1 ? 1 : BLOCKS_PER_THREAD * threads, flops);
        int blocks = Math.multiplyExact(batches, rowBlocks * columnBlocks);
        if (threads == 1) {
            for (int i = 0; i < blocks; i++) {
                run(body, i);
            }
        } else {
            Parallel.run(blocks, i -> run(body, i));
        }
    }

    /** Halves the longer side of the blocks until there are enough of them or they would become too small. */
    private void cut(int wanted, double flops) {
        rowBlocks = 1;
        columnBlocks = (columns + unit.widest() - 1) / unit.widest();
        steps();
        while ((double) batches * rowBlocks * columnBlocks < wanted
                && flops / ((double) batches * rowBlocks * columnBlocks) >= PARALLEL_FLOPS) {
            if (rowStep >= columnStep && rowStep > 8 * unit.rows()) {
                rowBlocks *= 2;
            } else if (columnStep > 4 * unit.columns()) {
                columnBlocks *= 2;
            } else {
                return;
            }
            steps();
        }
    }

    private void steps() {
        rowStep = evenStep(rows, rowBlocks, unit.rows());
        columnStep = evenStep(columns, columnBlocks, unit.columns());
        rowBlocks = (rows + rowStep - 1) / rowStep;
        columnBlocks = (columns + columnStep - 1) / columnStep;
    }

    /**
     * The size of equal parts in whole units.
     *
     * @param size what is divided
     * @param parts how many there should be
     * @param unit what parts are multiples of
     * @return the size of all parts but the last
     */
    public static int evenStep(int size, int parts, int unit) {
        int step = (size + parts - 1) / parts;
        return (step + unit - 1) / unit * unit;
    }

    private void run(Body body, int index) {
        int row = index % rowBlocks * rowStep;
        int column = index / rowBlocks % columnBlocks * columnStep;
        int batch = index / rowBlocks / columnBlocks;
        body.run(batch, row, Math.min(rowStep, rows - row), column, Math.min(columnStep, columns - column));
    }
}
