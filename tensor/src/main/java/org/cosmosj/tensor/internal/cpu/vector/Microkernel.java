package org.cosmosj.tensor.internal.cpu.vector;

/**
 * The inner product of all matrix-like kernels: a small tile of the result from two packed panels. It reads and writes
 * {@code float[]} only, because C2 compiles unrolled accesses to memory segments unreliably.
 */
final class Microkernel {
    /** Rows of a tile. */
    static final int ROWS = Species.LANES == 16 ? 12 : 4;

    /** Columns of a tile: two vectors. */
    static final int COLUMNS = 2 * Species.LANES;

    /** Elements of a tile, row-major. */
    static final int TILE = ROWS * COLUMNS;

    private Microkernel() {}

    /**
     * {@code tile[r][s] = sum_p a[p][r] b[p][s]}, each sum by fma in the order of p.
     *
     * @param a panel (depth, ROWS)
     * @param aStart its first element
     * @param b panel (depth, COLUMNS)
     * @param bStart its first element
     * @param tile receives (ROWS, COLUMNS)
     * @param tileStart its first element
     * @param depth length of the sums; 0 gives zeros
     */
    static void multiply(float[] a, int aStart, float[] b, int bStart, float[] tile, int tileStart, int depth) {
        if (ROWS == 12) {
            Microkernel12.multiply(a, aStart, b, bStart, tile, tileStart, depth);
        } else {
            Microkernel4.multiply(a, aStart, b, bStart, tile, tileStart, depth);
        }
    }
}
