package org.cosmosj.nn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.ShapeException;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.TensorSource;

/** A running average of parameters, {@code average = decay average + (1 - decay) value} after every step. */
public final class ExponentialMovingAverage {
    private final List<Parameter> parameters;
    private final List<Tensor> averages;
    private final Decay decay;

    /** How much of the average a step keeps. */
    @FunctionalInterface
    public interface Decay {
        /**
         * The decay of a step.
         *
         * @param step counted from 0
         * @return in [0, 1]
         */
        double at(long step);

        /**
         * The same decay at every step.
         *
         * @param decay in [0, 1)
         * @return the decay
         */
        static Decay constant(double decay) {
            if (!(decay >= 0 && decay < 1)) {
                throw new IllegalArgumentException("moving average: decay " + decay + " must be in [0, 1)");
            }
            return _ -> decay;
        }

        /**
         * A decay that keeps the average's memory a fixed share of the run:
         * {@code (1 - 1/(k+1))^(g+1)} with g the largest real root of
         * {@code x^3 + 7 x^2 + (16 - s^-2) x + (12 - s^-2)}. Source: spec 04 section 16; Karras et al. 2024,
         * appendix C.
         *
         * @param deviation s, the standard deviation of the memory as a share of the run, in (0, 0.28); 0.1 in the
         * reference
         * @return the decay
         */
        static Decay power(double deviation) {
            double exponent = powerExponent(deviation) + 1;
            return step -> step < 1 ? 0 : StrictMath.pow(1 - 1.0 / (step + 1), exponent);
        }
    }

    /**
     * Starts from the present values.
     *
     * @param parameters what to average; the averages belong to the current scope
     * @param decay how much a step keeps
     */
    public ExponentialMovingAverage(List<Parameter> parameters, Decay decay) {
        this.parameters = List.copyOf(parameters);
        this.averages = parameters.stream().map(parameter -> parameter.value().detach().copy()).toList();
        this.decay = decay;
    }

    /** The cubic grows beyond its largest root, so bisection from a point above it finds that root. */
    static double powerExponent(double deviation) {
        if (!(deviation > 0 && deviation < 0.28)) {
            throw new IllegalArgumentException("moving average: deviation " + deviation + " must be in (0, 0.28)");
        }
        double t = 1 / (deviation * deviation);
        double low = 0;
        double high = t;
        for (int i = 0; i < 200 && high - low > Math.ulp(high); i++) {
            double x = (low + high) / 2;
            double cubic = ((x + 7) * x + 16 - t) * x + 12 - t;
            if (cubic > 0) {
                high = x;
            } else {
                low = x;
            }
        }
        return (low + high) / 2;
    }

    /**
     * Takes the present values into the averages.
     *
     * @param step the optimiser step just made, counted from 0
     */
    public void update(long step) {
        double kept = decay.at(step);
        for (int i = 0; i < averages.size(); i++) {
            Tensor average = averages.get(i);
            Backends.of(average.device()).optimizers().movingAverage(parameters.get(i).value().operand(), kept,
                    average.operand());
        }
    }

    /** Exchanges parameters and averages, to evaluate with the averages; a second call changes back. */
    public void swap() {
        for (int i = 0; i < averages.size(); i++) {
            Tensor value = parameters.get(i).value();
            try (Tensor kept = value.detach().copy()) {
                value.copyFrom(averages.get(i));
                averages.get(i).copyFrom(kept);
            }
        }
    }

    /**
     * The averages by the parameters' names, for a checkpoint; they are this object's own.
     *
     * @return tensors by name
     */
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        for (int i = 0; i < averages.size(); i++) {
            state.put(parameters.get(i).name(), averages.get(i));
        }
        return state;
    }

    /**
     * Continues where {@link #state} was written.
     *
     * @param source what was written
     * @throws IllegalArgumentException if it lacks a tensor
     * @throws ShapeException if a tensor has another shape
     */
    public void load(TensorSource source) {
        for (int i = 0; i < averages.size(); i++) {
            averages.get(i).copyFrom(source.tensor(parameters.get(i).name()));
        }
    }
}
