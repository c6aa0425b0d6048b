package org.cosmosj.tensor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cosmosj.tensor.spi.ReductionKernels;

/**
 * Gradients of a set of parameters in one flat buffer, so that clipping, accumulation over micro-steps and reduction
 * over machines are single passes. {@link Tape#backward} adds into it; {@link #zero} starts anew.
 */
public final class Gradients {
    private static final long ALIGNMENT = 16;

    private final Tensor flat;
    private final Map<Parameter, Tensor> slots = new LinkedHashMap<>();

    private Gradients(Tensor flat) {
        this.flat = flat;
    }

    /**
     * A zeroed buffer for the given parameters, owned by the current scope.
     *
     * @param parameters all of one dtype and device; order fixes the layout
     * @return the gradients
     */
    public static Gradients of(Collection<Parameter> parameters) {
        List<Long> offsets = new ArrayList<>();
        long end = 0;
        DType dtype = DType.F32;
        for (Parameter parameter : parameters) {
            offsets.add(end);
            end += (parameter.value().shape().numel() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
            dtype = parameter.value().dtype();
        }
        Gradients gradients = new Gradients(Tensor.zeros(dtype, Shape.of(end)));
        int i = 0;
        for (Parameter parameter : parameters) {
            Shape shape = parameter.value().shape();
            Checks.compute("gradients of " + parameter.name(), gradients.flat, parameter.value());
            Tensor slot = gradients.flat.narrow(0, offsets.get(i++), shape.numel()).reshape(shape);
            gradients.slots.put(parameter, slot);
        }
        return gradients;
    }

    /**
     * The gradient of one parameter.
     *
     * @param parameter one of the set
     * @return a view of the flat buffer with the parameter's shape
     * @throws IllegalArgumentException if the parameter is not of this set
     */
    public Tensor of(Parameter parameter) {
        Tensor slot = slots.get(parameter);
        if (slot == null) {
            throw new IllegalArgumentException("gradients: parameter " + parameter
                    + " is not in this set; build the set from all parameters of the model");
        }
        return slot;
    }

    /**
     * The flat buffer; gaps between parameters are zero.
     *
     * @return a rank-1 tensor
     */
    public Tensor flat() {
        return flat;
    }

    /** Sets all gradients to zero. */
    public void zero() {
        flat.fill(0);
    }

    /** Replaces NaN and infinities by zero. Source: spec 04 section 16. */
    public void zeroNonFinite() {
        flat.backend().optimizers().zeroNonFinite(flat.operand());
    }

    /**
     * The global L2 norm.
     *
     * @return the norm; NaN if any gradient is NaN
     */
    public double norm() {
        try (Scope _ = Scope.inner("gradient norm")) {
            Tensor sum = Tensor.empty(flat.dtype(), Shape.of(1, 1));
            long n = flat.shape().numel();
            flat.backend().reductions().reduce(ReductionKernels.Reduce.SUM_OF_SQUARES, flat.operand().reshape(1, n, 1),
                    sum.operand());
            return Math.sqrt(sum.reshape(Shape.SCALAR).item());
        }
    }

    /**
     * Scales all gradients so that their global norm is at most {@code maxNorm}:
     * {@code g *= min(1, maxNorm / (norm + 1e-6))}. Source: spec 04 section 16.
     *
     * @param maxNorm the limit, above 0
     * @return the norm before clipping; NaN and infinite norms leave the gradients as they are
     * @throws IllegalArgumentException if the limit is not above 0
     */
    public double clip(double maxNorm) {
        if (!(maxNorm > 0)) {
            throw new IllegalArgumentException("clip: maximum norm " + maxNorm + " must be above 0");
        }
        double norm = norm();
        double factor = maxNorm / (norm + 1e-6);
        if (factor < 1) {
            scale(factor);
        }
        return norm;
    }

    /**
     * Multiplies all gradients by a factor.
     *
     * @param factor such as one over the number of accumulated micro-steps
     */
    public void scale(double factor) {
        flat.backend().elementwise().affine(flat.operand(), factor, 0, flat.operand());
    }
}
