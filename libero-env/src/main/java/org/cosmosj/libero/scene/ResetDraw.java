package org.cosmosj.libero.scene;

/**
 * A draw from NumPy's generator during a reset.
 *
 * @param kind   NumPy's name
 * @param numbers arguments, then results: low, high, number; bound, number; count, numbers
 */
public record ResetDraw(Kind kind, double... numbers) {

    /** What was called. */
    public enum Kind {
        /** {@code uniform(low, high)}. */
        UNIFORM,
        /** {@code randint(bound)}. */
        RANDINT,
        /** {@code randn(count)}. */
        RANDN
    }
}
