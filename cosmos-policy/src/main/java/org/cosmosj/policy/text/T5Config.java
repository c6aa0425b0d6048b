package org.cosmosj.policy.text;

import org.cosmosj.policy.JsonFields;

/**
 * Sizes and constants of a T5 encoder, under the names of its {@code config.json}.
 *
 * @param vocabSize rows of the embedding table
 * @param dModel width D
 * @param dKv width of a head d
 * @param dFf width inside the feed-forward layers
 * @param numLayers blocks
 * @param numHeads heads h; h d need not be D
 * @param relativeAttentionNumBuckets rows of the table of position biases, half of them for each direction
 * @param relativeAttentionMaxDistance distance from which on all positions share the last bucket
 * @param layerNormEpsilon added to mean squares
 * @param feedForward kind of feed-forward layers
 */
public record T5Config(int vocabSize, int dModel, int dKv, int dFf, int numLayers, int numHeads,
        int relativeAttentionNumBuckets, int relativeAttentionMaxDistance, double layerNormEpsilon,
        T5FeedForward.Kind feedForward) {
    /** {@code google-t5/t5-11b}, the encoder of all released Cosmos policies. */
    public static final T5Config T5_11B =
            new T5Config(32128, 1024, 128, 65536, 24, 128, 32, 128, 1e-6, T5FeedForward.Kind.parse("relu"));

    /** Checks sizes. */
    public T5Config {
        positive("vocab_size", vocabSize);
        positive("d_model", dModel);
        positive("d_kv", dKv);
        positive("d_ff", dFf);
        positive("num_layers", numLayers);
        positive("num_heads", numHeads);
        if (relativeAttentionNumBuckets < 4) {
            throw new IllegalArgumentException("T5: relative_attention_num_buckets is " + relativeAttentionNumBuckets
                    + ", expected at least 4");
        }
        if (relativeAttentionMaxDistance <= relativeAttentionNumBuckets / 4) {
            throw new IllegalArgumentException("T5: relative_attention_max_distance is "
                    + relativeAttentionMaxDistance + ", expected more than the "
                    + relativeAttentionNumBuckets / 4 + " distances that have buckets of their own");
        }
        if (!(layerNormEpsilon >= 0)) {
            throw new IllegalArgumentException("T5: layer_norm_epsilon is " + layerNormEpsilon
                    + ", expected at least 0");
        }
    }

    private static void positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("T5: " + name + " is " + value + ", expected at least 1");
        }
    }

    /**
     * Reads a configuration under Hugging Face's names, with their defaults for what older files lack.
     *
     * @param json fields such as {@code d_model}; others than the encoder's are left alone
     * @return the configuration
     * @throws IllegalArgumentException if a field is missing, wrong or asks for what this encoder does not have
     */
    public static T5Config of(JsonFields json) {
        require(json, "scale_attention", false);
        require(json, "shared_position_bias", true);
        String precision = json.text("precision", "float32");
        if (!precision.equals("float32")) {
            throw new IllegalArgumentException(json + ": precision " + precision
                    + " is not supported by this version; use float32");
        }
        return new T5Config(json.integer("vocab_size"), json.integer("d_model"), json.integer("d_kv"),
                json.integer("d_ff"), json.integer("num_layers"), json.integer("num_heads"),
                integer(json, "relative_attention_num_buckets", 32),
                integer(json, "relative_attention_max_distance", 128), json.number("layer_norm_epsilon", 1e-6),
                T5FeedForward.Kind.parse(json.text("feed_forward_proj", "relu")));
    }

    private static int integer(JsonFields json, String key, int absent) {
        return json.has(key) ? json.integer(key) : absent;
    }

    private static void require(JsonFields json, String key, boolean value) {
        if (json.has(key) && json.flag(key) != value) {
            throw new IllegalArgumentException(json + ": " + key + " must be " + value + " in this encoder");
        }
    }

    int innerWidth() {
        return numHeads * dKv;
    }
}
