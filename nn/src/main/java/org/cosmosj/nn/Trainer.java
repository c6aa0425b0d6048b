package org.cosmosj.nn;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.Gradients;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.Safetensors;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.TensorSource;

/**
 * One optimiser step after another: loss under a tape, backward, clipping, AdamW, moving average. A run that was saved
 * and loaded continues with the same bits, because what a step draws depends on its number alone.
 */
public final class Trainer {
    private static final String PARAMETER = "parameter.";
    private static final String OPTIMIZER = "optimizer.";
    private static final String AVERAGE = "average.";

    private final Config config;
    private final List<Parameter> parameters;
    private final Gradients gradients;
    private final AdamW optimizer;
    private final ExponentialMovingAverage average;

    /**
     * How to train.
     *
     * @param learningRate base learning rate, above 0
     * @param schedule its factor per step
     * @param adam constants of the update
     * @param maxNorm global norm that gradients are clipped to, above 0
     * @param decay of the moving average
     */
    public record Config(double learningRate, LearningRateSchedule schedule, AdamW.Config adam, double maxNorm,
            ExponentialMovingAverage.Decay decay) {
        /** Checks ranges. */
        public Config {
            if (!(learningRate > 0) || !(maxNorm > 0)) {
                throw new IllegalArgumentException("trainer: learning rate " + learningRate + " and maxNorm " + maxNorm
                        + " must be above 0");
            }
        }
    }

    /** The loss of one step. */
    @FunctionalInterface
    public interface Objective {
        /**
         * Computes the loss while a tape records.
         *
         * @param step its number, counted from 0; everything drawn must depend on it alone
         * @return a scalar of the current scope
         */
        Tensor loss(long step);
    }

    /**
     * What a step saw.
     *
     * @param step its number, counted from 0
     * @param loss before the update
     * @param gradientNorm before clipping
     * @param learningRate of the update
     */
    public record Step(long step, double loss, double gradientNorm, double learningRate) {}

    /**
     * Starts a run; gradients, moments and averages belong to the current scope.
     *
     * @param parameters what to train
     * @param config how to train
     */
    public Trainer(List<Parameter> parameters, Config config) {
        this.config = config;
        this.parameters = List.copyOf(parameters);
        this.gradients = Gradients.of(parameters);
        this.optimizer = new AdamW(parameters, config.adam());
        this.average = new ExponentialMovingAverage(parameters, config.decay());
    }

    /**
     * Makes one step.
     *
     * @param objective the loss
     * @return what the step saw
     * @throws NonFiniteLossException if the loss is NaN or infinite; nothing is changed then
     */
    public Step step(Objective objective) {
        long step = optimizer.steps();
        double loss;
        gradients.zero();
        try (Scope _ = Scope.inner("training step " + step); Tape tape = Tape.record()) {
            Tensor value = objective.loss(step);
            loss = value.item();
            if (!Double.isFinite(loss)) {
                throw new NonFiniteLossException("training step " + step + ": the loss is " + loss
                        + "; parameters are unchanged, lower the learning rate or check the data for NaN");
            }
            tape.backward(value, gradients);
        }
        double learningRate = config.learningRate() * config.schedule().factor(step);
        double norm = optimizer.stepClipped(gradients, learningRate, config.maxNorm());
        average.update(step);
        return new Step(step, loss, norm, learningRate);
    }

    /**
     * Steps made so far.
     *
     * @return the number of the next step
     */
    public long steps() {
        return optimizer.steps();
    }

    /**
     * The moving average of the parameters.
     *
     * @return swap it in to evaluate
     */
    public ExponentialMovingAverage average() {
        return average;
    }

    /**
     * Writes parameters, optimiser and average to one safetensors file; an older file survives any failure.
     *
     * @param file the target
     * @param metadata what else a reader should know
     * @throws CheckpointException if it cannot be written
     */
    public void save(Path file, Map<String, String> metadata) throws CheckpointException {
        try (Scope _ = Scope.inner("save")) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            parameters.forEach(parameter -> tensors.put(PARAMETER + parameter.name(), parameter.value()));
            optimizer.state().forEach((name, tensor) -> tensors.put(OPTIMIZER + name, tensor));
            average.state().forEach((name, tensor) -> tensors.put(AVERAGE + name, tensor));
            Safetensors.write(file, tensors, metadata);
        }
    }

    /**
     * Continues a saved run.
     *
     * @param file what {@link #save} wrote
     * @param metadata what its metadata must say, so that a run does not go on with other settings
     * @throws CheckpointException if it cannot be read
     * @throws IllegalArgumentException if it was written by another model or with other metadata
     */
    public void load(Path file, Map<String, String> metadata) throws CheckpointException {
        try (Scope _ = Scope.inner("load"); Safetensors saved = Safetensors.open(file)) {
            metadata.forEach((key, expected) -> {
                String actual = saved.metadata().get(key);
                if (!expected.equals(actual)) {
                    throw new IllegalArgumentException("resume " + file + ": its " + key + " are " + actual
                            + ", this run has " + expected + "; remove the file or repeat the first settings");
                }
            });
            TensorSource values = saved.under(PARAMETER);
            parameters.forEach(parameter -> parameter.value().copyFrom(values.tensor(parameter.name())));
            optimizer.load(saved.under(OPTIMIZER));
            average.load(saved.under(AVERAGE));
        }
    }
}
