package org.cosmosj.tensor.internal.cpu.machine;

/**
 * What can be tuned without changing a bit of any result.
 *
 * @param rows of a register tile
 * @param vectors columns of a register tile, in vectors of 16
 * @param unroll steps per turn of the inner loop, a power of two
 * @param prefetch bytes that the right panel is fetched ahead of its use; 0 for none
 * @param packedRows rows of the left factor that are packed at a time
 * @param packedColumns columns of the right factor that are packed at a time
 */
record Tiling(int rows, int vectors, int unroll, int prefetch, int packedRows, int packedColumns) {
    /** Registers for accumulators, one step of the right factor and at least one element of the left one. */
    private static final int REGISTERS = 32;

    /** Checks that tiles fit the registers. */
    Tiling {
        if (rows < 1 || rows > 30 || vectors < 1 || rows * vectors + vectors + 1 > REGISTERS) {
            throw new IllegalArgumentException("machine code: a tile of " + rows + " rows and " + vectors
                    + " vectors needs " + (rows * vectors + vectors + 1) + " registers of " + REGISTERS);
        }
        if (unroll < 1 || Integer.bitCount(unroll) != 1) {
            throw new IllegalArgumentException("machine code: unroll " + unroll + " is no power of two");
        }
        if (packedRows < rows || packedColumns < 16 * vectors) {
            throw new IllegalArgumentException("machine code: blocks of " + packedRows + " rows and " + packedColumns
                    + " columns are smaller than a tile of " + rows + " x " + 16 * vectors);
        }
    }

    /**
     * The system properties {@code cosmosj.machine.rows}, {@code vectors}, {@code unroll}, {@code prefetch},
     * {@code packedRows} and {@code packedColumns}, for kernel tuners, or the values that were fastest.
     */
    static Tiling fromProperties() {
        return new Tiling(property("rows", 14), property("vectors", 2), property("unroll", 4),
                property("prefetch", 512), property("packedRows", 196), property("packedColumns", 2048));
    }

    private static int property(String name, int standard) {
        return Integer.getInteger("cosmosj.machine." + name, standard);
    }

    int columns() {
        return 16 * vectors;
    }
}
