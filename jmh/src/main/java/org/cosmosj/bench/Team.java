package org.cosmosj.bench;

import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

/** Threads that measure the machine at the same time. */
final class Team {
    private Team() {}

    /** Runs one measurement on each of some threads at once. */
    static double[] run(int threads, DoubleSupplier measurement) {
        double[] results = new double[threads];
        Thread[] team = IntStream.range(0, threads)
                .mapToObj(i -> Thread.ofPlatform().start(() -> results[i] = measurement.getAsDouble()))
                .toArray(Thread[]::new);
        for (Thread thread : team) {
            join(thread);
        }
        return results;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("peak: interrupted while measuring", e);
        }
    }
}
