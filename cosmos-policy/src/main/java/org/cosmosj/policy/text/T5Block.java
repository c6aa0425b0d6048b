package org.cosmosj.policy.text;

import org.cosmosj.nn.RmsNorm;
import org.cosmosj.nn.Weights;
import org.cosmosj.tensor.Tensor;

/** Self-attention and a feed-forward layer, each behind a norm and beside a residual. */
public final class T5Block {
    final T5Attention selfAttention;
    private final RmsNorm selfAttentionNorm;
    private final T5FeedForward denseReluDense;
    private final RmsNorm denseReluDenseNorm;

    T5Block(Weights weights, T5Config config) {
        Weights attention = weights.at("layer").at(0);
        Weights feedForward = weights.at("layer").at(1);
        this.selfAttention = new T5Attention(attention.at("SelfAttention"), config);
        this.selfAttentionNorm = norm(attention, config);
        this.denseReluDense = new T5FeedForward(feedForward.at("DenseReluDense"), config);
        this.denseReluDenseNorm = norm(feedForward, config);
    }

    private static RmsNorm norm(Weights weights, T5Config config) {
        return new RmsNorm(weights.at("layer_norm"), config.dModel(), config.layerNormEpsilon());
    }

    /**
     * Applies the block.
     *
     * @param x (B, S, D)
     * @param bias of the attention's logits, (B, h, S, S) or (1, h, S, S)
     * @return (B, S, D)
     */
    public Tensor forward(Tensor x, Tensor bias) {
        x = x.add(attend(x, bias));
        return x.add(denseReluDense.forward(denseReluDenseNorm.forward(x)));
    }

    /** The attention's branch, before it is added. */
    Tensor attend(Tensor x, Tensor bias) {
        return selfAttention.forward(selfAttentionNorm.forward(x), bias);
    }
}
