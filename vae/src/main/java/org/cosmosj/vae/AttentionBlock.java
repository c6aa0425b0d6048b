package org.cosmosj.vae;

import org.cosmosj.nn.Initializer;
import org.cosmosj.nn.Weights;
import org.cosmosj.tensor.ConvGeometry;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;

/** Single-head attention over the positions of each frame, with a residual. Source: spec 02 section 2.4. */
final class AttentionBlock implements StreamingLayer {
    private final int channels;
    private final Parameter norm;
    private final SpatialConv toQkv;
    private final SpatialConv proj;

    AttentionBlock(Weights weights, int channels) {
        this.channels = channels;
        this.norm = weights.at("norm").parameter("gamma", Shape.of(channels, 1, 1), Initializer.ONES);
        this.toQkv = new SpatialConv(weights.at("to_qkv"), channels, 3 * channels, ConvGeometry.causal(1, 1, 1));
        this.proj = new SpatialConv(weights.at("proj"), channels, channels, ConvGeometry.causal(1, 1, 1));
    }

    @Override
    public Tensor forward(Tensor x, FeatureCache cache) {
        long frames = x.size(0) * x.size(2);
        long positions = x.size(3) * x.size(4);
        Tensor qkv = toQkv.forward(Functional.channelNorm(x, norm.value())).permute(0, 2, 3, 4, 1)
                .reshape(frames, positions, 1, 3L * channels);
        Tensor[] parts = qkv.chunk(3, 3);
        Tensor mixed = Functional.attention(parts[0], parts[1], parts[2], 1 / Math.sqrt(channels));
        Tensor perFrame = mixed.reshape(x.size(0), x.size(2), x.size(3), x.size(4), channels).permute(0, 4, 1, 2, 3);
        return proj.forward(perFrame).add(x);
    }
}
