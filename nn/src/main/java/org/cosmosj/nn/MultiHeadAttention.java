package org.cosmosj.nn;

import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Tensor;

/**
 * Attention over several heads with RMS-normalised queries and keys, without mask, biases or dropout. Source: spec 01
 * section 9.
 */
public final class MultiHeadAttention {
    private final AttentionConfig config;
    private final Linear qProj;
    private final Linear kProj;
    private final Linear vProj;
    private final RmsNorm qNorm;
    private final RmsNorm kNorm;
    private final Linear outputProj;

    /**
     * Makes the layer; keys {@code q_proj k_proj v_proj q_norm k_norm output_proj}, each with {@code .weight}.
     *
     * @param weights where the parameters come from
     * @param config sizes
     */
    public MultiHeadAttention(Weights weights, AttentionConfig config) {
        int inner = config.innerWidth();
        this.config = config;
        this.qProj = new Linear(weights.at("q_proj"), config.width(), inner);
        this.kProj = new Linear(weights.at("k_proj"), config.contextWidth(), inner);
        this.vProj = new Linear(weights.at("v_proj"), config.contextWidth(), inner);
        this.qNorm = new RmsNorm(weights.at("q_norm"), config.headWidth(), config.eps());
        this.kNorm = new RmsNorm(weights.at("k_norm"), config.headWidth(), config.eps());
        this.outputProj = new Linear(weights.at("output_proj"), inner, config.width());
    }

    /**
     * Self-attention with rotary positions.
     *
     * @param x (B, L, D)
     * @param rope tables of the L tokens
     * @return (B, L, D)
     */
    public Tensor forward(Tensor x, RotaryTables rope) {
        return outputProj.forward(attend(rope.rotate(query(x)), rope.rotate(key(x)), value(x)));
    }

    /**
     * Cross-attention without positions.
     *
     * @param x (B, L, D)
     * @param context (B, S, contextWidth); every one of its tokens is attended to, zero vectors too
     * @return (B, L, D)
     */
    public Tensor forward(Tensor x, Tensor context) {
        return forward(x, keysValues(context));
    }

    /**
     * Cross-attention to a context whose keys and values are known.
     *
     * @param x (B, L, D)
     * @param context what {@link #keysValues} made of it
     * @return (B, L, D)
     */
    public Tensor forward(Tensor x, KeysValues context) {
        return outputProj.forward(attend(query(x), context.keys(), context.values()));
    }

    /**
     * All that attention to a context takes from it, so that it may be computed once.
     *
     * @param context (B, S, contextWidth)
     * @return normalised keys and values, without positions
     */
    public KeysValues keysValues(Tensor context) {
        return new KeysValues(key(context), value(context));
    }

    /**
     * Normalised queries.
     *
     * @param x (B, L, D)
     * @return (B, L, h, d)
     */
    public Tensor query(Tensor x) {
        return qNorm.forward(heads(qProj.forward(x)));
    }

    /**
     * Normalised keys.
     *
     * @param context (B, S, contextWidth)
     * @return (B, S, h, d)
     */
    public Tensor key(Tensor context) {
        return kNorm.forward(heads(kProj.forward(context)));
    }

    /**
     * Values.
     *
     * @param context (B, S, contextWidth)
     * @return (B, S, h, d)
     */
    public Tensor value(Tensor context) {
        return heads(vProj.forward(context));
    }

    /**
     * {@code softmax(q k^T / sqrt(d)) v} per head, heads joined.
     *
     * @param query (B, L, h, d)
     * @param key (B, S, h, d)
     * @param value (B, S, h, d)
     * @return (B, L, h d)
     */
    public Tensor attend(Tensor query, Tensor key, Tensor value) {
        Tensor heads = Functional.attention(query, key, value, 1 / Math.sqrt(config.headWidth()));
        return heads.reshape(query.size(0), query.size(1), config.innerWidth());
    }

    /** Heads are slow, their channels fast, so this is a view. */
    private Tensor heads(Tensor x) {
        return x.reshape(x.size(0), x.size(1), config.heads(), config.headWidth());
    }
}
