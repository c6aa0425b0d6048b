package org.cosmosj.cuda;

/**
 * How many threads a kernel is launched with.
 *
 * @param blocks blocks along x
 * @param threadsX threads of a block along x
 * @param threadsY threads of a block along y
 */
record LaunchSize(int blocks, int threadsX, int threadsY) {
    /** Threads of a block in kernels with one thread for each element; {@code ELEMENT_THREADS} in common.cuh. */
    private static final int ELEMENT_THREADS = 256;

    /** One thread for each of n elements. */
    static LaunchSize elements(long n) {
        return blocks((n + ELEMENT_THREADS - 1) / ELEMENT_THREADS, ELEMENT_THREADS, 1);
    }

    /** A number of blocks of a given size. */
    static LaunchSize blocks(long blocks, int threadsX, int threadsY) {
        if (blocks > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("cuda: a launch of " + blocks + " blocks is beyond " + Integer.MAX_VALUE
                    + "; split the tensor");
        }
        return new LaunchSize((int) blocks, threadsX, threadsY);
    }
}
