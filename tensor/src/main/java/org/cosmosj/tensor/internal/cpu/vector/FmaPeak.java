package org.cosmosj.tensor.internal.cpu.vector;

import java.util.Arrays;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The multiply-add peak of the processor: chains of independent fused multiply-adds that touch no memory. The clock of
 * a shared machine moves, so it is measured beside what it is compared with; on a loaded machine the best window of a
 * thread counts.
 */
final class FmaPeak {
    private static final VectorSpecies<Float> SPECIES = Species.FLOAT;
    private static final int CHAINS = 12;
    private static final int STEPS = 20_000;
    private static final int WINDOWS = 100;
    private static volatile float sink;

    private FmaPeak() {}

    /** F32 multiplications and additions per second of so many threads together; takes a tenth of a second. */
    static double flopsPerSecond(int threads) {
        double[] best = new double[threads];
        Thread[] team = IntStream.range(0, best.length)
                .mapToObj(i -> Thread.ofPlatform().start(() -> best[i] = bestWindow()))
                .toArray(Thread[]::new);
        for (Thread thread : team) {
            join(thread);
        }
        return 1e9 * Arrays.stream(best).sum();
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("peak: interrupted while measuring", e);
        }
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
