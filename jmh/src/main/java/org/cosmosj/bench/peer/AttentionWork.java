package org.cosmosj.bench.peer;

import java.util.Map;
import org.cosmosj.bench.AttentionShape;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.AttentionKernels;

/** Attention, or its three gradients from what the forward pass left. */
final class AttentionWork implements Workload {
    private final Pass pass;
    private final double scale;
    private final Tensor q;
    private final Tensor k;
    private final Tensor v;
    private final Tensor dOut;
    private final Tensor out;
    private final Tensor logSumExp;

    AttentionWork(AttentionShape shape, Pass pass) {
        Rng rng = Rng.seeded(7);
        Shape queries = Shape.of(shape.batch(), shape.queries(), shape.heads(), shape.width());
        Shape keys = Shape.of(shape.batch(), shape.keys(), shape.heads(), shape.width());
        this.pass = pass;
        this.scale = 1 / Math.sqrt(shape.width());
        this.q = Tensor.randn(rng, DType.F32, queries);
        this.k = Tensor.randn(rng, DType.F32, keys);
        this.v = Tensor.randn(rng, DType.F32, keys);
        this.dOut = Tensor.randn(rng, DType.F32, queries);
        this.out = Tensor.empty(DType.F32, queries);
        this.logSumExp = Tensor.empty(DType.F32, Shape.of(shape.batch(), shape.heads(), shape.queries()));
        if (pass == Pass.BACKWARD) {
            forward(out, logSumExp);
        }
    }

    static String spec(Pass pass) {
        return Json.object("kind", "attention", "backward", pass == Pass.BACKWARD);
    }

    @Override
    public Map<String, Tensor> inputs() {
        return pass == Pass.FORWARD
                ? Map.of("q", q, "k", k, "v", v)
                : Map.of("q", q, "k", k, "v", v, "d_out", dOut);
    }

    @Override
    public Map<String, Tensor> run() {
        if (pass == Pass.FORWARD) {
            Tensor result = Tensor.empty(DType.F32, out.shape());
            forward(result, Tensor.empty(DType.F32, logSumExp.shape()));
            return Map.of("out", result);
        }
        Tensor dQ = Tensor.empty(DType.F32, q.shape());
        Tensor dK = Tensor.empty(DType.F32, k.shape());
        Tensor dV = Tensor.empty(DType.F32, v.shape());
        kernels().attentionBackward(dOut.operand(), q.operand(), k.operand(), v.operand(), out.operand(),
                logSumExp.operand(), scale, dQ.operand(), dK.operand(), dV.operand());
        return Map.of("d_q", dQ, "d_k", dK, "d_v", dV);
    }

    private void forward(Tensor result, Tensor sums) {
        kernels().attention(q.operand(), k.operand(), v.operand(), scale, result.operand(), sums.operand());
    }

    private static AttentionKernels kernels() {
        return Backends.of(Scope.current().device()).attention();
    }
}
