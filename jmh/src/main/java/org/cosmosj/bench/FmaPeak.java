package org.cosmosj.bench;

import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.Device;

/**
 * The multiply-add peak of the processor. Measured next to every benchmark, because a shared machine's clock moves; on
 * a loaded machine the best window of a thread counts.
 */
public final class FmaPeak {
    private static final double GIGA = 1e9;

    private FmaPeak() {}

    /**
     * Measures all threads at once; takes about a tenth of a second.
     *
     * @param threads how many run together, at least 1
     * @return F32 multiplications and additions per second over all threads, in units of 10^9; NaN where the CPU's
     *     kernels have no such measurement
     */
    public static double gigaflops(int threads) {
        return Backends.of(Device.cpu()).multiplyAddPeak(threads).orElse(Double.NaN) / GIGA;
    }

    /**
     * How many threads the library's kernels use in this JVM.
     *
     * @return the system property {@code cosmosj.threads}, else the number of processors
     */
    public static int threads() {
        return Math.max(1, Integer.getInteger("cosmosj.threads", Runtime.getRuntime().availableProcessors()));
    }
}
