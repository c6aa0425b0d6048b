package org.cosmosj.tensor;

import java.util.Locale;
import org.cosmosj.tensor.spi.ElementwiseKernels.Binary;

/** {@code f(a, b)} with broadcasting; gradients of broadcast axes are summed. */
final class BinaryOp {
    private static final Tensor[] NOTHING = {};

    private BinaryOp() {}

    static Tensor apply(Binary f, Tensor a, Tensor b) {
        String op = f.name().toLowerCase(Locale.ROOT);
        if (RoundedOp.takes(op, a, b)) {
            return RoundedOp.apply(op, wide -> apply(f, wide[0], wide[1]), a, b);
        }
        Checks.compute(op, a, b);
        Shape shape = a.shape().broadcast(b.shape());
        Tensor out = Tensor.emptyLike(a, shape);
        a.backend().elementwise().binary(f, a.operand().with(a.layout().broadcastTo(shape)),
                b.operand().with(b.layout().broadcastTo(shape)), out.operand());
        Shape shapeA = a.shape();
        Shape shapeB = b.shape();
        return switch (f) {
            case ADD -> Tape.attach(op, out, NOTHING, node -> {
                node.accumulate(0, ReduceOp.sumTo(node.dOut(), shapeA));
                node.accumulate(1, ReduceOp.sumTo(node.dOut(), shapeB));
            }, a, b);
            case SUB -> Tape.attach(op, out, NOTHING, node -> {
                node.accumulate(0, ReduceOp.sumTo(node.dOut(), shapeA));
                if (node.needs(1)) {
                    node.accumulate(1, ReduceOp.sumTo(node.dOut(), shapeB).mul(-1));
                }
            }, a, b);
            case MUL -> Tape.attach(op, out,
                    new Tensor[] {Tape.records(b) ? a : null, Tape.records(a) ? b : null},
                    node -> mulBackward(node, shapeA, shapeB), a, b);
            case DIV -> Tape.attach(op, out, new Tensor[] {b, out}, node -> divBackward(node, shapeA), a, b);
            case MAX, MIN -> {
                Tape.rejectWithoutRule(op, a, b);
                yield out;
            }
        };
    }

    /** d(ab): dA = dOut b, dB = dOut a; each factor is saved only for the other's gradient. */
    private static void mulBackward(Backward node, Shape shapeA, Shape shapeB) {
        if (node.needs(0)) {
            node.accumulate(0, ReduceOp.sumTo(node.dOut().mul(node.saved(1)), shapeA));
        }
        if (node.needs(1)) {
            node.accumulate(1, ReduceOp.sumTo(node.dOut().mul(node.saved(0)), shapeB));
        }
    }

    /** d(a/b): dA = dOut / b, dB = -dOut out / b. */
    private static void divBackward(Backward node, Shape shapeA) {
        Tensor b = node.saved(0);
        Tensor dQuotient = node.dOut().div(b);
        if (node.needs(0)) {
            node.accumulate(0, ReduceOp.sumTo(dQuotient, shapeA));
        }
        if (node.needs(1)) {
            node.accumulate(1, ReduceOp.sumTo(dQuotient.mul(node.saved(1)), b.shape()).mul(-1));
        }
    }
}
