package org.cosmosj.tensor;

import org.cosmosj.tensor.spi.Operand;

/**
 * {@code out = x + gate * y} with one gate per group of rows. Backward: {@code dX = dOut, dY = dOut gate, dGate = sum
 * dOut y}. In BF16 the product is rounded before the sum, as by two ops.
 */
final class GatedResidualOp {
    private GatedResidualOp() {}

    static Tensor gatedResidual(Tensor x, Tensor gate, Tensor y) {
        boolean rounded = RoundedOp.takes("gatedResidual", x, gate, y);
        if (!rounded) {
            Checks.compute("gatedResidual", x, gate, y);
        }
        Checks.sameShape("gatedResidual", "y", y, x.shape());
        long groups = Groups.count("gatedResidual", "gate", x, gate);
        if (rounded) {
            return RoundedOp.compose("gatedResidual", () -> x.add(RoundedOp.spread(gate, x).mul(y)));
        }
        Tensor denseX = x.contiguous();
        Tensor denseGate = gate.contiguous();
        Tensor denseY = y.contiguous();
        Tensor out = Tensor.emptyLike(x, x.shape());
        x.backend().elementwise().gatedResidual(grouped(denseX, groups), rows(denseGate, groups),
                grouped(denseY, groups), grouped(out, groups));
        return Tape.attach("gatedResidual", out, new Tensor[] {denseGate, denseY}, node -> {
            Tensor dY = Tensor.emptyLike(node.dOut(), node.dOut().shape());
            Tensor dGate = Tensor.emptyLike(node.dOut(), node.saved(0).shape());
            dY.backend().elementwise().gatedResidualBackward(grouped(node.dOut(), groups),
                    rows(node.saved(0), groups), grouped(node.saved(1), groups), grouped(dY, groups),
                    rows(dGate, groups));
            node.accumulate(0, node.dOut());
            node.accumulate(1, dGate);
            node.accumulate(2, dY);
        }, denseX, denseGate, denseY);
    }

    private static Operand grouped(Tensor x, long groups) {
        long d = x.size(-1);
        return x.operand().reshape(groups, groups * d == 0 ? 0 : x.shape().numel() / (groups * d), d);
    }

    private static Operand rows(Tensor gate, long groups) {
        return gate.operand().reshape(groups, gate.size(-1));
    }
}
