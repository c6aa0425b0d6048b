package org.cosmosj.bench;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The multiply-add peak of the processor: chains of independent fused multiply-adds that touch no memory. Measured next
 * to every benchmark, because a shared machine's clock moves; on a loaded machine the best window of a thread counts.
 * This class uses the Vector API itself, since it measures the machine and not the library.
 */
public final class FmaPeak {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int CHAINS = 12;
    private static final int STEPS = 20_000;
    private static final int WINDOWS = 100;
    private static volatile float sink;

    private FmaPeak() {}

    /**
     * Measures all threads at once; takes about a tenth of a second.
     *
     * @param threads how many run together, at least 1
     * @return F32 multiplications and additions per second over all threads, in units of 10^9
     */
    public static double gigaflops(int threads) {
        return Arrays.stream(Team.run(threads, FmaPeak::bestWindow)).sum();
    }

    /**
     * How many threads the library's kernels use in this JVM.
     *
     * @return the system property {@code cosmosj.threads}, else the number of processors
     */
    public static int threads() {
        return Math.max(1, Integer.getInteger("cosmosj.threads", Runtime.getRuntime().availableProcessors()));
    }

    private static double bestWindow() {
        double best = 0;
        for (int i = 0; i < WINDOWS; i++) {
            long start = System.nanoTime();
            sink += chains(STEPS);
            best = Math.max(best, 2.0 * CHAINS * SPECIES.length() * STEPS / (System.nanoTime() - start));
        }
        return best;
    }

    /** Twelve sums hide the latency of the multiply-add on every processor that runs Java 25's Vector API. */
    private static float chains(int steps) {
        FloatVector x = FloatVector.broadcast(SPECIES, 0.9999f);
        FloatVector y = FloatVector.broadcast(SPECIES, 1e-5f);
        FloatVector a = y;
        FloatVector b = y;
        FloatVector c = y;
        FloatVector d = y;
        FloatVector e = y;
        FloatVector f = y;
        FloatVector g = y;
        FloatVector h = y;
        FloatVector i = y;
        FloatVector j = y;
        FloatVector k = y;
        FloatVector l = y;
        for (int step = 0; step < steps; step++) {
            a = a.fma(x, y);
            b = b.fma(x, y);
            c = c.fma(x, y);
            d = d.fma(x, y);
            e = e.fma(x, y);
            f = f.fma(x, y);
            g = g.fma(x, y);
            h = h.fma(x, y);
            i = i.fma(x, y);
            j = j.fma(x, y);
            k = k.fma(x, y);
            l = l.fma(x, y);
        }
        return a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).add(k).add(l).lane(0);
    }
}
