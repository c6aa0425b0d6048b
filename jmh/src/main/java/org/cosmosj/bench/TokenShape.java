package org.cosmosj.bench;

/** Tokens as the norms of the transformers see them: G frames with a modulation each, P tokens in each, width D. */
public enum TokenShape {
    /** 2B model over LIBERO's nine latent frames of 28 x 28 in patches of 2. */
    tokens_G9_P196_D2048(9, 196, 16, 128),
    /** The tabletop's model in training: 16 samples of nine frames. */
    tokens_G144_P4_D128(144, 4, 4, 32);

    final int groups;
    final int perGroup;
    final int heads;
    final int headWidth;

    TokenShape(int groups, int perGroup, int heads, int headWidth) {
        this.groups = groups;
        this.perGroup = perGroup;
        this.heads = heads;
        this.headWidth = headWidth;
    }

    int rows() {
        return groups * perGroup;
    }

    int width() {
        return heads * headWidth;
    }

    /** Bytes of one F32 tensor (G, P, D). */
    double bytes() {
        return 4.0 * rows() * width();
    }
}
