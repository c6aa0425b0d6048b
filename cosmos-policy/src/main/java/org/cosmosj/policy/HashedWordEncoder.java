package org.cosmosj.policy;

import java.util.Locale;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Tensor;

/**
 * Turns an instruction into text tokens without any model: each word becomes a fixed vector of normal numbers drawn
 * from a stream keyed by the word's hash. It tells instructions apart but knows nothing of their meaning; it stands
 * where T5 embeddings stand, so that small policies need no language model. Free slots are zeros, as in T5's padding.
 *
 * @param tokens text tokens S
 * @param width numbers per token
 */
public record HashedWordEncoder(int tokens, int width) {
    private static final long SEED = 0x776f726473L;

    /** Checks sizes. */
    public HashedWordEncoder {
        if (tokens < 1 || width < 1) {
            throw new IllegalArgumentException("hashed words: " + tokens + " tokens of width " + width
                    + " must both be at least 1");
        }
    }

    /**
     * Encodes an instruction; case does not matter, words behind the last token are dropped.
     *
     * @param instruction words separated by spaces
     * @return S x width numbers, row-major, so that each row has a mean square of about 1
     */
    public float[] encode(String instruction) {
        String[] words = instruction.toLowerCase(Locale.ROOT).strip().split("\\s+");
        float[] rows = new float[tokens * width];
        for (int i = 0; i < Math.min(tokens, words.length); i++) {
            Rng rng = Rng.seeded(SEED).stream(hash(words[i]));
            for (int k = 0; k < width; k++) {
                rows[i * width + k] = (float) rng.nextGaussian();
            }
        }
        return rows;
    }

    /**
     * Encodes one instruction per sample.
     *
     * @param instructions B instructions
     * @return (B, S, width), F32
     */
    public Tensor encode(String... instructions) {
        float[] all = new float[instructions.length * tokens * width];
        for (int b = 0; b < instructions.length; b++) {
            System.arraycopy(encode(instructions[b]), 0, all, b * tokens * width, tokens * width);
        }
        return Tensor.of(all, instructions.length, tokens, width);
    }

    /** FNV-1a over UTF-16 units. */
    private static long hash(String word) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < word.length(); i++) {
            hash = (hash ^ word.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }
}
