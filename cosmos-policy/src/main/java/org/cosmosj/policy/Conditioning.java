package org.cosmosj.policy;

import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.ShapeException;
import org.cosmosj.tensor.Tensor;

/**
 * What the network is given beside the noise.
 *
 * @param frames clean latents; only the given frames are used, (B, C, T, H, W)
 * @param mask 1 in given frames, (B, 1, T, H, W)
 * @param text embedded instruction, (B, S, width)
 * @param paddingMask zeros in all released policies, (B, 1, h, w)
 */
public record Conditioning(Tensor frames, Tensor mask, Tensor text, Tensor paddingMask) {
    /** Checks that frames and mask belong together. */
    public Conditioning {
        if (frames.shape().rank() != 5 || !mask.shape().equals(frames.shape().with(1, 1))) {
            throw new ShapeException("conditioning: frames " + frames.shape() + " and mask " + mask.shape()
                    + ", expected (B, C, T, H, W) and (B, 1, T, H, W)");
        }
    }

    /**
     * Conditioning whose pictures fill their frames.
     *
     * @param frames (B, C, T, H, W)
     * @param mask (B, 1, T, H, W)
     * @param text (B, S, width)
     * @return with a padding mask of zeros
     */
    public static Conditioning unpadded(Tensor frames, Tensor mask, Tensor text) {
        Shape padding = Shape.of(frames.size(0), 1, frames.size(3), frames.size(4));
        return new Conditioning(frames, mask, text, Tensor.zeros(frames.dtype(), padding));
    }
}
