package org.cosmosj.policy.text;

import org.cosmosj.nn.Initializer;
import org.cosmosj.nn.Weights;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;

/**
 * A learned number for each head and each distance between positions, where far distances share buckets. Source:
 * {@code huggingface/transformers, modeling_t5.py#T5Attention._relative_position_bucket}.
 */
final class RelativePositionBias {
    private final Parameter weight;
    private final T5Config config;

    /** Key {@code weight} (buckets, h). */
    RelativePositionBias(Weights weights, T5Config config) {
        this.config = config;
        this.weight = weights.parameter("weight",
                Shape.of(config.relativeAttentionNumBuckets(), config.numHeads()),
                Initializer.truncatedNormal(1 / Math.sqrt(config.dModel())));
    }

    /** The biases of S queries and S keys, (1, h, S, S). */
    Tensor forward(int length) {
        long[] buckets = new long[Math.multiplyExact(length, length)];
        for (int query = 0; query < length; query++) {
            for (int key = 0; key < length; key++) {
                buckets[query * length + key] = bucket(key - query);
            }
        }
        return weight.value().indexSelect(0, buckets).reshape(1, length, length, config.numHeads())
                .permute(0, 3, 1, 2).contiguous();
    }

    /**
     * Positions behind the query have the upper half of the buckets. In each half, the first half of the buckets are
     * single distances and the rest grow with the logarithm, in float as the reference computes it.
     */
    int bucket(int offset) {
        int side = config.relativeAttentionNumBuckets() / 2;
        int exact = side / 2;
        int distance = Math.abs(offset);
        int first = offset > 0 ? side : 0;
        if (distance < exact) {
            return first + distance;
        }
        float ratio = (float) Math.log((float) distance / exact)
                / (float) Math.log((double) config.relativeAttentionMaxDistance() / exact);
        return first + Math.min(exact + (int) (ratio * (side - exact)), side - 1);
    }
}
