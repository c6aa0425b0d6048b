package org.cosmosj.nn;

import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Tensor;

/** {@code layer2(gelu(layer1(x)))} with the exact GELU and no biases. Source: spec 01 section 10. */
public final class Mlp {
    private final Linear layer1;
    private final Linear layer2;

    /**
     * Makes the layer; keys {@code layer1.weight} (hidden, width) and {@code layer2.weight} (width, hidden).
     *
     * @param weights where the parameters come from
     * @param width input and output width
     * @param hidden width between
     */
    public Mlp(Weights weights, int width, int hidden) {
        this.layer1 = new Linear(weights.at("layer1"), width, hidden);
        this.layer2 = new Linear(weights.at("layer2"), hidden, width);
    }

    /**
     * Applies the layer.
     *
     * @param x (.., width)
     * @return same shape
     */
    public Tensor forward(Tensor x) {
        return layer2.forward(Functional.gelu(layer1.forward(x)));
    }
}
