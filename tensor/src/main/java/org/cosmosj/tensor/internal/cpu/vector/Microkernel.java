package org.cosmosj.tensor.internal.cpu.vector;

/**
 * The inner product of all matrix-like kernels: a small tile of the result from two packed panels. It reads and writes
 * {@code float[]} only, because C2 compiles unrolled accesses to memory segments unreliably. An element's bits depend
 * on its row of a and its column of b alone, not on the tile's shape or its place in the tile.
 */
final class Microkernel {
    /** Rows of a tile: 12 where there are 32 vector registers (AVX-512, AArch64), else 6. */
    static final int ROWS = Species.LANES == 16 || System.getProperty("os.arch").equals("aarch64") ? 12 : 6;

    /** Columns of a tile: two vectors. */
    static final int COLUMNS = 2 * Species.LANES;

    /** Elements of a tile, row-major. */
    static final int TILE = ROWS * COLUMNS;

    private Microkernel() {}

    /**
     * {@code tile[r][s] = sum_p a[p][r] b[p][s]}, each sum by fma in the order of p, starting from 0.
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
            Microkernel6.multiply(a, aStart, b, bStart, tile, tileStart, depth);
        }
    }

    /**
     * {@code tile[r][s] += sum_p a[p][r] b[p][s]}, each sum by fma in the order of p, starting from the old value.
     *
     * @param a panel (depth, ROWS)
     * @param aStart its first element
     * @param b panel (depth, COLUMNS)
     * @param bStart its first element
     * @param tile (ROWS, COLUMNS), updated
     * @param tileStart its first element
     * @param depth length of the sums; 0 changes nothing
     */
    static void multiplyAdd(float[] a, int aStart, float[] b, int bStart, float[] tile, int tileStart, int depth) {
        if (ROWS == 12) {
            Microkernel12.multiplyAdd(a, aStart, b, bStart, tile, tileStart, depth);
        } else {
            Microkernel6.multiplyAdd(a, aStart, b, bStart, tile, tileStart, depth);
        }
    }
}
