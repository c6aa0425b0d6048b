package org.cosmosj.policy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;

/**
 * The different timesteps of a batch's frames: in a query one for given frames and one for all others, whatever the
 * number of frames and candidates. A row of a product does not depend on the other rows, so results are the same bits.
 *
 * @param values the timesteps, each once, (R)
 * @param rows of each frame, its timestep's place in {@code values}
 * @param shape (B, T)
 */
record DistinctTimesteps(Tensor values, long[] rows, Shape shape) {
    /** Finds them; equal means equal bits. */
    static DistinctTimesteps of(Tensor timesteps) {
        double[] all = timesteps.toDoubleArray();
        long[] rows = new long[all.length];
        long[] firsts = new long[all.length];
        Map<Double, Integer> seen = new HashMap<>(); // Double.equals compares bits, so 0.0 is not -0.0
        for (int i = 0; i < all.length; i++) {
            Integer row = seen.putIfAbsent(all[i], seen.size());
            rows[i] = row == null ? seen.size() - 1 : row;
            if (row == null) {
                firsts[seen.size() - 1] = i;
            }
        }
        Tensor values = timesteps.reshape(-1).indexSelect(0, Arrays.copyOf(firsts, seen.size()));
        return new DistinctTimesteps(values, rows, timesteps.shape());
    }

    /** A row per timestep, (R, width), to a row per frame, (B, T, width). */
    Tensor perFrame(Tensor x) {
        return x.indexSelect(0, rows).reshape(shape.size(0), shape.size(1), -1);
    }
}
