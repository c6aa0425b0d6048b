package org.cosmosj.tensor;

import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.ConvolutionKernels;

/** 3-D convolution with zero padding, and nearest upsampling; formulas stand in {@code ConvolutionKernels}. */
final class Conv3dOp {
    private Conv3dOp() {}

    static Tensor conv3d(String name, Tensor x, Tensor weight, Tensor bias, ConvGeometry geometry) {
        Checks.compute(name, x, weight, bias);
        Checks.rank(name, "input", x, 5, "(B, C, T, H, W)");
        Checks.sameShape(name, "weight", weight, Shape.of(weight.shape().rank() > 0 ? weight.size(0) : 0, x.size(1),
                geometry.kernelT(), geometry.kernelH(), geometry.kernelW()));
        if (bias != null) {
            Checks.sameShape(name, "bias", bias, Shape.of(weight.size(0)));
        }
        Tensor dense = x.contiguous();
        Tensor kernel = weight.contiguous();
        Tensor denseBias = bias == null ? null : bias.contiguous();
        Tensor out = Tensor.emptyLike(x, geometry.outputShape(x.shape(), weight.size(0)));
        x.backend().convolutions().conv3d(dense.operand(), kernel.operand(),
                denseBias == null ? null : denseBias.operand(), geometry, out.operand());
        return Tape.attach(name, out, new Tensor[] {dense, kernel}, node -> backward(node, geometry), dense, kernel,
                denseBias);
    }

    private static void backward(Backward node, ConvGeometry geometry) {
        Tensor x = node.saved(0);
        Tensor weight = node.saved(1);
        ConvolutionKernels kernels = x.backend().convolutions();
        if (node.needs(0)) {
            Tensor dX = Tensor.emptyLike(x, x.shape());
            kernels.conv3dBackwardInput(node.dOut().operand(), weight.operand(), geometry, dX.operand());
            node.accumulate(0, dX);
        }
        if (node.needs(1) || node.needs(2)) {
            Tensor dWeight = Tensor.emptyLike(x, weight.shape());
            Tensor dBias = node.needs(2) ? Tensor.emptyLike(x, Shape.of(weight.size(0))) : null;
            kernels.conv3dBackwardWeight(node.dOut().operand(), x.operand(), geometry, dWeight.operand(),
                    dBias == null ? null : dBias.operand(), Accumulation.ASSIGN);
            node.accumulate(1, dWeight);
            if (dBias != null) {
                node.accumulate(2, dBias);
            }
        }
    }

    static Tensor upsampleNearest2x(Tensor x) {
        Checks.compute("upsampleNearest2x", x);
        Checks.require(x.shape().rank() >= 2, "upsampleNearest2x", "shape " + x.shape() + " has no H and W");
        Tensor dense = x.contiguous();
        long h = x.size(-2);
        long w = x.size(-1);
        long n = x.shape().slice(0, x.shape().rank() - 2).numel();
        Tensor out = Tensor.emptyLike(x, x.shape().with(-2, 2 * h).with(-1, 2 * w));
        x.backend().convolutions().upsampleNearest2x(dense.operand().reshape(n, h, w),
                out.operand().reshape(n, 2 * h, 2 * w));
        Shape from = x.shape();
        return Tape.attach("upsampleNearest2x", out, new Tensor[0], node -> {
            Tensor dX = Tensor.emptyLike(node.dOut(), from);
            dX.backend().convolutions().upsampleNearest2xBackward(node.dOut().operand().reshape(n, 2 * h, 2 * w),
                    dX.operand().reshape(n, h, w));
            node.accumulate(0, dX);
        }, dense);
    }
}
