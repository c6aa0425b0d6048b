package org.cosmosj.tensor;

import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.Layout;
import org.cosmosj.tensor.spi.Operand;

/** Matrix products. Backward: {@code dA = dOut B^T}, {@code dB = A^T dOut}. */
final class MatmulOp {
    private MatmulOp() {}

    static Tensor matmul(Tensor a, Tensor b) {
        boolean rounded = RoundedOp.takes("matmul", a, b);
        if (!rounded) {
            Checks.compute("matmul", a, b);
        }
        Checks.require(a.shape().rank() >= 2 && b.shape().rank() >= 2 && a.size(-1) == b.size(-2), "matmul",
                a.shape() + " times " + b.shape() + ": expected (.., M, K) times (.., K, N)");
        Shape batchA = a.shape().slice(0, a.shape().rank() - 2);
        Shape batchB = b.shape().slice(0, b.shape().rank() - 2);
        Shape batch = batchA.broadcast(batchB);
        DType sums = rounded ? DType.F32 : a.dtype();
        Tensor out = Tensor.emptyOn(a.backend(), sums, batch.append(a.size(-2), b.size(-1)));
        multiply(a, b, out, batch, Accumulation.ASSIGN);
        if (rounded) {
            try (out) {
                return out.to(a.dtype());
            }
        }
        Shape shapeA = a.shape();
        Shape shapeB = b.shape();
        return Tape.attach("matmul", out, new Tensor[] {Tape.records(b) ? a : null, Tape.records(a) ? b : null},
                node -> backward(node, shapeA, shapeB), a, b);
    }

    /** Each factor is saved only for the other's gradient. */
    private static void backward(Backward node, Shape shapeA, Shape shapeB) {
        if (node.needs(0)) {
            node.accumulate(0, ReduceOp.sumTo(matmul(node.dOut(), node.saved(1).transpose(-1, -2)), shapeA));
        }
        if (node.needs(1)) {
            node.accumulate(1, ReduceOp.sumTo(matmul(node.saved(0).transpose(-1, -2), node.dOut()), shapeB));
        }
    }

    private static void multiply(Tensor a, Tensor b, Tensor out, Shape batch, Accumulation accumulation) {
        try (Scope _ = Scope.open(out.device(), "matmul")) {
            Operand x = batched(a, batch);
            Operand y = batched(b, batch);
            long m = out.size(-2);
            long n = out.size(-1);
            out.backend().matmul().matmul(x, y, out.operand().reshape(batch.numel(), m, n), accumulation);
        }
    }

    /** One batch axis in front of the matrix; copies only where strides cannot say it. */
    private static Operand batched(Tensor x, Shape batch) {
        Tensor matrix = isMatrix(x.layout()) ? x : x.detach().contiguous();
        Shape wide = batch.append(x.size(-2), x.size(-1));
        Layout layout = matrix.layout().broadcastTo(wide);
        long stride = 0;
        boolean uniform = true;
        long step = 0;
        for (int i = batch.rank() - 1, seen = 0; i >= 0; i--) {
            if (batch.size(i) == 1) {
                continue;
            }
            if (seen++ == 0) {
                stride = layout.stride(i);
                step = stride * batch.size(i);
            } else {
                uniform &= layout.stride(i) == step;
                step *= batch.size(i);
            }
        }
        if (!uniform) {
            ViewOps.DENSE_COPIES.increment();
            Tensor dense = Tensor.emptyLike(x, wide);
            x.backend().copies().copy(matrix.operand().with(layout), dense.operand());
            return dense.operand().reshape(batch.numel(), x.size(-2), x.size(-1));
        }
        Shape shape = Shape.of(batch.numel(), x.size(-2), x.size(-1));
        return matrix.operand()
                .with(new Layout(shape, new long[] {stride, layout.stride(-2), layout.stride(-1)}, layout.offset()));
    }

    static boolean isMatrix(Layout layout) {
        return layout.stride(-1) == 1 && layout.stride(-2) > 0 || layout.stride(-2) == 1 && layout.stride(-1) > 0;
    }
}
