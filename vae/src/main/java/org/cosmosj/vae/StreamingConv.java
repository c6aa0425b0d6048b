package org.cosmosj.vae;

import org.cosmosj.nn.CausalConv3d;
import org.cosmosj.nn.Weights;
import org.cosmosj.tensor.ConvGeometry;
import org.cosmosj.tensor.Tensor;

/** A causal 3x3x3 convolution over a stream: chunk by chunk it equals one convolution of the whole sequence. */
final class StreamingConv implements StreamingLayer {
    private final CausalConv3d conv;

    StreamingConv(Weights weights, int in, int out) {
        this(weights, in, out, ConvGeometry.causal(3, 3, 3));
    }

    StreamingConv(Weights weights, int in, int out, ConvGeometry geometry) {
        this.conv = new CausalConv3d(weights, in, out, geometry);
    }

    @Override
    public Tensor forward(Tensor x, FeatureCache cache) {
        Tensor history = cache.get(this);
        boolean empty = history == null || history.size(2) == 0;
        Tensor y = empty ? conv.forward(x) : conv.forward(x, history);
        cache.remember(this, history, x, conv.geometry().kernelT() - 1);
        return y;
    }
}
