package org.cosmosj.tensor;

import org.cosmosj.tensor.spi.Layout;

/**
 * A tensor of a PyTorch file: a strided view of a storage, checked to stay inside of it.
 *
 * @param storage its memory
 * @param element its element type
 * @param layout shape, strides and offset in elements
 */
record TorchTensor(TorchStorage storage, TorchElement element, Layout layout) {
    private static final int DEEPEST = 64;

    /**
     * Checks a view.
     *
     * @param fileBytes size of the file; a tensor of repeated elements may not be larger
     * @throws IllegalArgumentException if it leaves the storage
     */
    static TorchTensor checked(TorchStorage storage, TorchElement element, long offset, long[] sizes, long[] strides,
            long fileBytes) {
        if (sizes.length != strides.length || sizes.length > DEEPEST) {
            throw new IllegalArgumentException("tensor of " + sizes.length + " sizes and " + strides.length
                    + " strides, expected as many, and at most " + DEEPEST);
        }
        Shape shape = Shape.of(sizes);
        long capacity = storage.byteSize() / element.byteSize();
        try {
            long last = offset;
            for (int axis = 0; axis < sizes.length; axis++) {
                if (strides[axis] < 0) {
                    throw new IllegalArgumentException("tensor " + shape + " has the stride " + strides[axis]);
                }
                if (shape.numel() > 0) {
                    last = Math.addExact(last, Math.multiplyExact(sizes[axis] - 1, strides[axis]));
                }
            }
            if (offset < 0 || shape.numel() > 0 && last >= capacity) {
                throw new IllegalArgumentException("tensor " + shape + " reaches from element " + offset + " to "
                        + last + " of a storage of " + capacity);
            }
            if (Math.multiplyExact(shape.numel(), (long) element.byteSize()) > fileBytes) {
                throw new IllegalArgumentException("tensor " + shape + " repeats its elements to more than the file"
                        + " holds; save a copy of it");
            }
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("tensor " + shape + " of these strides is larger than any file", e);
        }
        return new TorchTensor(storage, element, new Layout(shape, strides, offset));
    }

    Shape shape() {
        return layout.shape();
    }

    Tensor read(MappedFile file) {
        if (storage.decoded() != null) {
            return file.copy(storage.decoded(), element.dtype(), layout);
        }
        long begin = storage.begin() + layout.offset() * element.byteSize();
        return file.tensor(element.dtype(), begin, new Layout(layout.shape(), layout.strides(), 0));
    }

    @Override
    public String toString() {
        return element.torchName() + " tensor " + shape();
    }
}
