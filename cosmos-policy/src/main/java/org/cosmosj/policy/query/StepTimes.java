package org.cosmosj.policy.query;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntFunction;
import org.cosmosj.policy.DiTInput;
import org.cosmosj.policy.LatentNetwork;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.Backend;

/**
 * A network that times each of its evaluations and measures the device's multiply-add peak beside each, since the clock
 * of a shared machine moves.
 */
final class StepTimes implements LatentNetwork {
    /** As many as the kernels use. */
    private static final int THREADS =
            Math.max(1, Integer.getInteger("cosmosj.threads", Runtime.getRuntime().availableProcessors()));

    private final LatentNetwork network;
    private final StageClock clock;
    private final IntFunction<String> names;
    private final List<Double> seconds = new ArrayList<>();
    private final List<Double> peaks = new ArrayList<>();

    /**
     * Wraps a network.
     *
     * @param network what is timed
     * @param clock prints each evaluation
     * @param names what the i-th evaluation is called, from 0
     */
    StepTimes(LatentNetwork network, StageClock clock, IntFunction<String> names) {
        this.network = network;
        this.clock = clock;
        this.names = names;
    }

    @Override
    public Tensor forward(DiTInput input) {
        Backend backend = Backends.of(Scope.current().device());
        backend.multiplyAddPeak(THREADS).ifPresent(peaks::add);
        long start = System.nanoTime();
        Tensor out = network.forward(input);
        backend.synchronize();
        seconds.add(StageClock.secondsSince(start));
        clock.print(names.apply(seconds.size() - 1), seconds.getLast());
        return out;
    }

    /** Mean time of an evaluation in seconds; NaN before the first. */
    double mean() {
        return seconds.stream().mapToDouble(s -> s).average().orElse(Double.NaN);
    }

    /** Mean of the peaks measured before each evaluation, operations per second; empty if there is no measurement. */
    OptionalDouble peak() {
        return peaks.stream().mapToDouble(p -> p).average();
    }
}
