package org.cosmosj.policy.text;

import org.cosmosj.nn.Linear;
import org.cosmosj.nn.Weights;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Tensor;

/**
 * Self-attention with a bias for each pair of positions, {@code o(softmax(q k^T + bias) v)}: logits are not scaled,
 * since T5's starting values are. Source: {@code huggingface/transformers, modeling_t5.py#T5Attention}.
 */
public final class T5Attention {
    private final T5Config config;
    private final Linear q;
    private final Linear k;
    private final Linear v;
    private final Linear o;

    T5Attention(Weights weights, T5Config config) {
        this.config = config;
        this.q = new Linear(weights.at("q"), config.dModel(), config.innerWidth());
        this.k = new Linear(weights.at("k"), config.dModel(), config.innerWidth());
        this.v = new Linear(weights.at("v"), config.dModel(), config.innerWidth());
        this.o = new Linear(weights.at("o"), config.innerWidth(), config.dModel());
    }

    /**
     * Applies the layer.
     *
     * @param x (B, S, D)
     * @param bias added to the logits, (B, h, S, S) or (1, h, S, S)
     * @return (B, S, D)
     */
    public Tensor forward(Tensor x, Tensor bias) {
        Tensor logits = heads(q.forward(x)).matmul(heads(k.forward(x)).transpose(2, 3)).add(bias); // (B, h, S, S)
        Tensor mixed = Functional.softmax(logits).matmul(heads(v.forward(x))); // (B, h, S, d)
        return o.forward(mixed.permute(0, 2, 1, 3).reshape(x.size(0), x.size(1), config.innerWidth()));
    }

    /** (B, S, h d) as (B, h, S, d), a view. */
    private Tensor heads(Tensor x) {
        return x.reshape(x.size(0), x.size(1), config.numHeads(), config.dKv()).permute(0, 2, 1, 3);
    }
}
