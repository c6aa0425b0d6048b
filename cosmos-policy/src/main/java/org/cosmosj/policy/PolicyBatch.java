package org.cosmosj.policy;

import java.util.List;
import org.cosmosj.nn.Rounding;
import org.cosmosj.tensor.ShapeException;
import org.cosmosj.tensor.Tensor;

/**
 * A training batch. Numbers are normalised to [-1, 1] already. Source: spec 04 section 2.
 *
 * @param latents tokenizer latents of the pixel sequences, before anything is written into them, (B, C, T, H, W), F32
 * @param kinds what each sample teaches, B entries
 * @param actions action chunks, (B, K, A)
 * @param proprio joint states now, (B, P)
 * @param futureProprio joint states after the chunk, (B, P)
 * @param values value targets, (B)
 * @param text embedded instructions, (B, S, width)
 */
public record PolicyBatch(Tensor latents, List<SampleKind> kinds, Tensor actions, Tensor proprio, Tensor futureProprio,
        Tensor values, Tensor text) {
    /** Checks that everything belongs to one batch. */
    public PolicyBatch {
        kinds = List.copyOf(kinds);
        long size = kinds.size();
        rank("latents (B, C, T, H, W)", latents, 5, size);
        rank("actions (B, K, A)", actions, 3, size);
        rank("proprio (B, P)", proprio, 2, size);
        rank("future proprio (B, P)", futureProprio, 2, size);
        rank("values (B)", values, 1, size);
        rank("text (B, S, width)", text, 3, size);
    }

    private static void rank(String role, Tensor tensor, int rank, long size) {
        if (tensor.shape().rank() != rank || tensor.size(0) != size) {
            throw new ShapeException("policy batch: " + role + " has shape " + tensor.shape() + " for " + size
                    + " samples");
        }
    }

    /**
     * Number of samples.
     *
     * @return B
     */
    public int size() {
        return kinds.size();
    }

    /**
     * This batch as a policy of the given numerics sees it.
     *
     * @param rounding rounding of actions, proprioception, values and text
     * @return the rounded batch
     */
    PolicyBatch rounded(Rounding rounding) {
        return new PolicyBatch(latents, kinds, rounding.apply(actions), rounding.apply(proprio),
                rounding.apply(futureProprio), rounding.apply(values), rounding.apply(text));
    }
}
