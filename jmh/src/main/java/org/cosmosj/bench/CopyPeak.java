package org.cosmosj.bench;

import java.util.Arrays;

/**
 * The rate at which this machine copies memory that no cache holds: the roof of every kernel that does little with each
 * element. Bytes read and bytes written both count. On a loaded machine the best pass of a thread counts.
 */
public final class CopyPeak {
    private static final int FLOATS = 8 << 20;
    private static final int PASSES = 4;
    private static final int ROUNDS = 2;

    private CopyPeak() {}

    /**
     * Measures all threads at once; takes some tenths of a second and 64 MiB of heap per thread.
     *
     * @param threads how many run together, at least 1
     * @return bytes read and written per second over all threads, in units of 10^9
     */
    public static double gigabytes(int threads) {
        return Arrays.stream(Team.run(threads, CopyPeak::bestPass)).sum();
    }

    private static double bestPass() {
        float[] from = new float[FLOATS];
        float[] to = new float[FLOATS];
        Arrays.fill(from, 1);
        double best = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (int pass = 0; pass < PASSES; pass++) {
                System.arraycopy(from, 0, to, 0, FLOATS);
                from[pass] = to[FLOATS - 1 - pass] + pass; // the copy is needed
            }
            best = Math.max(best, 2.0 * Float.BYTES * FLOATS * PASSES / (System.nanoTime() - start));
        }
        return best;
    }
}
