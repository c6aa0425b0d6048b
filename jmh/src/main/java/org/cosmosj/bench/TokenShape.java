package org.cosmosj.bench;

/** Tokens as the norms of the transformers see them: G frames with a modulation each, P tokens in each, width D. */
public enum TokenShape {
    /** 2B model over LIBERO's nine latent frames of 28 x 28 in patches of 2. */
    tokens_G9_P196_D2048(9, 196, 16, 128),
    /** The tabletop's model in training: 16 samples of nine frames. */
    tokens_G144_P4_D128(144, 4, 4, 32);

    private final int groups;
    private final int perGroup;
    private final int heads;
    private final int headWidth;

    TokenShape(int groups, int perGroup, int heads, int headWidth) {
        this.groups = groups;
        this.perGroup = perGroup;
        this.heads = heads;
        this.headWidth = headWidth;
    }

    /**
     * Frames.
     *
     * @return the value
     */
    public int groups() {
        return groups;
    }

    /**
     * Tokens of a frame.
     *
     * @return the value
     */
    public int perGroup() {
        return perGroup;
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
    public int headWidth() {
        return headWidth;
    }

    /**
     * Tokens.
     *
     * @return the count
     */
    public int rows() {
        return groups * perGroup;
    }

    /**
     * Width D.
     *
     * @return the count
     */
    public int width() {
        return heads * headWidth;
    }

    /**
     * Bytes of one F32 tensor (G, P, D).
     *
     * @return the count
     */
    public double bytes() {
        return 4.0 * rows() * width();
    }
}
