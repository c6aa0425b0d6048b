package org.cosmosj.nn;

import org.cosmosj.tensor.ConvGeometry;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;

/**
 * A 3-D convolution with bias that sees no future frame: zeros or remembered frames stand in front. Source: spec 02
 * section 2.1.
 */
public final class CausalConv3d {
    private final String name;
    private final Parameter weight;
    private final Parameter bias;
    private final ConvGeometry geometry;

    /**
     * Makes the layer; keys {@code weight} (O, C, kT, kH, kW) and {@code bias} (O).
     *
     * @param weights where the parameters come from
     * @param in input channels
     * @param out output channels
     * @param geometry kernel, strides and padding; {@code front} is the number of history frames the kernel needs
     */
    public CausalConv3d(Weights weights, int in, int out, ConvGeometry geometry) {
        this.name = weights.path();
        this.geometry = geometry;
        Initializer start = Initializer.uniform(
                1 / Math.sqrt((double) in * geometry.kernelT() * geometry.kernelH() * geometry.kernelW()));
        this.weight = weights.kernel("weight",
                Shape.of(out, in, geometry.kernelT(), geometry.kernelH(), geometry.kernelW()), start);
        this.bias = weights.parameter("bias", Shape.of(out), start);
    }

    /**
     * Convolves a sequence from its start: zero frames stand in front.
     *
     * @param x (B, C, T, H, W)
     * @return (B, O, T', H', W')
     */
    public Tensor forward(Tensor x) {
        return Functional.conv3d(name, x, weight.value(), bias.value(), geometry);
    }

    /**
     * Convolves a continuation: {@code history} replaces as many of the zero frames as it has.
     *
     * @param x (B, C, T, H, W)
     * @param history (B, C, n, H, W), the last n frames before x, n at most {@code front}; null for none
     * @return (B, O, T', H', W')
     */
    public Tensor forward(Tensor x, Tensor history) {
        if (history == null) {
            return forward(x);
        }
        int front = geometry.front() - Math.toIntExact(history.size(2));
        return Functional.conv3d(name, Tensor.cat(2, history, x), weight.value(), bias.value(),
                geometry.withFront(front));
    }

    /**
     * Kernel, strides and padding.
     *
     * @return the geometry
     */
    public ConvGeometry geometry() {
        return geometry;
    }
}
