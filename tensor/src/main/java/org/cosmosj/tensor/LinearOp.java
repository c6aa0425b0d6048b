package org.cosmosj.tensor;

import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.Layout;
import org.cosmosj.tensor.spi.Operand;

/** {@code out = x W^T}. Backward: {@code dX = dOut W}, {@code dW = dOut^T x}. */
final class LinearOp {
    private LinearOp() {}

    static Tensor linear(String name, Tensor x, Tensor weight, MatmulPrecision precision) {
        Checks.rank(name, "weight", weight, 2, "(out, in)");
        Checks.sameDevice(name, x, weight);
        boolean rounded = RoundedOp.takes(name, x, weight);
        boolean widened = x.dtype() == DType.F32 && weight.dtype() == DType.BF16;
        if (!rounded && !widened) {
            Checks.compute(name, x, weight);
        }
        Checks.require(x.shape().rank() >= 1 && x.size(-1) == weight.size(1), name, "input " + x.shape() + " ends in "
                + (x.shape().rank() == 0 ? "nothing" : x.size(-1)) + " but weight " + weight.shape() + " takes "
                + weight.size(1));
        Tensor dense = x.contiguous();
        Tensor kernel = weight.contiguous();
        long k = weight.size(1);
        long n = weight.size(0);
        long m = k == 0 ? x.shape().slice(0, x.shape().rank() - 1).numel() : x.shape().numel() / k;
        Tensor out = Tensor.emptyOn(x.backend(), rounded ? DType.F32 : x.dtype(), x.shape().with(-1, n));
        precision.multiply(x.backend().matmul(), dense.operand().reshape(1, m, k), transposed(kernel.operand()),
                out.operand().reshape(1, m, n), Accumulation.ASSIGN);
        if (rounded) {
            try (out) {
                return out.to(x.dtype());
            }
        }
        Shape from = x.shape();
        Shape matrix = weight.shape();
        return Tape.attach(name, out,
                new Tensor[] {Tape.records(kernel) ? dense : null, Tape.records(dense) ? kernel : null},
                node -> backward(node, m, from, matrix, precision), dense, kernel);
    }

    /** Each factor is saved only for the other's gradient. */
    private static void backward(Backward node, long m, Shape from, Shape weight, MatmulPrecision precision) {
        Tensor dOut = node.dOut();
        long n = weight.size(0);
        long k = weight.size(1);
        if (node.needs(0)) {
            Tensor dX = Tensor.emptyLike(dOut, from);
            precision.multiply(dX.backend().matmul(), dOut.operand().reshape(1, m, n),
                    node.saved(1).operand().reshape(1, n, k), dX.operand().reshape(1, m, k), Accumulation.ASSIGN);
            node.accumulate(0, dX);
        }
        if (node.needs(1)) {
            Tensor slot = node.target(1);
            Tensor dW = slot == null ? Tensor.emptyLike(dOut, weight) : slot;
            precision.multiply(dW.backend().matmul(), transposed(dOut.operand().reshape(m, n)),
                    node.saved(0).operand().reshape(1, m, k), dW.operand().reshape(1, n, k),
                    slot == null ? Accumulation.ASSIGN : Accumulation.ADD);
            if (slot == null) {
                node.accumulate(1, dW);
            }
        }
    }

    /** (rows, columns) seen as (1, columns, rows). */
    private static Operand transposed(Operand matrix) {
        long rows = matrix.size(-2);
        long columns = matrix.size(-1);
        return matrix
                .with(new Layout(Shape.of(1, columns, rows), new long[] {0, 1, columns}, matrix.layout().offset()));
    }
}
