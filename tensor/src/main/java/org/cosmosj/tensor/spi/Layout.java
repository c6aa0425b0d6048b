package org.cosmosj.tensor.spi;

import java.util.Arrays;
import org.cosmosj.tensor.Shape;

/**
 * How a tensor's elements lie in its buffer: element {@code (i0, i1, ..)} stands at {@code offset + sum i_k
 * strides_k}.
 */
public final class Layout {
    private final Shape shape;
    private final long[] strides;
    private final long offset;

    /**
     * Makes a layout.
     *
     * @param shape axis sizes
     * @param strides one per axis, in elements; 0 repeats an axis (broadcast)
     * @param offset of the first element, in elements
     */
    public Layout(Shape shape, long[] strides, long offset) {
        if (strides.length != shape.rank()) {
            throw new IllegalArgumentException("layout: " + strides.length + " strides for shape " + shape);
        }
        this.shape = shape;
        this.strides = strides.clone();
        this.offset = offset;
    }

    /**
     * The dense row-major layout at offset 0.
     *
     * @param shape axis sizes
     * @return the layout
     */
    public static Layout contiguous(Shape shape) {
        return new Layout(shape, rowMajor(shape), 0);
    }

    /**
     * Axis sizes.
     *
     * @return the shape
     */
    public Shape shape() {
        return shape;
    }

    /**
     * Stride of one axis.
     *
     * @param dim axis; negative counts from the end
     * @return its stride in elements
     */
    public long stride(int dim) {
        return strides[shape.axis(dim)];
    }

    /**
     * All strides.
     *
     * @return a copy, in elements
     */
    public long[] strides() {
        return strides.clone();
    }

    /**
     * Position of the first element.
     *
     * @return offset in elements
     */
    public long offset() {
        return offset;
    }

    /**
     * Whether the elements lie densely in row-major order (axes of size 1 do not matter).
     *
     * @return true if contiguous
     */
    public boolean isContiguous() {
        long expected = 1;
        for (int i = shape.rank() - 1; i >= 0; i--) {
            long size = shape.size(i);
            if (size == 0) {
                return true;
            }
            if (size != 1 && strides[i] != expected) {
                return false;
            }
            expected *= size;
        }
        return true;
    }

    /**
     * The row-major strides of a shape.
     *
     * @param shape axis sizes
     * @return strides in elements
     */
    public static long[] rowMajor(Shape shape) {
        long[] strides = new long[shape.rank()];
        long step = 1;
        for (int i = strides.length - 1; i >= 0; i--) {
            strides[i] = step;
            step *= Math.max(shape.size(i), 1);
        }
        return strides;
    }

    /**
     * This layout seen through a broadcast to a larger shape: repeated axes get stride 0.
     *
     * @param target a shape this layout's shape broadcasts to
     * @return the broadcast layout
     */
    public Layout broadcastTo(Shape target) {
        long[] wide = new long[target.rank()];
        int lead = target.rank() - shape.rank();
        for (int i = lead; i < wide.length; i++) {
            wide[i] = shape.size(i - lead) == 1 && target.size(i) != 1 ? 0 : strides[i - lead];
        }
        return new Layout(target, wide, offset);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Layout that && shape.equals(that.shape) && Arrays.equals(strides, that.strides)
                && offset == that.offset;
    }

    @Override
    public int hashCode() {
        return 31 * shape.hashCode() + Arrays.hashCode(strides);
    }

    @Override
    public String toString() {
        return shape + " strides " + Arrays.toString(strides) + " offset " + offset;
    }
}
