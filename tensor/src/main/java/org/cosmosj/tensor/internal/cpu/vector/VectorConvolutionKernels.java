package org.cosmosj.tensor.internal.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.cosmosj.tensor.ConvGeometry;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.internal.cpu.scalar.ScalarConvolutionKernels;
import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.Operand;

/** Convolutions of F32 as matrix products of panels packed in cache; other dtypes use the scalar reference. */
final class VectorConvolutionKernels extends ScalarConvolutionKernels {
    @Override
    public void conv3d(Operand x, Operand weight, Operand bias, ConvGeometry geometry, Operand out) {
        if (!isF32(x, weight, bias, out)) {
            super.conv3d(x, weight, bias, geometry, out);
            return;
        }
        Correlation.run(x, weight, false, bias == null ? null : floats(bias), forward(x, geometry, out), out);
    }

    @Override
    public void conv3dBackwardInput(Operand dOut, Operand weight, ConvGeometry geometry, Operand dX) {
        if (!isF32(dOut, weight, dX)) {
            super.conv3dBackwardInput(dOut, weight, geometry, dX);
            return;
        }
        ConvGeometry g = geometry;
        for (int t = 0; t < g.strideT(); t++) {
            for (int y = 0; y < g.strideH(); y++) {
                for (int x = 0; x < g.strideW(); x++) {
                    ConvAxis[] axes = {
                        transposed(dOut, dX, 2, g.kernelT(), g.strideT(), g.front(), t),
                        transposed(dOut, dX, 3, g.kernelH(), g.strideH(), g.top(), y),
                        transposed(dOut, dX, 4, g.kernelW(), g.strideW(), g.left(), x)
                    };
                    Correlation.run(dOut, weight, true, null, axes, dX);
                }
            }
        }
    }

    @Override
    public void conv3dBackwardWeight(Operand dOut, Operand x, ConvGeometry geometry, Operand dWeight, Operand dBias,
            Accumulation accumulation) {
        if (!isF32(dOut, x, dWeight, dBias)) {
            super.conv3dBackwardWeight(dOut, x, geometry, dWeight, dBias, accumulation);
            return;
        }
        WeightGradient.run(dOut, x, forward(x, geometry, dOut), dWeight, accumulation);
        if (dBias != null) {
            WeightGradient.bias(dOut, dBias, accumulation);
        }
    }

    private static ConvAxis[] forward(Operand x, ConvGeometry g, Operand out) {
        return new ConvAxis[] {
            ConvAxis.forward((int) x.size(2), (int) out.size(2), g.kernelT(), g.strideT(), g.front()),
            ConvAxis.forward((int) x.size(3), (int) out.size(3), g.kernelH(), g.strideH(), g.top()),
            ConvAxis.forward((int) x.size(4), (int) out.size(4), g.kernelW(), g.strideW(), g.left())
        };
    }

    private static ConvAxis transposed(Operand dOut, Operand dX, int dim, int kernel, int stride, int before,
            int phase) {
        return ConvAxis.transposed((int) dOut.size(dim), (int) dX.size(dim), kernel, stride, before, phase);
    }

    @Override
    public void upsampleNearest2x(Operand x, Operand out) {
        if (isF32(x, out)) {
            NearestUpsampling.forward(x, out);
        } else {
            super.upsampleNearest2x(x, out);
        }
    }

    @Override
    public void upsampleNearest2xBackward(Operand dOut, Operand dX) {
        if (isF32(dOut, dX)) {
            NearestUpsampling.backward(dOut, dX);
        } else {
            super.upsampleNearest2xBackward(dOut, dX);
        }
    }

    private static boolean isF32(Operand... operands) {
        for (Operand operand : operands) {
            if (operand != null && operand.dtype() != DType.F32) {
                return false;
            }
        }
        return true;
    }

    private static float[] floats(Operand vector) {
        float[] values = new float[(int) vector.numel()];
        MemorySegment.copy(CpuBuffer.segment(vector), JAVA_FLOAT_UNALIGNED, vector.byteOffset(), values, 0,
                values.length);
        return values;
    }
}
