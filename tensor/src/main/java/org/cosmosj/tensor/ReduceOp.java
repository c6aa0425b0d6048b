package org.cosmosj.tensor;

import java.util.Locale;
import org.cosmosj.tensor.spi.ReductionKernels.Reduce;

/** Reductions of one axis or all; SUM is differentiable. */
final class ReduceOp {
    private ReduceOp() {}

    static Tensor all(Reduce how, Tensor x) {
        return axis(how, x.reshape(1, x.shape().numel()), 1).reshape(Shape.SCALAR);
    }

    static Tensor axis(Reduce how, Tensor x, int dim) {
        String op = how.name().toLowerCase(Locale.ROOT);
        Checks.compute(op, x);
        int axis = x.shape().axis(dim);
        Checks.require(how == Reduce.SUM || how == Reduce.SUM_OF_SQUARES || x.size(axis) > 0, op,
                "axis " + axis + " of " + x.shape() + " is empty");
        Tensor dense = x.contiguous();
        Shape before = x.shape().slice(0, axis);
        Shape after = x.shape().slice(axis + 1, x.shape().rank());
        Tensor out = Tensor.emptyLike(x, before.append(after.toArray()));
        x.backend().reductions().reduce(how, dense.operand().reshape(before.numel(), x.size(axis), after.numel()),
                out.operand().reshape(before.numel(), after.numel()));
        if (how != Reduce.SUM) {
            Tape.rejectWithoutRule(op, x);
            return out;
        }
        Shape from = x.shape();
        return Tape.attach(op, out, new Tensor[0],
                node -> node.accumulate(0, node.dOut().unsqueeze(axis).expand(from.toArray()).contiguous()), dense);
    }

    /** Sums a broadcast gradient back to the shape it was broadcast from. */
    static Tensor sumTo(Tensor x, Shape target) {
        if (x.shape().equals(target)) {
            return x;
        }
        Tensor sum = x;
        int lead = x.shape().rank() - target.rank();
        for (int i = 0; i < lead; i++) {
            sum = sum.sum(0);
        }
        for (int i = 0; i < target.rank(); i++) {
            if (target.size(i) == 1 && sum.size(i) != 1) {
                sum = sum.sum(i).unsqueeze(i);
            }
        }
        return sum.reshape(target);
    }
}
