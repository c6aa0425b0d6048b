package org.cosmosj.bench;

/** Attention at the sizes of the models. */
public enum AttentionShape {
    /** 2B model over LIBERO's nine latent frames of 28 x 28 in patches of 2. */
    selfAttention_B1_L1764_h16_d128(1, 1764, 1764, 16, 128),
    /** 2B model, tokens to text. */
    crossAttention_B1_L1764_S512_h16_d128(1, 1764, 512, 16, 128),
    /** The tabletop's model in training. */
    selfAttention_B16_L36_h4_d32(16, 36, 36, 4, 32),
    /** One head: blocks of queries and keys are all there is to share out. */
    selfAttention_B1_L1764_h1_d128(1, 1764, 1764, 1, 128);

    private final int batch;
    private final int queries;
    private final int keys;
    private final int heads;
    private final int width;

    AttentionShape(int batch, int queries, int keys, int heads, int width) {
        this.batch = batch;
        this.queries = queries;
        this.keys = keys;
        this.heads = heads;
        this.width = width;
    }

    /**
     * Samples.
     *
     * @return the value
     */
    public int batch() {
        return batch;
    }

    /**
     * Tokens that ask.
     *
     * @return the value
     */
    public int queries() {
        return queries;
    }

    /**
     * Tokens that are asked.
     *
     * @return the value
     */
    public int keys() {
        return keys;
    }

    /**
     * Heads.
     *
     * @return the value
     */
    public int heads() {
        return heads;
    }

    /**
     * Width of a head.
     *
     * @return the value
     */
    public int width() {
        return width;
    }

    /**
     * Multiplications and additions of the two products of the forward pass; the backward pass has five.
     *
     * @return the count
     */
    public double flops() {
        return 4.0 * batch * heads * queries * keys * width;
    }
}
