package org.cosmosj.tensor;

import org.cosmosj.tensor.spi.Operand;

/** {@code scale sum weight[b,t] (prediction - target)^2}; the formula stands in {@code ReductionKernels}. */
final class WeightedSquaredErrorOp {
    private WeightedSquaredErrorOp() {}

    static Tensor apply(Tensor prediction, Tensor target, Tensor weight, double scale) {
        String op = "weightedSquaredError";
        Checks.compute(op, prediction, target, weight);
        Checks.require(prediction.shape().rank() >= 3, op, "prediction " + prediction.shape()
                + " has no axes (B, C, T, ..)");
        Checks.sameShape(op, "target", target, prediction.shape());
        Checks.sameShape(op, "weight", weight, Shape.of(prediction.size(0), prediction.size(2)));
        Tensor p = prediction.contiguous();
        Tensor t = target.contiguous();
        Tensor w = weight.contiguous();
        Tensor out = Tensor.emptyLike(p, Shape.SCALAR);
        p.backend().reductions().weightedSquaredError(frames(p), frames(t), w.operand(), scale, out.operand());
        Tape.rejectWithoutRule(op + " (target or weight)", t, w);
        return Tape.attach(op, out, new Tensor[] {p, t, w}, node -> {
            Tensor dP = Tensor.emptyLike(node.saved(0), node.saved(0).shape());
            dP.backend().reductions().weightedSquaredErrorBackward(node.dOut().operand(), frames(node.saved(0)),
                    frames(node.saved(1)), node.saved(2).operand(), scale, frames(dP));
            node.accumulate(0, dP);
        }, p);
    }

    private static Operand frames(Tensor x) {
        return x.operand().reshape(x.size(0), x.size(1), x.size(2), x.shape().slice(3, x.shape().rank()).numel());
    }
}
