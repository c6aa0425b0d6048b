package org.cosmosj.nn;

import org.cosmosj.tensor.Tensor;

/**
 * What attention takes from the tokens it attends to.
 *
 * @param keys (B, S, h, d)
 * @param values (B, S, h, d)
 */
public record KeysValues(Tensor keys, Tensor values) implements AutoCloseable {
    /**
     * The same for every row of a batch.
     *
     * @param rows B, if there is one row; else the number there is
     * @return a view
     */
    public KeysValues expand(long rows) {
        return new KeysValues(expand(keys, rows), expand(values, rows));
    }

    private static Tensor expand(Tensor x, long rows) {
        return x.expand(rows, x.size(1), x.size(2), x.size(3));
    }

    /** Frees both. */
    @Override
    public void close() {
        keys.close();
        values.close();
    }
}
