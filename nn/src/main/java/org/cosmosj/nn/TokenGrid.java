package org.cosmosj.nn;

/**
 * Tokens of a video, the frame varying slowest, the column fastest.
 *
 * @param frames number of latent frames, T
 * @param height tokens per column
 * @param width tokens per row
 */
public record TokenGrid(int frames, int height, int width) {
    /** Checks sizes. */
    public TokenGrid {
        if (frames < 1 || height < 1 || width < 1) {
            throw new IllegalArgumentException("token grid: " + frames + " x " + height + " x " + width
                    + " has an empty axis");
        }
    }

    /**
     * Number of tokens.
     *
     * @return L
     */
    public int tokens() {
        return Math.multiplyExact(Math.multiplyExact(frames, height), width);
    }
}
