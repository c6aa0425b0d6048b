package org.cosmosj.testing;

import java.util.Arrays;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on plain arrays with a shape. A failure reads
 * {@code name: 3 of 4096 differ, worst at [1, 7, 12]: actual NaN, expected 0.4417, limit 2.0e-5}.
 */
public final class ArrayAssert extends AbstractAssert<ArrayAssert, double[]> {
    private final long[] shape;

    private ArrayAssert(double[] actual, long[] shape) {
        super(actual, ArrayAssert.class);
        this.shape = shape.clone();
    }

    /**
     * Starts an assertion; name it with {@code as}.
     *
     * @param actual row-major values
     * @param shape their sizes; empty for a scalar
     * @return the assertion
     */
    public static ArrayAssert assertThatArray(double[] actual, long... shape) {
        return new ArrayAssert(actual, shape);
    }

    /**
     * Starts an assertion; name it with {@code as}.
     *
     * @param actual row-major values
     * @param shape their sizes; empty for a scalar
     * @return the assertion
     */
    public static ArrayAssert assertThatArray(float[] actual, long... shape) {
        return new ArrayAssert(widened(actual), shape);
    }

    /**
     * Fails unless all values are within the tolerance.
     *
     * @param expected row-major values of the same shape
     * @param tolerance measure and limit
     * @return this
     */
    public ArrayAssert isCloseTo(double[] expected, Tolerance tolerance) {
        isNotNull();
        Comparison comparison = Comparison.of(actual, expected, shape, tolerance);
        if (!comparison.passed()) {
            String name = descriptionText().isEmpty() ? "array " + Arrays.toString(shape) : descriptionText();
            throw new AssertionError(name + ": " + comparison.message());
        }
        return this;
    }

    /**
     * Fails unless all values are within the tolerance.
     *
     * @param expected row-major values of the same shape
     * @param tolerance measure and limit
     * @return this
     */
    public ArrayAssert isCloseTo(float[] expected, Tolerance tolerance) {
        return isCloseTo(widened(expected), tolerance);
    }

    private static double[] widened(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }
}
