package org.cosmosj.policy;

import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Tensor;

/**
 * What one branch of a block does to its input and result, one vector per frame. Source: spec 01 section 8.
 *
 * @param shift (B, T, D)
 * @param scale (B, T, D)
 * @param gate (B, T, D)
 */
public record Modulation(Tensor shift, Tensor scale, Tensor gate) {
    /**
     * {@code layerNorm(x) (1 + scale) + shift}.
     *
     * @param x (B, T, H/p, W/p, D)
     * @return same shape
     */
    public Tensor modulate(Tensor x) {
        return Functional.modulatedLayerNorm(x, shift, scale, CosmosDiTConfig.NORM_EPS);
    }

    /**
     * {@code x + gate branch}.
     *
     * @param x (B, T, H/p, W/p, D)
     * @param branch result of the branch, of as many elements in the same order
     * @return shape of {@code x}
     */
    public Tensor addGated(Tensor x, Tensor branch) {
        return Functional.gatedResidual(x, gate, branch.reshape(x.shape()));
    }
}
