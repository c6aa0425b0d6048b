package org.cosmosj.tensor;

/**
 * A named tensor of a model. One of F32 or F64 is trainable: its gradient is added into a {@link Gradients} buffer that
 * outlives the step. One of BF16 is frozen: gradients pass through the ops that read it, but it has none of its own.
 */
public final class Parameter {
    private final String name;
    private final Tensor value;

    /**
     * Makes a parameter of a tensor; ops that read {@link #value()} under a tape are differentiated by it.
     *
     * @param name its checkpoint key
     * @param value contiguous F32, F64 or BF16; the scope that owns it must outlive the parameter
     * @throws ShapeException if the tensor is a view or of another dtype
     * @throws IllegalArgumentException if the tensor is a parameter already or was computed under a tape
     */
    public Parameter(String name, Tensor value) {
        boolean trainable = value.dtype().isCompute();
        if (!trainable && value.dtype() != DType.BF16 || !value.layout().isContiguous()) {
            throw new ShapeException("parameter " + name + ": " + value + " must be contiguous F32, F64 or BF16");
        }
        if (value.variable != null) {
            throw new IllegalArgumentException("parameter " + name + ": " + value + " already "
                    + (value.variable.parameter() != null
                            ? "is parameter " + value.variable.parameter().name()
                            : "belongs to a tape")
                    + "; give each parameter a tensor of its own");
        }
        this.name = name;
        this.value = value;
        value.variable = trainable ? Tape.Variable.of(this) : null;
    }

    /**
     * Its checkpoint key.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * The present value; optimisers update it in place.
     *
     * @return the tensor
     */
    public Tensor value() {
        return value;
    }

    @Override
    public String toString() {
        return name + " " + value.shape();
    }
}
