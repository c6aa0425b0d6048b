package org.cosmosj.tensor.conformance;

import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;

/** How an input lies in memory. What surrounds a view is NaN, so that a read outside it shows. */
enum Arrangement {
    /** Dense, at the start of its buffer. */
    CONTIGUOUS,
    /** Cut out of a tensor that is larger on both sides of every axis: an offset, and gaps between rows. */
    SLICED,
    /** Stored with the last two axes swapped, and sliced along the slower of them. */
    TRANSPOSED;

    /** The given values as a tensor of the current scope. */
    Tensor arrange(double[] values, DType dtype, Shape shape) {
        Tensor dense = Tensor.of(values, shape.toArray()).to(dtype);
        if (this == CONTIGUOUS || shape.rank() == 0) {
            return dense;
        }
        Tensor view = this == TRANSPOSED && shape.rank() >= 2 ? swapped(dtype, shape) : sliced(dtype, shape);
        return view.copyFrom(dense);
    }

    private static Tensor sliced(DType dtype, Shape shape) {
        Shape larger = shape;
        for (int axis = 0; axis < shape.rank(); axis++) {
            larger = larger.with(axis, shape.size(axis) + 2);
        }
        Tensor view = Tensor.full(Double.NaN, dtype, larger);
        for (int axis = 0; axis < shape.rank(); axis++) {
            view = view.narrow(axis, 1, shape.size(axis));
        }
        return view;
    }

    private static Tensor swapped(DType dtype, Shape shape) {
        int rank = shape.rank();
        Shape stored = shape.with(-1, shape.size(-2)).with(-2, shape.size(-1) + 2);
        return Tensor.full(Double.NaN, dtype, stored).narrow(rank - 2, 1, shape.size(-1)).transpose(-1, -2);
    }
}
