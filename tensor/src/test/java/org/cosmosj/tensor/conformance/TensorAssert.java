package org.cosmosj.tensor.conformance;

import static org.cosmosj.testing.ArrayAssert.assertThatArray;

import org.assertj.core.api.AbstractAssert;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.testing.Tolerance;

/** Assertions on tensors of any device; values are compared on the host, and NaN fails every comparison. */
public final class TensorAssert extends AbstractAssert<TensorAssert, Tensor> {
    private TensorAssert(Tensor actual) {
        super(actual, TensorAssert.class);
    }

    /**
     * Starts an assertion; name it with {@code as}.
     *
     * @param actual the tensor
     * @return the assertion
     */
    public static TensorAssert assertThatTensor(Tensor actual) {
        return new TensorAssert(actual);
    }

    /**
     * Fails unless the sizes are these.
     *
     * @param sizes expected shape
     * @return this
     */
    public TensorAssert hasShape(long... sizes) {
        return hasShape(Shape.of(sizes));
    }

    /**
     * Fails unless the shape is this.
     *
     * @param shape expected
     * @return this
     */
    public TensorAssert hasShape(Shape shape) {
        isNotNull();
        if (!actual.shape().equals(shape)) {
            throw new AssertionError(name() + ": shape " + actual.shape() + ", expected " + shape);
        }
        return this;
    }

    /**
     * Fails unless the element type is this.
     *
     * @param dtype expected
     * @return this
     */
    public TensorAssert hasDType(DType dtype) {
        isNotNull();
        if (actual.dtype() != dtype) {
            throw new AssertionError(name() + ": dtype " + actual.dtype() + ", expected " + dtype);
        }
        return this;
    }

    /**
     * Fails unless all values are within the tolerance.
     *
     * @param expected row-major, as many as the tensor has
     * @param tolerance measure and limit
     * @return this
     */
    public TensorAssert isCloseTo(double[] expected, Tolerance tolerance) {
        isNotNull();
        assertThatArray(actual.toDoubleArray(), actual.shape().toArray()).as(name()).isCloseTo(expected, tolerance);
        return this;
    }

    /**
     * Fails unless all values are within the tolerance.
     *
     * @param expected row-major, as many as the tensor has
     * @param tolerance measure and limit
     * @return this
     */
    public TensorAssert isCloseTo(float[] expected, Tolerance tolerance) {
        isNotNull();
        assertThatArray(actual.toDoubleArray(), actual.shape().toArray()).as(name()).isCloseTo(expected, tolerance);
        return this;
    }

    /**
     * Fails unless shape and values agree; the dtype may differ.
     *
     * @param expected of any device
     * @param tolerance measure and limit
     * @return this
     */
    public TensorAssert isCloseTo(Tensor expected, Tolerance tolerance) {
        return hasShape(expected.shape()).isCloseTo(expected.toDoubleArray(), tolerance);
    }

    private String name() {
        return descriptionText().isEmpty() ? actual.toString() : descriptionText();
    }
}
