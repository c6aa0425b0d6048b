package org.cosmosj.vae;

import org.cosmosj.nn.CausalConv3d;
import org.cosmosj.nn.Initializer;
import org.cosmosj.nn.Weights;
import org.cosmosj.tensor.ConvGeometry;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;

/** {@code shortcut(x) + conv(silu(norm(conv(silu(norm(x))))))}. Source: spec 02 section 2.3. */
final class ResidualBlock implements StreamingLayer {
    private final Parameter norm1;
    private final StreamingConv conv1;
    private final Parameter norm2;
    private final StreamingConv conv2;
    private final CausalConv3d shortcut;

    ResidualBlock(Weights weights, int in, int out) {
        Weights residual = weights.at("residual");
        this.norm1 = residual.at(0).parameter("gamma", Shape.of(in, 1, 1, 1), Initializer.ONES);
        this.conv1 = new StreamingConv(residual.at(2), in, out);
        this.norm2 = residual.at(3).parameter("gamma", Shape.of(out, 1, 1, 1), Initializer.ONES);
        this.conv2 = new StreamingConv(residual.at(6), out, out);
        this.shortcut = in == out
                ? null
                : new CausalConv3d(weights.at("shortcut"), in, out, ConvGeometry.causal(1, 1, 1));
    }

    @Override
    public Tensor forward(Tensor x, FeatureCache cache) {
        Tensor h = convolved(norm2, conv2, convolved(norm1, conv1, x, cache), cache);
        return h.add(shortcut == null ? x : shortcut.forward(x));
    }

    /** Of the largest tensors of the tokenizer only the result stays. */
    private static Tensor convolved(Parameter norm, StreamingConv conv, Tensor x, FeatureCache cache) {
        try (Scope scope = Scope.inner("residual")) {
            return scope.promote(conv.forward(Functional.channelNormSilu(x, norm.value()), cache));
        }
    }
}
