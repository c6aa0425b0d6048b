package org.cosmosj.tensor.internal.cpu.vector;

/**
 * Rows of (G, P, D) cut into blocks for sums over P: each block adds its rows in order, then {@link ColumnSums} joins
 * the blocks of a group by a tree. The cut depends on P and D only.
 *
 * @param groups G
 * @param rowsPerGroup P
 * @param rowsPerBlock rows added in order
 */
record RowBlocks(int groups, int rowsPerGroup, int rowsPerBlock) {
    private static final int FEWEST_ROWS = 32;
    /** More rows in one running sum would cost accuracy. */
    private static final int MOST_ROWS = 128;

    static RowBlocks of(long groups, long rowsPerGroup, long width) {
        int rows = Math.clamp(Chunks.ELEMENTS / Math.max(1, width), FEWEST_ROWS, MOST_ROWS);
        return new RowBlocks(Math.toIntExact(groups), Math.toIntExact(rowsPerGroup), rows);
    }

    /** Blocks of one group. */
    int perGroup() {
        return (rowsPerGroup + rowsPerBlock - 1) / rowsPerBlock;
    }

    /** All blocks. */
    int count() {
        return groups * perGroup();
    }

    /** The group of a block. */
    int group(int block) {
        return block / perGroup();
    }

    /** First row of a block, counted over all groups. */
    long first(int block) {
        return (long) group(block) * rowsPerGroup + (long) (block % perGroup()) * rowsPerBlock;
    }

    /** Rows of a block. */
    int rows(int block) {
        return Math.min(rowsPerBlock, rowsPerGroup - block % perGroup() * rowsPerBlock);
    }
}
