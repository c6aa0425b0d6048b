package org.cosmosj.nn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.Gradients;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.ShapeException;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.TensorSource;
import org.cosmosj.tensor.spi.OptimizerKernels.AdamWStep;

/**
 * Adam with decoupled weight decay as deployed: one group, so decay also shrinks the gains of norms. With step k
 * from 1:
 *
 * <pre>
 * m = b1 m + (1 - b1) g        v = b2 v + (1 - b2) g^2
 * p -= lr ((m / (1 - b1^k)) / (sqrt(v / (1 - b2^k)) + eps) + weightDecay p)
 * </pre>
 *
 * Source: spec 04 section 16; {@code fused_adam_dtensor.py#FusedAdam}.
 */
public final class AdamW {
    private static final String FIRST_MOMENT = "exp_avg.";
    private static final String SECOND_MOMENT = "exp_avg_sq.";
    private static final String STEPS = "step";
    /** Added to the norm before dividing, as torch's clip_grad_norm_ does. */
    private static final double CLIP_EPS = 1e-6;

    /**
     * Constants of the update.
     *
     * @param beta1 decay of the first moment, in [0, 1)
     * @param beta2 decay of the second moment, in [0, 1)
     * @param eps added to the root, above 0
     * @param weightDecay decoupled decay per unit of learning rate, at least 0
     */
    public record Config(double beta1, double beta2, double eps, double weightDecay) {
        /** Checks ranges. */
        public Config {
            if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && eps > 0 && weightDecay >= 0)) {
                throw new IllegalArgumentException("AdamW: beta1 " + beta1 + " and beta2 " + beta2
                        + " must be in [0, 1), eps " + eps + " above 0, weightDecay " + weightDecay + " at least 0");
            }
        }
    }

    private record Slot(Parameter parameter, Tensor firstMoment, Tensor secondMoment) {}

    private final Config config;
    private final List<Slot> slots = new ArrayList<>();
    private long steps;

    /**
     * Starts with zero moments, which belong to the current scope.
     *
     * @param parameters what to train
     * @param config constants
     */
    public AdamW(List<Parameter> parameters, Config config) {
        this.config = config;
        for (Parameter parameter : parameters) {
            Tensor value = parameter.value();
            slots.add(new Slot(parameter, Tensor.zeros(value.dtype(), value.shape()),
                    Tensor.zeros(value.dtype(), value.shape())));
        }
    }

    /**
     * Updates all parameters in place.
     *
     * @param gradients of the same parameters; not changed
     * @param learningRate of this step
     */
    public void step(Gradients gradients, double learningRate) {
        update(gradients, learningRate, 1);
    }

    /**
     * Updates all parameters with the gradients scaled down to a global norm of at most {@code maxNorm}: NaN and
     * infinite gradients become 0, then every gradient is multiplied by {@code min(1, maxNorm / (norm + 1e-6))}, in
     * the same pass as the update.
     *
     * @param gradients of the same parameters; only what is not finite is changed
     * @param learningRate of this step
     * @param maxNorm the limit, above 0
     * @return the norm before scaling
     */
    public double stepClipped(Gradients gradients, double learningRate, double maxNorm) {
        if (!(maxNorm > 0)) {
            throw new IllegalArgumentException("AdamW: maxNorm " + maxNorm + " must be above 0");
        }
        gradients.zeroNonFinite();
        double norm = gradients.norm();
        update(gradients, learningRate, Math.min(1, maxNorm / (norm + CLIP_EPS)));
        return norm;
    }

    private void update(Gradients gradients, double learningRate, double gradientScale) {
        steps++;
        AdamWStep step = new AdamWStep(learningRate, config.beta1(), config.beta2(), config.eps(),
                config.weightDecay(), 1 - StrictMath.pow(config.beta1(), steps),
                1 - StrictMath.pow(config.beta2(), steps),
                gradientScale);
        for (Slot slot : slots) {
            Tensor value = slot.parameter().value();
            Backends.of(value.device()).optimizers().adamW(gradients.of(slot.parameter()).operand(), value.operand(),
                    slot.firstMoment().operand(), slot.secondMoment().operand(), step);
        }
    }

    /**
     * Steps made so far.
     *
     * @return k
     */
    public long steps() {
        return steps;
    }

    /**
     * Everything a resumed run needs besides the parameters: {@code exp_avg.NAME}, {@code exp_avg_sq.NAME} and
     * {@code step}. The moments are the optimiser's own, so write them before the next step.
     *
     * @return tensors by name; {@code step} belongs to the current scope
     */
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        state.put(STEPS, Tensor.of(new long[] {steps}, 1));
        for (Slot slot : slots) {
            state.put(FIRST_MOMENT + slot.parameter().name(), slot.firstMoment());
            state.put(SECOND_MOMENT + slot.parameter().name(), slot.secondMoment());
        }
        return state;
    }

    /**
     * Continues where {@link #state} was written; the following steps give the same bits.
     *
     * @param source what was written
     * @throws IllegalArgumentException if it lacks a tensor
     * @throws ShapeException if a tensor has another shape or dtype
     */
    public void load(TensorSource source) {
        for (Slot slot : slots) {
            restore(source, FIRST_MOMENT + slot.parameter().name(), slot.firstMoment());
            restore(source, SECOND_MOMENT + slot.parameter().name(), slot.secondMoment());
        }
        steps = source.tensor(STEPS).toLongArray()[0];
    }

    private static void restore(TensorSource source, String key, Tensor target) {
        Tensor stored = source.tensor(key);
        if (!stored.shape().equals(target.shape()) || stored.dtype() != target.dtype()) {
            throw new ShapeException("AdamW: " + key + " in " + source.describe() + " is " + stored + ", expected "
                    + target + "; it was written by another model");
        }
        target.copyFrom(stored);
    }
}
