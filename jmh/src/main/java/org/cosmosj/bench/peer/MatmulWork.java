package org.cosmosj.bench.peer;

import java.util.Map;
import org.cosmosj.bench.MatmulShape;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.MatmulKernels;

/** A matrix product; both factors of one type, the result F32. BF16 factors are multiplied as such, not widened. */
final class MatmulWork implements Workload {
    private final MatmulShape shape;
    private final DType dtype;
    private final Tensor x;
    private final Tensor y;

    MatmulWork(MatmulShape shape, DType dtype) {
        this.shape = shape;
        this.dtype = dtype;
        Rng rng = Rng.seeded(7);
        this.x = Tensor.randn(rng, DType.F32, stored(shape.m(), shape.k(), shape.leftTransposed())).to(dtype);
        this.y = Tensor.randn(rng, DType.F32, stored(shape.k(), shape.n(), shape.rightTransposed())).to(dtype);
    }

    private static Shape stored(long rows, long columns, boolean transposed) {
        return transposed ? Shape.of(1, columns, rows) : Shape.of(1, rows, columns);
    }

    static String spec(MatmulShape shape, DType dtype, PeerRow.Opponent opponent) {
        return Json.object("kind", opponent == PeerRow.Opponent.OPENBLAS ? "openblas" : "matmul", "left_transposed",
                shape.leftTransposed(), "right_transposed", shape.rightTransposed(), "bf16", dtype == DType.BF16);
    }

    @Override
    public Map<String, Tensor> inputs() {
        return Map.of("x", x, "y", y);
    }

    @Override
    public Map<String, Tensor> run() {
        Tensor left = shape.leftTransposed() ? x.transpose(1, 2) : x;
        Tensor right = shape.rightTransposed() ? y.transpose(1, 2) : y;
        Tensor out = Tensor.empty(DType.F32, Shape.of(1, shape.m(), shape.n()));
        MatmulKernels kernels = Backends.of(Scope.current().device()).matmul();
        if (dtype == DType.BF16) {
            kernels.matmulBf16(left.operand(), right.operand(), out.operand(), Accumulation.ASSIGN);
        } else {
            kernels.matmul(left.operand(), right.operand(), out.operand(), Accumulation.ASSIGN);
        }
        return Map.of("out", out);
    }
}
