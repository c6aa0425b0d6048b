package org.cosmosj.policy;

import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.ShapeException;
import org.cosmosj.tensor.Tensor;

/**
 * What the network sees of a batch of videos.
 *
 * @param latents noisy latents, scaled by the preconditioning, (B, C, T, H, W)
 * @param timesteps noise level of each frame, (B, T), or one for all frames, (B, 1); 0 for conditioning frames
 * @param text embedded text, (B, S, crossattnEmbChannels); all S tokens are attended to
 * @param conditionMask 1 in conditioning frames, (B, 1, T, H, W); zeros for pictures
 * @param paddingMask (B, 1, h, w) of any size; resized to H x W by taking the nearest element
 */
public record DiTInput(Tensor latents, Tensor timesteps, Tensor text, Tensor conditionMask, Tensor paddingMask) {
    /** Checks that everything belongs to one batch. */
    public DiTInput {
        Shape x = latents.shape();
        if (x.rank() != 5) {
            throw new ShapeException("DiT: latents " + x + " are not (B, C, T, H, W)");
        }
        long frames = timesteps.shape().rank() == 2 ? timesteps.size(1) : -1;
        expect("timesteps", timesteps, frames == x.size(2) || frames == 1, "(B, T) or (B, 1)", x);
        expect("text", text, text.shape().rank() == 3, "(B, S, width)", x);
        expect("condition mask", conditionMask, conditionMask.shape().equals(x.with(1, 1)), "(B, 1, T, H, W)", x);
        expect("padding mask", paddingMask, paddingMask.shape().rank() == 4 && paddingMask.size(1) == 1,
                "(B, 1, h, w)", x);
    }

    private static void expect(String role, Tensor got, boolean fits, String expected, Shape latents) {
        if (!fits || got.size(0) != latents.size(0)) {
            throw new ShapeException("DiT: " + role + " " + got.shape() + ", expected " + expected + " for latents "
                    + latents);
        }
    }

    /**
     * An input whose pictures fill their frames, as all of the policy's do.
     *
     * @param latents (B, C, T, H, W)
     * @param timesteps (B, T) or (B, 1)
     * @param text (B, S, crossattnEmbChannels)
     * @param conditionMask (B, 1, T, H, W)
     * @return the input with a padding mask of zeros
     */
    public static DiTInput unpadded(Tensor latents, Tensor timesteps, Tensor text, Tensor conditionMask) {
        Shape padding = Shape.of(latents.size(0), 1, latents.size(3), latents.size(4));
        return new DiTInput(latents, timesteps, text, conditionMask, Tensor.zeros(latents.dtype(), padding));
    }

    /** Latents, condition mask and padding mask as (B, C + 2, T, H, W); the order is that of the weights. */
    Tensor channels() {
        long height = latents.size(3);
        long width = latents.size(4);
        Tensor padding = nearest(nearest(paddingMask, 2, height), 3, width)
                .unsqueeze(2).expand(latents.size(0), 1, latents.size(2), height, width);
        return Tensor.cat(1, latents, conditionMask, padding);
    }

    /** Source pixel {@code floor(i * in / out)} in float32, as PyTorch's nearest interpolation. */
    private static Tensor nearest(Tensor mask, int dim, long size) {
        long from = mask.size(dim);
        if (from == size) {
            return mask;
        }
        float step = (float) from / size;
        long[] indices = new long[Math.toIntExact(size)];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = Math.min((long) (i * step), from - 1);
        }
        return mask.indexSelect(dim, indices);
    }
}
