package org.cosmosj.tensor;

import java.util.Arrays;

/** The immutable sizes of a tensor's axes, slowest first; rank 0 is a scalar and sizes of 0 are legal. */
public final class Shape {
    /** The shape of a scalar. */
    public static final Shape SCALAR = new Shape(new long[0]);

    private final long[] sizes;

    private Shape(long[] sizes) {
        this.sizes = sizes;
    }

    /**
     * Makes a shape.
     *
     * @param sizes axis sizes, each at least 0
     * @return the shape
     * @throws ShapeException if a size is negative or the element count overflows a long
     */
    public static Shape of(long... sizes) {
        long count = 1;
        for (long size : sizes) {
            if (size < 0) {
                throw new ShapeException("shape: size " + size + " in " + text(sizes) + " is negative; use 0 or more");
            }
            try {
                count = Math.multiplyExact(count, Math.max(size, 1));
            } catch (ArithmeticException e) {
                throw new ShapeException("shape: " + text(sizes) + " has more than 2^63 elements", e);
            }
        }
        return new Shape(sizes.clone());
    }

    /**
     * Number of axes.
     *
     * @return the rank
     */
    public int rank() {
        return sizes.length;
    }

    /**
     * Size of one axis.
     *
     * @param dim axis; negative counts from the end
     * @return its size
     * @throws ShapeException if there is no such axis
     */
    public long size(int dim) {
        return sizes[axis(dim)];
    }

    /**
     * Resolves a possibly negative axis number.
     *
     * @param dim axis in [-rank, rank)
     * @return the same axis in [0, rank)
     * @throws ShapeException if there is no such axis
     */
    public int axis(int dim) {
        int axis = dim < 0 ? dim + sizes.length : dim;
        if (axis < 0 || axis >= sizes.length) {
            throw new ShapeException("axis " + dim + " does not exist in shape " + this + " of rank " + sizes.length);
        }
        return axis;
    }

    /**
     * Number of elements.
     *
     * @return the product of all sizes, 1 for a scalar
     */
    public long numel() {
        long count = 1;
        for (long size : sizes) {
            count *= size;
        }
        return count;
    }

    /**
     * The sizes as an array.
     *
     * @return a copy
     */
    public long[] toArray() {
        return sizes.clone();
    }

    /**
     * This shape with one axis changed.
     *
     * @param dim axis; negative counts from the end
     * @param size its new size
     * @return the new shape
     */
    public Shape with(int dim, long size) {
        long[] copy = sizes.clone();
        copy[axis(dim)] = size;
        return of(copy);
    }

    /**
     * The axes {@code from} (inclusive) to {@code to} (exclusive).
     *
     * @param from first axis, in [0, rank]
     * @param to end axis, in [from, rank]
     * @return the sub-shape
     */
    public Shape slice(int from, int to) {
        return new Shape(Arrays.copyOfRange(sizes, from, to));
    }

    /**
     * This shape followed by more axes.
     *
     * @param more sizes to append
     * @return the longer shape
     */
    public Shape append(long... more) {
        long[] joined = Arrays.copyOf(sizes, sizes.length + more.length);
        System.arraycopy(more, 0, joined, sizes.length, more.length);
        return of(joined);
    }

    /**
     * The shape both shapes broadcast to under NumPy's rule.
     *
     * @param other the other shape
     * @return the common shape
     * @throws ShapeException if an axis differs and neither size is 1
     */
    public Shape broadcast(Shape other) {
        int rank = Math.max(rank(), other.rank());
        long[] joint = new long[rank];
        for (int i = 1; i <= rank; i++) {
            long a = i <= rank() ? sizes[rank() - i] : 1;
            long b = i <= other.rank() ? other.sizes[other.rank() - i] : 1;
            if (a != b && a != 1 && b != 1) {
                throw new ShapeException("broadcast: " + this + " and " + other + " differ at axis -" + i
                        + "; sizes must be equal or 1");
            }
            joint[rank - i] = a == 1 ? b : a;
        }
        return new Shape(joint);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(sizes, shape.sizes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sizes);
    }

    @Override
    public String toString() {
        return text(sizes);
    }

    private static String text(long[] sizes) {
        StringBuilder text = new StringBuilder("(");
        for (int i = 0; i < sizes.length; i++) {
            text.append(i == 0 ? "" : ", ").append(sizes[i]);
        }
        return text.append(')').toString();
    }
}
