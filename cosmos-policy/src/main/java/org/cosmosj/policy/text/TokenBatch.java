package org.cosmosj.policy.text;

import java.util.Arrays;
import java.util.List;
import org.cosmosj.tensor.ShapeException;
import org.cosmosj.tensor.Tensor;

/**
 * Tokens of several texts, filled up to one length.
 *
 * @param inputIds token ids, (B, S), I64
 * @param attentionMask 1 for tokens and 0 behind them, (B, S), F32
 */
public record TokenBatch(Tensor inputIds, Tensor attentionMask) {
    /** Checks shapes. */
    public TokenBatch {
        if (inputIds.shape().rank() != 2 || !inputIds.shape().equals(attentionMask.shape())) {
            throw new ShapeException("tokens: input ids " + inputIds.shape() + " and attention mask "
                    + attentionMask.shape() + " must both be (B, S)");
        }
    }

    /**
     * Fills rows up; the tensors belong to the current scope.
     *
     * @param rows ids of each text, at most {@code length}
     * @param length S
     * @param padId what stands behind the ids
     * @return the batch
     */
    public static TokenBatch padded(List<int[]> rows, int length, int padId) {
        long[] ids = new long[rows.size() * length];
        float[] mask = new float[ids.length];
        Arrays.fill(ids, padId);
        for (int b = 0; b < rows.size(); b++) {
            int[] row = rows.get(b);
            if (row.length > length) {
                throw new IllegalArgumentException("tokens: text " + b + " has " + row.length
                        + " ids, which do not fit into " + length + "; cut it when tokenizing");
            }
            for (int s = 0; s < row.length; s++) {
                ids[b * length + s] = row[s];
                mask[b * length + s] = 1;
            }
        }
        return new TokenBatch(Tensor.of(ids, rows.size(), length), Tensor.of(mask, rows.size(), length));
    }
}
