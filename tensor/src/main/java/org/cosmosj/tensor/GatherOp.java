package org.cosmosj.tensor;

import org.cosmosj.tensor.spi.CopyKernels;

/** Picks indices of one axis, as for embeddings and frames; the gradient is scattered back by addition. */
final class GatherOp {
    private GatherOp() {}

    static Tensor indexSelect(Tensor x, int dim, long[] indices) {
        int axis = x.shape().axis(dim);
        for (long index : indices) {
            Checks.require(index >= 0 && index < x.size(axis), "indexSelect",
                    "index " + index + " is outside axis " + axis + " of " + x.shape());
        }
        Tensor dense = x.contiguous();
        Tensor out = Tensor.emptyLike(x, x.shape().with(axis, indices.length));
        long before = x.shape().slice(0, axis).numel();
        long after = x.shape().slice(axis + 1, x.shape().rank()).numel();
        long size = x.size(axis);
        try (Scope _ = Scope.open(x.device(), "indexSelect")) {
            Tensor index = Tensor.of(indices, indices.length);
            x.backend().copies().gather(dense.operand().reshape(before, size, after), index.operand(),
                    out.operand().reshape(before, indices.length, after));
        }
        Shape from = x.shape();
        return Tape.attach("indexSelect", out, new Tensor[0], node -> {
            Tensor dX = Tensor.emptyLike(node.dOut(), from).fill(0);
            try (Scope _ = Scope.open(dX.device(), "indexSelect")) {
                Tensor where = Tensor.of(indices, indices.length);
                CopyKernels copies = dX.backend().copies();
                copies.scatterAdd(node.dOut().operand().reshape(before, indices.length, after), where.operand(),
                        dX.operand().reshape(before, size, after));
            }
            node.accumulate(0, dX);
        }, dense);
    }
}
