package org.cosmosj.cuda;

import org.cosmosj.tensor.ConvGeometry;
import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.AttentionKernels;
import org.cosmosj.tensor.spi.ConvolutionKernels;
import org.cosmosj.tensor.spi.MatmulKernels;
import org.cosmosj.tensor.spi.Operand;

/** The families that have no CUDA kernels: each op says so with its name, its type and the cure. */
final class MissingKernels implements MatmulKernels, AttentionKernels, ConvolutionKernels {
    private static UnsupportedOperationException missing(String op, Operand operand) {
        return new UnsupportedOperationException(op + " in " + operand.dtype() + " of " + operand.shape()
                + ": the CUDA backend has no kernel for it; compute it on the CPU by moving the operands with"
                + " to(Device.cpu())");
    }

    @Override
    public void matmul(Operand x, Operand y, Operand out, Accumulation accumulation) {
        throw missing("matmul", x);
    }

    @Override
    public void attention(Operand q, Operand k, Operand v, double scale, Operand out, Operand logSumExp) {
        throw missing("attention", q);
    }

    @Override
    public void attentionBackward(Operand dOut, Operand q, Operand k, Operand v, Operand out, Operand logSumExp,
            double scale, Operand dQ, Operand dK, Operand dV) {
        throw missing("attention backward", q);
    }

    @Override
    public void conv3d(Operand x, Operand weight, Operand bias, ConvGeometry geometry, Operand out) {
        throw missing("conv3d", x);
    }

    @Override
    public void conv3dBackwardInput(Operand dOut, Operand weight, ConvGeometry geometry, Operand dX) {
        throw missing("conv3d backward", dOut);
    }

    @Override
    public void conv3dBackwardWeight(Operand dOut, Operand x, ConvGeometry geometry, Operand dWeight, Operand dBias,
            Accumulation accumulation) {
        throw missing("conv3d backward", dOut);
    }

    @Override
    public void upsampleNearest2x(Operand x, Operand out) {
        throw missing("upsampleNearest2x", x);
    }

    @Override
    public void upsampleNearest2xBackward(Operand dOut, Operand dX) {
        throw missing("upsampleNearest2x backward", dOut);
    }
}
