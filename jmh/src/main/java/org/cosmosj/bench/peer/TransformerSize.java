package org.cosmosj.bench.peer;

import org.cosmosj.nn.Rounding;
import org.cosmosj.policy.CosmosDiTConfig;
import org.cosmosj.tensor.MatmulPrecision;
import org.cosmosj.tensor.Shape;

/** Transformers that both sides build, with their inputs' sizes. */
enum TransformerSize {
    /** 60 million parameters over LIBERO's latents, one sample. */
    MEDIUM(512, 8, 8, 128, Shape.of(1, 16, 9, 28, 28), Shape.of(1, 512, 1024)),
    /** The network of the reference's published activations: two samples of 144 tokens. */
    TINY(64, 2, 4, 16, Shape.of(2, 16, 9, 8, 8), Shape.of(2, 6, 32));

    private final int width;
    private final int blocks;
    private final int heads;
    private final int rank;
    private final Shape latents;
    private final Shape text;

    TransformerSize(int width, int blocks, int heads, int rank, Shape latents, Shape text) {
        this.width = width;
        this.blocks = blocks;
        this.heads = heads;
        this.rank = rank;
        this.latents = latents;
        this.text = text;
    }

    Shape latents() {
        return latents;
    }

    Shape text() {
        return text;
    }

    CosmosDiTConfig config(MatmulPrecision precision) {
        return new CosmosDiTConfig(16, 16, 240, 240, 128, 2, width, blocks, heads, 4.0, (int) text.size(2), rank, 3.0,
                3.0, 1.0, Rounding.FLOAT32, 1.0, Rounding.FLOAT32, Rounding.FLOAT32).multiplying(precision);
    }

    /** What the peer script needs besides weights. */
    Object[] fields() {
        return new Object[] {"width", width, "blocks", blocks, "heads", heads};
    }

    /** Products of one forward pass: every matrix once per token or frame, and attention to tokens and text. */
    double flops() {
        double frames = latents.size(0) * latents.size(2);
        double tokens = frames * latents.size(3) * latents.size(4) / 4;
        double words = text.size(0) * text.size(1);
        double d = width;
        double perToken = blocks * (4 * d * d + 2 * d * d + 8 * d * d) + d * (72 + 64);
        double perWord = blocks * 2 * d * text.size(2);
        double perFrame = blocks * 3 * (d * rank + 3 * d * rank) + d * d + 3 * d * d + 3 * d * rank;
        double scores = blocks * 2 * d * tokens * (tokens + words) / latents.size(0);
        return 2 * (tokens * perToken + words * perWord + frames * perFrame + scores);
    }
}
