package org.cosmosj.policy;

import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.ShapeException;
import org.cosmosj.tensor.Tensor;

/**
 * Numbers written into latent frames and read back. A vector is tiled over the frame's elements in the order (C, H, W)
 * and its last copy is cut off; it is read back as the mean over the full copies. Written numbers are not rescaled:
 * they lie in [-1, 1] beside image latents of unit variance. Source: spec 04 section 3, spec 05 section 7.
 */
public final class LatentInjection {
    private LatentInjection() {}

    /**
     * Overwrites one frame of every sample with a tiled vector, in place.
     *
     * @param latents (B, C, T, H, W), changed; must not need a gradient
     * @param frame index in [0, T), or negative from the end
     * @param values (B, ..), at most C H W numbers per sample in row-major order
     * @throws ShapeException if the numbers do not fit the frame
     */
    public static void write(Tensor latents, int frame, Tensor values) {
        if (latents.requiresGradient()) {
            throw new IllegalStateException("latent injection: writing in place into latents that need a gradient would"
                    + " lose it; detach or copy them first");
        }
        Tensor target = latents.select(2, frame);
        long volume = volume(target);
        long samples = latents.size(0);
        Tensor flat = values.reshape(values.size(0), -1);
        long n = flat.size(1);
        if (flat.size(0) != samples || n == 0 || n > volume) {
            throw new ShapeException("latent injection: values " + values.shape() + " for " + samples
                    + " samples of frames " + target.shape().slice(1, 4) + "; expected " + samples
                    + " rows of 1 to " + volume + " numbers");
        }
        long copies = volume / n;
        Tensor tiled = flat.unsqueeze(1).expand(samples, copies, n).reshape(samples, copies * n);
        Tensor filled = Tensor.cat(1, tiled, flat.narrow(1, 0, volume - copies * n));
        target.copyFrom(filled.reshape(target.shape()));
    }

    /**
     * Reads a vector back: the mean over its full copies.
     *
     * @param latents (B, C, T, H, W)
     * @param frame index in [0, T), or negative from the end
     * @param shape sizes of the vector, such as (K, A)
     * @return (B, shape)
     */
    public static Tensor read(Tensor latents, int frame, long... shape) {
        Tensor source = latents.select(2, frame);
        long samples = latents.size(0);
        long n = Shape.of(shape).numel();
        long copies = n == 0 ? 0 : volume(source) / n;
        if (copies == 0) {
            throw new ShapeException("latent injection: a frame of " + source.shape().slice(1, 4)
                    + " does not hold a vector of " + n + " numbers");
        }
        Tensor flat = source.reshape(samples, -1).narrow(1, 0, copies * n);
        return flat.reshape(samples, copies, n).mean(1).reshape(Shape.of(samples).append(shape));
    }

    /**
     * Reads a number back: the mean of the whole frame.
     *
     * @param latents (B, C, T, H, W)
     * @param frame index in [0, T), or negative from the end
     * @return (B)
     */
    public static Tensor readScalar(Tensor latents, int frame) {
        return read(latents, frame, 1).reshape(latents.size(0));
    }

    /**
     * The probability of success that a normalised value stands for.
     *
     * @param value nominally in [-1, 1]
     * @return {@code (value + 1) / 2} limited to [0, 1]; NaN stays NaN
     */
    public static double unitValue(double value) {
        return Math.clamp((value + 1) / 2, 0, 1);
    }

    /**
     * Overwrites frames with those of other latents, in place.
     *
     * @param latents (B, C, T, H, W), changed; must not need a gradient
     * @param frames indices in [0, T)
     * @param source (B or 1, C, T, H, W)
     */
    public static void restore(Tensor latents, int[] frames, Tensor source) {
        for (int frame : frames) {
            Tensor target = latents.select(2, frame);
            target.copyFrom(source.select(2, frame).expand(target.shape().toArray()));
        }
    }

    private static long volume(Tensor frame) {
        return frame.shape().slice(1, 4).numel();
    }
}
