package org.cosmosj.tensor;

/** A named trainable tensor. Its gradient is added into a {@link Gradients} buffer that outlives the step. */
public final class Parameter {
    private final String name;
    private final Tensor value;

    /**
     * Makes a parameter of a tensor; ops that read {@link #value()} under a tape are differentiated by it.
     *
     * @param name its checkpoint key
     * @param value contiguous F32 or F64; the scope that owns it must outlive the parameter
     * @throws ShapeException if the tensor is a view or of a storage dtype
     */
    public Parameter(String name, Tensor value) {
        if (!value.dtype().isCompute() || !value.layout().isContiguous()) {
            throw new ShapeException("parameter " + name + ": " + value + " must be contiguous F32 or F64");
        }
        this.name = name;
        this.value = value;
        value.variable = new Tape.Variable(this);
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
