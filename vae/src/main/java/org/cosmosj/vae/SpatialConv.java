package org.cosmosj.vae;

import org.cosmosj.nn.Initializer;
import org.cosmosj.nn.Weights;
import org.cosmosj.tensor.ConvGeometry;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;

/** A 2-D convolution with bias applied to every frame; its checkpoint weight is (O, C, kH, kW). */
final class SpatialConv {
    private final String name;
    private final Parameter weight;
    private final Parameter bias;
    private final ConvGeometry geometry;

    SpatialConv(Weights weights, int in, int out, ConvGeometry geometry) {
        this.name = weights.path();
        this.geometry = geometry;
        int taps = geometry.kernelH() * geometry.kernelW();
        Initializer start = Initializer.uniform(1 / Math.sqrt((double) in * taps));
        this.weight = weights.kernel("weight", Shape.of(out, in, geometry.kernelH(), geometry.kernelW()), start);
        this.bias = weights.parameter("bias", Shape.of(out), start);
    }

    /** (B, C, T, H, W) to (B, O, T, H', W'). */
    Tensor forward(Tensor x) {
        return Functional.conv3d(name, x, weight.value().unsqueeze(2), bias.value(), geometry);
    }
}
