package org.cosmosj.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Two columns beside a throughput in operations per second: the arithmetic rate, and what percentage that is of the
 * processor's peak measured just before the iteration.
 */
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class FlopRate {
    /** Arithmetic done, in 10^9 operations; reported per second. */
    public double gigaflops;

    /** 100 for every second's worth of peak arithmetic; reported per second. */
    public double percentOfPeak;

    private double peak;

    /** Measures the peak. */
    @Setup(Level.Iteration)
    public void measurePeak() {
        peak = FmaPeak.gigaflops(FmaPeak.threads());
    }

    /**
     * Counts one operation.
     *
     * @param flops its multiplications and additions
     */
    public void count(double flops) {
        gigaflops += flops * 1e-9;
        percentOfPeak += 100 * flops * 1e-9 / peak;
    }
}
