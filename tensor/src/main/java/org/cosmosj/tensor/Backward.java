package org.cosmosj.tensor;

import java.util.Map;

/** One node while its rule runs. */
final class Backward {
    private final Tape.Node node;
    private final Tensor gradient;
    private final Map<Tape.Variable, Tensor> pending;
    private final Gradients gradients;

    Backward(Tape.Node node, Tensor gradient, Map<Tape.Variable, Tensor> pending, Gradients gradients) {
        this.node = node;
        this.gradient = gradient;
        this.pending = pending;
        this.gradients = gradients;
    }

    /** The gradient of the result, contiguous, of the result's shape. */
    Tensor dOut() {
        return gradient;
    }

    /** Where parameters' gradients go; null if none take part. */
    Gradients gradients() {
        return gradients;
    }

    /** Whether input {@code i} is differentiable. */
    boolean needs(int i) {
        return node.inputs()[i] != null;
    }

    /** A saved tensor, in the order given to attach. */
    Tensor saved(int i) {
        return node.saved()[i];
    }

    /**
     * Where kernels that can add may add the gradient of input {@code i} directly, or null; then the rule
     * computes it and calls {@link #accumulate}.
     */
    Tensor target(int i) {
        Tape.Variable variable = node.inputs()[i];
        return variable != null && variable.parameter() != null ? slot(variable.parameter()) : null;
    }

    /** Hands over the gradient of input {@code i}: contiguous, of the input's shape, owned by the rule's scope. */
    void accumulate(int i, Tensor contribution) {
        Tape.Variable variable = node.inputs()[i];
        if (variable == null) {
            return;
        }
        if (variable.parameter() != null) {
            Tensor slot = slot(variable.parameter());
            Checks.sameShape(node.op() + " backward", "gradient of input " + i, contribution, slot.shape());
            slot.backend().elementwise().axpy(1, contribution.contiguous().operand(), slot.operand());
            return;
        }
        Tensor present = pending.get(variable);
        if (present == null) {
            pending.put(variable, contribution.contiguous().aliasForTape());
            return;
        }
        Checks.sameShape(node.op() + " backward", "gradient of input " + i, contribution, present.shape());
        if (present.isSoleOwner()) {
            present.backend().elementwise().axpy(1, contribution.contiguous().operand(), present.operand());
        } else {
            pending.put(variable, present.add(contribution).aliasForTape());
            present.releaseFromTape();
        }
    }

    /**
     * The gradient that input {@code i}, which must be differentiable, has so far, zeros if none; a rule may add to
     * a part of it in place.
     */
    Tensor gradientSoFar(int i, Shape shape) {
        Tape.Variable variable = node.inputs()[i];
        if (variable.parameter() != null) {
            return slot(variable.parameter());
        }
        Tensor present = pending.get(variable);
        if (present != null && present.isSoleOwner()) {
            return present;
        }
        Tensor own = present == null ? Tensor.emptyLike(gradient, shape).fill(0) : present.copy();
        pending.put(variable, own.aliasForTape());
        if (present != null) {
            present.releaseFromTape();
        }
        return own;
    }

    private Tensor slot(Parameter parameter) {
        if (gradients == null) {
            throw new IllegalStateException("backward: parameter " + parameter.name()
                    + " takes part but no Gradients were given; pass Gradients.of(parameters)");
        }
        return gradients.of(parameter);
    }
}
