package org.cosmosj.nn;

import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Tensor;

/**
 * Cosine and sine of every token's angles.
 *
 * @param cos (L, d/2)
 * @param sin (L, d/2)
 */
public record RotaryTables(Tensor cos, Tensor sin) {
    /**
     * Turns queries or keys, half-split: channel i is paired with channel i + d/2.
     *
     * @param x (B, L, h, d)
     * @return same shape
     */
    public Tensor rotate(Tensor x) {
        return Functional.rope(x, cos, sin);
    }
}
