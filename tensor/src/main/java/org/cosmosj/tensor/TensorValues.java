package org.cosmosj.tensor;

/** Makes the values of tensors while a checkpoint is written, one at a time, so that only one is in memory. */
@FunctionalInterface
public interface TensorValues {
    /**
     * Makes one tensor in the current scope, which is on the CPU and ends once it is written.
     *
     * @param spec which
     * @return values of that dtype and shape, of any layout
     */
    Tensor of(TensorSpec spec);
}
