package org.cosmosj.policy.query;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.Supplier;

/** Runs the stages of a query and prints how long each took as soon as it has ended. */
final class StageClock {
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrintWriter out;
    private final long start = System.nanoTime();

    StageClock(PrintWriter out) {
        this.out = out;
    }

    /** Runs and times one stage. */
    <R> R time(String stage, Supplier<R> work) {
        long from = System.nanoTime();
        R result = work.get();
        print(stage, secondsSince(from));
        return result;
    }

    /** Prints a stage that was timed elsewhere. */
    void print(String stage, double seconds) {
        out.println(String.format(Locale.ROOT, "%9.2f s  %s", seconds, stage));
    }

    /** Seconds since the clock was made. */
    double total() {
        return secondsSince(start);
    }

    static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / NANOS_PER_SECOND;
    }
}
