package org.cosmosj.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Three columns beside a throughput in operations per second, for kernels that memory limits: the rate of the bytes
 * that must be read and written once, what percentage that is of the rate of plain copies measured just before the
 * iteration (above 100 where the operands stay in the cache), and the multiply-add peak measured with it.
 */
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class ByteRate {
    /** Bytes moved, in units of 10^9; reported per second. */
    public double gigabytes;

    /** 100 for every second's worth of copying; reported per second. */
    public double percentOfCopy;

    /** The peak in GFLOP/s times the seconds that went by, so that the report per second is the peak itself. */
    public double fmaPeak;

    private double copy;
    private double peak;
    private long counted;

    /** Measures the peaks. */
    @Setup(Level.Iteration)
    public void measurePeaks() {
        copy = CopyPeak.gigabytes(FmaPeak.threads());
        peak = FmaPeak.gigaflops(FmaPeak.threads());
        counted = System.nanoTime();
    }

    /**
     * Counts one operation.
     *
     * @param bytes what it must read and write
     */
    public void count(double bytes) {
        gigabytes += bytes * 1e-9;
        percentOfCopy += 100 * bytes * 1e-9 / copy;
        long now = System.nanoTime();
        fmaPeak += peak * (now - counted) * 1e-9;
        counted = now;
    }
}
