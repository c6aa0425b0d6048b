package org.cosmosj.testing;

import java.util.function.ToDoubleFunction;

/**
 * Central differences {@code (f(x + h) - f(x - h)) / 2h} in double precision: with {@code h} near 1e-5 and values near
 * 1
 * the result is good to about 1e-9.
 */
public final class FiniteDifferences {
    /** Balances truncation (h^2) against rounding (1e-16 / h) for values near 1. */
    public static final double STEP = 1e-5;

    private FiniteDifferences() {}

    /**
     * All partial derivatives, with two evaluations each.
     *
     * @param f a smooth function; it must not keep its argument
     * @param x where
     * @return the gradient
     */
    public static double[] gradient(ToDoubleFunction<double[]> f, double[] x) {
        double[] gradient = new double[x.length];
        double[] at = x.clone();
        for (int i = 0; i < x.length; i++) {
            at[i] = x[i] + STEP;
            double above = f.applyAsDouble(at);
            at[i] = x[i] - STEP;
            double below = f.applyAsDouble(at);
            at[i] = x[i];
            gradient[i] = (above - below) / (2 * STEP);
        }
        return gradient;
    }

    /**
     * The derivative along a direction, with two evaluations however large x is.
     *
     * @param f a smooth function; it must not keep its argument
     * @param x where
     * @param direction of the length of x; entries near 1
     * @return the derivative, to be compared with the dot product of gradient and direction
     */
    public static double along(ToDoubleFunction<double[]> f, double[] x, double[] direction) {
        return (f.applyAsDouble(moved(x, direction, STEP)) - f.applyAsDouble(moved(x, direction, -STEP)))
                / (2 * STEP);
    }

    private static double[] moved(double[] x, double[] direction, double step) {
        double[] moved = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            moved[i] = x[i] + step * direction[i];
        }
        return moved;
    }
}
