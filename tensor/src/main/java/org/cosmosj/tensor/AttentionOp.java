package org.cosmosj.tensor;

/** {@code softmax(scale q k^T) v}; formulas stand in {@code AttentionKernels}. */
final class AttentionOp {
    private AttentionOp() {}

    static Tensor attention(Tensor q, Tensor k, Tensor v, double scale) {
        boolean rounded = RoundedOp.takes("attention", q, k, v);
        if (!rounded) {
            Checks.compute("attention", q, k, v);
        }
        Checks.rank("attention", "q", q, 4, "(B, L, h, d)");
        Checks.rank("attention", "k", k, 4, "(B, S, h, d)");
        Checks.sameShape("attention", "k", k, q.shape().with(1, k.size(1)));
        Checks.rank("attention", "v", v, 4, "(B, S, h, e)");
        Checks.sameShape("attention", "v", v, k.shape().with(3, v.size(3)));
        Checks.require(k.size(1) > 0, "attention", "k " + k.shape() + " has no tokens to attend to");
        Tensor qd = unitStride(q);
        Tensor kd = unitStride(k);
        Tensor vd = unitStride(v);
        if (rounded) {
            return RoundedOp.compose("attention", () -> forward(qd, kd, vd, scale, DType.F32)[0].to(DType.BF16));
        }
        Tensor[] results = forward(qd, kd, vd, scale, q.dtype());
        Tensor out = results[0];
        Tensor logSumExp = results[1];
        return Tape.attach("attention", out, new Tensor[] {qd, kd, vd, out, logSumExp}, node -> {
            Tensor dQ = Tensor.emptyLike(node.dOut(), node.saved(0).shape());
            Tensor dK = Tensor.emptyLike(node.dOut(), node.saved(1).shape());
            Tensor dV = Tensor.emptyLike(node.dOut(), node.saved(2).shape());
            dQ.backend().attention().attentionBackward(node.dOut().operand(), node.saved(0).operand(),
                    node.saved(1).operand(), node.saved(2).operand(), node.saved(3).operand(),
                    node.saved(4).operand(), scale, dQ.operand(), dK.operand(), dV.operand());
            node.accumulate(0, dQ);
            node.accumulate(1, dK);
            node.accumulate(2, dV);
        }, qd, kd, vd);
    }

    /** The result and the logarithms that its gradient needs. */
    private static Tensor[] forward(Tensor q, Tensor k, Tensor v, double scale, DType dtype) {
        Tensor out = Tensor.emptyOn(q.backend(), dtype, q.shape().with(3, v.size(3)));
        Tensor logSumExp = Tensor.emptyOn(q.backend(), dtype, Shape.of(q.size(0), q.size(2), q.size(1)));
        q.backend().attention().attention(q.operand(), k.operand(), v.operand(), scale, out.operand(),
                logSumExp.operand());
        return new Tensor[] {out, logSumExp};
    }

    private static Tensor unitStride(Tensor x) {
        return x.layout().stride(3) == 1 ? x : x.contiguous();
    }
}
