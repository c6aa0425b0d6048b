package org.cosmosj.tensor;

/** Joins tensors along an axis; the gradient is split again. */
final class CatOp {
    private CatOp() {}

    static Tensor cat(int dim, Tensor... tensors) {
        Checks.require(tensors.length > 0, "cat", "no tensors given");
        Tensor first = tensors[0];
        int axis = first.shape().axis(dim);
        long total = 0;
        for (Tensor tensor : tensors) {
            Checks.sameDevice("cat", first, tensor);
            Checks.require(tensor.dtype() == first.dtype() && tensor.shape().rank() == first.shape().rank()
                    && tensor.shape().with(axis, 0).equals(first.shape().with(axis, 0)), "cat",
                    first + " and " + tensor + " differ outside axis " + axis);
            total += tensor.size(axis);
        }
        Tensor out = Tensor.emptyLike(first, first.shape().with(axis, total));
        long[] sizes = new long[tensors.length];
        long start = 0;
        for (int i = 0; i < tensors.length; i++) {
            sizes[i] = tensors[i].size(axis);
            try (Tensor part = out.narrow(axis, start, sizes[i])) {
                part.copyFrom(tensors[i]);
            }
            start += sizes[i];
        }
        return Tape.attach("cat", out, new Tensor[0], node -> {
            long from = 0;
            for (int i = 0; i < sizes.length; i++) {
                if (node.needs(i)) {
                    node.accumulate(i, node.dOut().narrow(axis, from, sizes[i]).contiguous());
                }
                from += sizes[i];
            }
        }, tensors);
    }
}
