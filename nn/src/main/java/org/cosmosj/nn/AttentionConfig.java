package org.cosmosj.nn;

/**
 * Sizes of an attention layer.
 *
 * @param width of queries and result, D
 * @param contextWidth of what keys and values are made of; {@code width} for self-attention
 * @param heads h
 * @param headWidth d
 * @param eps of the norms of queries and keys
 */
public record AttentionConfig(int width, int contextWidth, int heads, int headWidth, double eps) {
    /** Checks sizes. */
    public AttentionConfig {
        if (width < 1 || contextWidth < 1 || heads < 1 || headWidth < 1 || !(eps >= 0)) {
            throw new IllegalArgumentException("attention: width " + width + ", context width " + contextWidth
                    + ", heads " + heads + " and head width " + headWidth + " must be at least 1, eps " + eps
                    + " at least 0");
        }
    }

    int innerWidth() {
        return heads * headWidth;
    }
}
