package org.cosmosj.bench;

/** Where activations are applied. */
public enum ActivationShape {
    /** Hidden layer of the 2B block's MLP over LIBERO's 1764 tokens. */
    hidden_L1764_D8192(1764, 8192),
    /** A tensor of the 2B model's width. */
    tokens_L1764_D2048(1764, 2048),
    /** Hidden layer of the tabletop's model in training. */
    hidden_L576_D512(576, 512);

    final int rows;
    final int width;

    ActivationShape(int rows, int width) {
        this.rows = rows;
        this.width = width;
    }

    /** Bytes of one F32 tensor of this shape. */
    double bytes() {
        return 4.0 * rows * width;
    }
}
