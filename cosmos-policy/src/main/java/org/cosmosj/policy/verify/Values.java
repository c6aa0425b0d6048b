package org.cosmosj.policy.verify;

import java.util.Arrays;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.ShapeException;
import org.cosmosj.tensor.Tensor;

/**
 * A tensor's values on the host.
 *
 * @param shape sizes
 * @param data row-major
 */
record Values(Shape shape, float[] data) {
    Values {
        if (shape.numel() != data.length) {
            throw new ShapeException("values: " + data.length + " numbers do not fill shape " + shape);
        }
    }

    static Values of(Tensor tensor) {
        return new Values(tensor.shape(), tensor.toFloatArray());
    }

    /** The position of element {@code flat} along each axis, as {@code [1, 7, 12]}. */
    String index(int flat) {
        long[] position = new long[shape.rank()];
        long rest = flat;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            position[axis] = rest % shape.size(axis);
            rest /= shape.size(axis);
        }
        return Arrays.toString(position);
    }
}
