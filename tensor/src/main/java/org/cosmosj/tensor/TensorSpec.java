package org.cosmosj.tensor;

import java.util.List;
import java.util.Map;

/**
 * What is known of a stored tensor before its values are.
 *
 * @param key its name
 * @param dtype element type
 * @param shape sizes
 */
public record TensorSpec(String key, DType dtype, Shape shape) {
    /**
     * Size of its values.
     *
     * @return bytes
     */
    public long byteSize() {
        return shape.numel() * dtype.byteSize();
    }

    /**
     * What tensors are.
     *
     * @param tensors by name
     * @return their specs, in the order of the map
     */
    public static List<TensorSpec> of(Map<String, Tensor> tensors) {
        return tensors.entrySet().stream()
                .map(entry -> new TensorSpec(entry.getKey(), entry.getValue().dtype(), entry.getValue().shape()))
                .toList();
    }

    /** Refuses values that are not what was announced. */
    void check(Tensor values) {
        if (values.dtype() != dtype || !values.shape().equals(shape)) {
            throw new ShapeException("write: tensor '" + key + "' is " + values.dtype() + " " + values.shape()
                    + ", announced as " + dtype + " " + shape);
        }
    }

    @Override
    public String toString() {
        return key + " " + dtype + " " + shape;
    }
}
