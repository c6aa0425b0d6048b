package org.cosmosj.tensor;

import org.cosmosj.tensor.spi.ElementwiseKernels.Unary;
import org.cosmosj.tensor.spi.NormKernels.Activation;
import org.cosmosj.tensor.spi.NormKernels.Rotation;

/**
 * The fused ops models are written with; each has a hand-written forward and backward kernel. On BF16 operands they
 * compute in F32 and round their result, without gradients.
 */
public final class Functional {
    private Functional() {}

    /**
     * {@code x W^T} without bias.
     *
     * @param x (.., in)
     * @param weight (out, in); may be BF16 when x is F32: the product widens it exactly, a few rows at a time
     * @return (.., out)
     */
    public static Tensor linear(Tensor x, Tensor weight) {
        return LinearOp.linear("linear", x, weight, MatmulPrecision.F32);
    }

    /**
     * {@code x W^T} without bias, named in messages.
     *
     * @param name the layer's checkpoint path
     * @param x (.., in)
     * @param weight (out, in)
     * @return (.., out)
     */
    public static Tensor linear(String name, Tensor x, Tensor weight) {
        return linear(name, x, weight, MatmulPrecision.F32);
    }

    /**
     * {@code x W^T} without bias, with a choice of how factors are rounded, in its gradients too.
     *
     * @param name the layer's checkpoint path
     * @param x (.., in)
     * @param weight (out, in); may be BF16 when x is F32
     * @param precision of the product, of {@code dX = dOut W} and of {@code dW = dOut^T x}
     * @return (.., out), dtype of x
     * @throws UnsupportedOperationException if the device has no products of that precision
     */
    public static Tensor linear(String name, Tensor x, Tensor weight, MatmulPrecision precision) {
        return LinearOp.linear("linear(" + name + ")", x, weight, precision);
    }

    /**
     * LayerNorm without affine parameters.
     *
     * @param x (.., D)
     * @param eps added to the biased variance
     * @return same shape
     */
    public static Tensor layerNorm(Tensor x, double eps) {
        return NormOps.layerNorm(x, null, null, eps);
    }

    /**
     * LayerNorm, then {@code n (1 + scale) + shift} with one shift and scale per frame. In BF16 the norm, the factor,
     * the product and the sum are each rounded. Source: spec 01 sections 8 and 12.
     *
     * @param x (B, T, .., D)
     * @param shift (B, T, D)
     * @param scale (B, T, D)
     * @param eps added to the biased variance
     * @return same shape as x
     */
    public static Tensor modulatedLayerNorm(Tensor x, Tensor shift, Tensor scale, double eps) {
        return NormOps.layerNorm(x, shift, scale, eps);
    }

    /**
     * RMS norm over the last axis.
     *
     * @param x (.., D)
     * @param gain (D)
     * @param eps added to the mean square
     * @return same shape
     */
    public static Tensor rmsNorm(Tensor x, Tensor gain, double eps) {
        return NormOps.rmsNorm(x, gain, eps);
    }

    /**
     * RMS norm over channels without eps in the root. Source: spec 02 section 2.2.
     *
     * @param x (B, C, ..)
     * @param gain C elements, any shape
     * @return same shape as x
     */
    public static Tensor channelNorm(Tensor x, Tensor gain) {
        return NormOps.channelNorm(x, gain, Activation.NONE);
    }

    /**
     * {@link #channelNorm} followed by SiLU in one pass.
     *
     * @param x (B, C, ..)
     * @param gain C elements, any shape
     * @return same shape as x
     */
    public static Tensor channelNormSilu(Tensor x, Tensor gain) {
        return NormOps.channelNorm(x, gain, Activation.SILU);
    }

    /**
     * Rotary position embedding, half-split. Source: spec 01 section 7.
     *
     * @param x (B, L, h, d), d even
     * @param cos (L, d/2); F32 if x is BF16
     * @param sin (L, d/2); F32 if x is BF16
     * @return same shape as x
     */
    public static Tensor rope(Tensor x, Tensor cos, Tensor sin) {
        return NormOps.rope(x, cos, sin, Rotation.FORWARD);
    }

    /**
     * Softmax over the last axis.
     *
     * @param x (.., D)
     * @return same shape
     */
    public static Tensor softmax(Tensor x) {
        return NormOps.softmax(x);
    }

    /**
     * Attention without mask: {@code softmax(scale q k^T) v} per head. Views with unit stride along d are not copied.
     * In BF16 the weights are rounded too before v is mixed by them, as flash attention does it.
     *
     * @param q (B, L, h, d)
     * @param k (B, S, h, d)
     * @param v (B, S, h, e)
     * @param scale factor of the logits, usually d^-1/2
     * @return (B, L, h, e)
     */
    public static Tensor attention(Tensor q, Tensor k, Tensor v, double scale) {
        return AttentionOp.attention(q, k, v, scale);
    }

    /**
     * Residual branch with one gate per frame: {@code x + gate * y}. In BF16 product and sum are each rounded. Source:
     * spec 01 sections 8 and 12.
     *
     * @param x (B, T, .., D)
     * @param gate (B, T, D)
     * @param y (B, T, .., D)
     * @return same shape as x
     */
    public static Tensor gatedResidual(Tensor x, Tensor gate, Tensor y) {
        return GatedResidualOp.gatedResidual(x, gate, y);
    }

    /**
     * Exact GELU {@code x Phi(x)}.
     *
     * @param x any shape
     * @return same shape
     */
    public static Tensor gelu(Tensor x) {
        return x.map(Unary.GELU);
    }

    /**
     * {@code x sigmoid(x)}.
     *
     * @param x any shape
     * @return same shape
     */
    public static Tensor silu(Tensor x) {
        return x.map(Unary.SILU);
    }

    /**
     * 3-D convolution with zero padding.
     *
     * @param name the layer's checkpoint path, for messages
     * @param x (B, C, T, H, W)
     * @param weight (O, C, kT, kH, kW)
     * @param bias (O), or null
     * @param geometry kernel, strides, padding
     * @return (B, O, T', H', W')
     */
    public static Tensor conv3d(String name, Tensor x, Tensor weight, Tensor bias, ConvGeometry geometry) {
        return Conv3dOp.conv3d("conv3d(" + name + ")", x, weight, bias, geometry);
    }

    /**
     * Doubles the last two axes by pixel replication.
     *
     * @param x (.., H, W)
     * @return (.., 2H, 2W)
     */
    public static Tensor upsampleNearest2x(Tensor x) {
        return Conv3dOp.upsampleNearest2x(x);
    }

    /**
     * {@code scale sum_{b,c,t,..} weight[b,t] (prediction - target)^2}; differentiable in the prediction only.
     *
     * @param prediction (B, C, T, ..)
     * @param target same shape
     * @param weight (B, T)
     * @param scale factor, such as 10 / numel
     * @return a scalar
     */
    public static Tensor weightedSquaredError(Tensor prediction, Tensor target, Tensor weight, double scale) {
        return WeightedSquaredErrorOp.apply(prediction, target, weight, scale);
    }
}
