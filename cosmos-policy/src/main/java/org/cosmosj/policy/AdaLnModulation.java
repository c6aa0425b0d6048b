package org.cosmosj.policy;

import org.cosmosj.nn.Initializer;
import org.cosmosj.nn.Linear;
import org.cosmosj.nn.Weights;
import org.cosmosj.tensor.Tensor;

/** A low-rank correction of the shared modulation: {@code A2 A1 silu(e)}. Source: spec 01 section 8. */
public final class AdaLnModulation {
    private final Linear down;
    private final Linear up;

    /**
     * Makes the layer; keys {@code 1.weight} (rank, D) and {@code 2.weight} (out, rank), since item 0 of the reference
     * is the SiLU. The second starts from zeros, so that a fresh network modulates by the shared term alone.
     *
     * @param weights where the parameters come from
     * @param config sizes
     * @param out a multiple of D
     */
    AdaLnModulation(Weights weights, CosmosDiTConfig config, int out) {
        this.down = new Linear(weights.at(1), config.modelChannels(), config.adalnLoraDim());
        this.up = new Linear(weights.at(2), config.adalnLoraDim(), out, Initializer.ZEROS);
    }

    /**
     * The correction, before the shared term is added.
     *
     * @param conditioning of the frames
     * @return (B, T, out)
     */
    public Tensor correction(FrameConditioning conditioning) {
        return conditioning.perFrame().apply(rows(conditioning));
    }

    /**
     * The correction and what it corrects.
     *
     * @param conditioning of the frames
     * @param base the part of the shared modulation that this one takes, (R, out)
     * @return (B, T, out)
     */
    Tensor corrected(FrameConditioning conditioning, Tensor base) {
        return conditioning.perFrame().apply(rows(conditioning).add(base));
    }

    private Tensor rows(FrameConditioning conditioning) {
        return up.forward(down.forward(conditioning.activated()));
    }

    /** Shift, scale and gate of a block's branch. */
    Modulation forward(FrameConditioning conditioning) {
        Tensor[] parts = corrected(conditioning, conditioning.base()).chunk(3, -1);
        return new Modulation(parts[0], parts[1], parts[2]);
    }
}
