package org.cosmosj.tensor.spi;

import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Shape;

/**
 * What a kernel sees of a tensor.
 *
 * @param buffer device memory
 * @param dtype element type
 * @param layout shape, strides and offset, in elements
 */
public record Operand(Buffer buffer, DType dtype, Layout layout) {
    /**
     * Axis sizes.
     *
     * @return the layout's shape
     */
    public Shape shape() {
        return layout.shape();
    }

    /**
     * Number of elements.
     *
     * @return the product of the sizes
     */
    public long numel() {
        return layout.shape().numel();
    }

    /**
     * Position of the first element.
     *
     * @return offset in bytes
     */
    public long byteOffset() {
        return layout.offset() * dtype.byteSize();
    }

    /**
     * Size of one axis.
     *
     * @param dim axis; negative counts from the end
     * @return its size
     */
    public long size(int dim) {
        return layout.shape().size(dim);
    }

    /**
     * The same memory under another layout.
     *
     * @param other the new layout
     * @return the operand
     */
    public Operand with(Layout other) {
        return new Operand(buffer, dtype, other);
    }

    /**
     * The same dense elements under another shape; the layout must be contiguous.
     *
     * @param shape new sizes with the same number of elements
     * @return the operand
     */
    public Operand reshape(long... shape) {
        Shape sizes = Shape.of(shape);
        return with(new Layout(sizes, Layout.rowMajor(sizes), layout.offset()));
    }
}
