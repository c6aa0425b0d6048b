package org.cosmosj.tensor.internal.cpu.vector;

import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.internal.cpu.scalar.ScalarAttentionKernels;
import org.cosmosj.tensor.spi.Operand;

/**
 * F32 and BF16 attention in blocks that never hold a whole row of logits; other dtypes are left to the scalar
 * reference.
 */
public final class VectorAttentionKernels extends ScalarAttentionKernels {
    /** Makes the kernels. */
    public VectorAttentionKernels() {}

    @Override
    public void attention(Operand q, Operand k, Operand v, double scale, Operand out, Operand logSumExp) {
        if (served(q, k, v) || q.dtype() == DType.BF16 && noneEmpty(q, k, v)) {
            new AttentionForward(q, k, v, scale, out, logSumExp).run();
        } else {
            super.attention(q, k, v, scale, out, logSumExp);
        }
    }

    @Override
    public void attentionBackward(Operand dOut, Operand q, Operand k, Operand v, Operand out, Operand logSumExp,
            double scale, Operand dQ, Operand dK, Operand dV) {
        if (served(q, k, v)) {
            new AttentionBackward(dOut, q, k, v, out, logSumExp, scale, dQ, dK, dV).run();
        } else {
            super.attentionBackward(dOut, q, k, v, out, logSumExp, scale, dQ, dK, dV);
        }
    }

    /** All operands of a call share one dtype; empty ones need no kernel's attention to edges. */
    private static boolean served(Operand q, Operand k, Operand v) {
        return q.dtype() == DType.F32 && noneEmpty(q, k, v);
    }

    private static boolean noneEmpty(Operand q, Operand k, Operand v) {
        return q.numel() > 0 && k.numel() > 0 && v.numel() > 0;
    }
}
