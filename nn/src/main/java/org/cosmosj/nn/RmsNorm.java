package org.cosmosj.nn;

import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;

/** {@code x / sqrt(mean(x^2) + eps) * weight} over the last axis. Source: spec 01 section 9. */
public final class RmsNorm {
    private final Parameter weight;
    private final double eps;

    /**
     * Makes the layer; key {@code weight} (width), started from ones.
     *
     * @param weights where the parameter comes from
     * @param width size of the last axis
     * @param eps added to the mean square
     */
    public RmsNorm(Weights weights, int width, double eps) {
        this.weight = weights.parameter("weight", Shape.of(width), Initializer.ONES);
        this.eps = eps;
    }

    /**
     * Normalises.
     *
     * @param x (.., width)
     * @return same shape
     */
    public Tensor forward(Tensor x) {
        return Functional.rmsNorm(x, weight.value(), eps);
    }
}
