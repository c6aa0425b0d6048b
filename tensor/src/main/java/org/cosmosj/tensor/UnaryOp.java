package org.cosmosj.tensor;

import java.util.Locale;
import org.cosmosj.tensor.spi.ElementwiseKernels.Unary;

/** {@code f(x)} elementwise, and {@code x * scale + shift}. */
final class UnaryOp {
    private UnaryOp() {}

    static Tensor apply(Unary f, Tensor x) {
        String op = f.name().toLowerCase(Locale.ROOT);
        if (RoundedOp.takes(op, x)) {
            return RoundedOp.apply(op, wide -> apply(f, wide[0]), x);
        }
        Checks.compute(op, x);
        Tensor dense = x.contiguous();
        Tensor out = Tensor.emptyLike(x, x.shape());
        x.backend().elementwise().unary(f, dense.operand(), out.operand());
        return Tape.attach(op, out, new Tensor[] {dense}, node -> {
            Tensor dX = Tensor.emptyLike(node.dOut(), node.dOut().shape());
            dX.backend().elementwise().unaryBackward(f, node.saved(0).operand(), node.dOut().operand(), dX.operand());
            node.accumulate(0, dX);
        }, dense);
    }

    static Tensor affine(String op, Tensor x, double scale, double shift) {
        if (RoundedOp.takes(op, x)) {
            return RoundedOp.apply(op, wide -> affine(op, wide[0], scale, shift), x);
        }
        Checks.compute(op, x);
        Tensor dense = x.contiguous();
        Tensor out = Tensor.emptyLike(x, x.shape());
        x.backend().elementwise().affine(dense.operand(), scale, shift, out.operand());
        return Tape.attach(op, out, new Tensor[0], node -> node.accumulate(0, affine(op, node.dOut(), scale, 0)),
                dense);
    }
}
