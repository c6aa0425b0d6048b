package org.cosmosj.nn;

import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.MatmulPrecision;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;

/**
 * {@code x W^T}, without bias as everywhere in the diffusion transformer. Its product and those of its gradients have
 * the precision of the {@link Weights#matmulPrecision weights}; the parameter itself stays as it is.
 */
public final class Linear {
    private final String name;
    private final Parameter weight;
    private final MatmulPrecision precision;

    /**
     * Makes the layer; key {@code weight} (out, in), started from a normal distribution of deviation {@code in^-1/2}
     * cut at three deviations. Source: spec 01 section 13.
     *
     * @param weights where the parameter comes from
     * @param in input width
     * @param out output width
     */
    public Linear(Weights weights, int in, int out) {
        this(weights, in, out, Initializer.truncatedNormal(1 / Math.sqrt(in)));
    }

    /**
     * Makes the layer with another start.
     *
     * @param weights where the parameter comes from
     * @param in input width
     * @param out output width
     * @param initializer starting value when there is no checkpoint
     */
    public Linear(Weights weights, int in, int out, Initializer initializer) {
        this.name = weights.path();
        this.precision = weights.matmulPrecision();
        this.weight = weights.matrix("weight", Shape.of(out, in), initializer);
    }

    /**
     * Multiplies.
     *
     * @param x (.., in)
     * @return (.., out)
     */
    public Tensor forward(Tensor x) {
        return Functional.linear(name, x, weight.value(), precision);
    }
}
