package org.cosmosj.bench.peer;

import java.util.Map;
import org.cosmosj.bench.ConvolutionShape;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.ConvGeometry;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.ConvolutionKernels;

/** A convolution with bias, or the gradients of input, weight and bias. */
final class ConvolutionWork implements Workload {
    private final ConvolutionShape shape;
    private final Pass pass;
    private final Tensor x;
    private final Tensor weight;
    private final Tensor bias;
    private final Tensor dOut;

    ConvolutionWork(ConvolutionShape shape, Pass pass) {
        Rng rng = Rng.seeded(7);
        this.shape = shape;
        this.pass = pass;
        this.x = Tensor.randn(rng, DType.F32, shape.x());
        this.weight = Tensor.randn(rng, DType.F32, shape.weight());
        this.bias = Tensor.randn(rng, DType.F32, Shape.of(shape.weight().size(0)));
        this.dOut = Tensor.randn(rng, DType.F32, shape.out());
    }

    static String spec(ConvolutionShape shape, Pass pass) {
        ConvGeometry g = shape.geometry();
        int[] padding = {g.left(), g.right(), g.top(), g.bottom(), g.front(), g.back()};
        int[] stride = {g.strideT(), g.strideH(), g.strideW()};
        return Json.object("kind", "convolution", "backward", pass == Pass.BACKWARD, "padding", padding, "stride",
                stride);
    }

    @Override
    public Map<String, Tensor> inputs() {
        return pass == Pass.FORWARD
                ? Map.of("x", x, "weight", weight, "bias", bias)
                : Map.of("x", x, "weight", weight, "bias", bias, "d_out", dOut);
    }

    @Override
    public Map<String, Tensor> run() {
        ConvolutionKernels kernels = Backends.of(Scope.current().device()).convolutions();
        if (pass == Pass.FORWARD) {
            Tensor out = Tensor.empty(DType.F32, shape.out());
            kernels.conv3d(x.operand(), weight.operand(), bias.operand(), shape.geometry(), out.operand());
            return Map.of("out", out);
        }
        Tensor dX = Tensor.empty(DType.F32, x.shape());
        Tensor dWeight = Tensor.empty(DType.F32, weight.shape());
        Tensor dBias = Tensor.empty(DType.F32, bias.shape());
        kernels.conv3dBackwardInput(dOut.operand(), weight.operand(), shape.geometry(), dX.operand());
        kernels.conv3dBackwardWeight(dOut.operand(), x.operand(), shape.geometry(), dWeight.operand(),
                dBias.operand(), Accumulation.ASSIGN);
        return Map.of("d_x", dX, "d_weight", dWeight, "d_bias", dBias);
    }
}
