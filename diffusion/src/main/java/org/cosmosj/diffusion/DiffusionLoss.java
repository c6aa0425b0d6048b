package org.cosmosj.diffusion;

import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.ElementwiseKernels.Unary;

/**
 * The denoising objective {@code scale * reduce(lambda(sigma) f (D(x) - x0)^2)} with a factor f per frame. Source:
 * Karras et al. 2022, eq. 8; spec 03 section 5.
 *
 * @param preconditioning gives {@code lambda}
 * @param scale factor of the reduced loss; 10 in the released models
 * @param reduction how elements are joined
 */
public record DiffusionLoss(Preconditioning preconditioning, double scale, Reduction reduction) {
    /** How the weighted squared errors become a scalar. */
    public enum Reduction {
        /** Mean over all elements; frames with factor 0 stay in the denominator. */
        MEAN,
        /** Sum over channels, mean over the rest. */
        SUM
    }

    /**
     * Adds noise: {@code x = x0 + sigma eps}.
     *
     * @param x0 clean signal, (B, ..)
     * @param noise standard normal, shape of x0
     * @param sigma noise levels, (B)
     * @return the noisy signal
     */
    public static Tensor noised(Tensor x0, Tensor noise, Tensor sigma) {
        return x0.add(noise.mul(perSample(sigma, x0)));
    }

    /**
     * The noise an estimate implies: {@code (x - x0) / sigma}.
     *
     * @param x noisy signal, (B, ..)
     * @param x0 estimate of the clean signal, shape of x
     * @param sigma noise levels, (B)
     * @return the implied noise
     */
    public static Tensor impliedNoise(Tensor x, Tensor x0, Tensor sigma) {
        return x.sub(x0).div(perSample(sigma, x));
    }

    /**
     * The loss; differentiable in the estimate.
     *
     * @param estimate {@code D(x, sigma)}, (B, C, T, ..)
     * @param x0 clean signal, same shape
     * @param sigma noise levels, (B)
     * @param frameFactors factor per frame, (B, T)
     * @return a scalar
     */
    public Tensor loss(Tensor estimate, Tensor x0, Tensor sigma, Tensor frameFactors) {
        Tensor weights = frameFactors.mul(preconditioning.lossWeight(sigma).unsqueeze(1));
        double count = x0.shape().numel();
        double share = reduction == Reduction.MEAN ? 1 / count : x0.size(1) / count;
        return Functional.weightedSquaredError(estimate, x0, weights, scale * share);
    }

    /**
     * Mean weighted squared error of each frame, unscaled; for logs, so not differentiable.
     *
     * @param estimate {@code D(x, sigma)}, (B, C, T, ..)
     * @param x0 clean signal, same shape
     * @param sigma noise levels, (B)
     * @return (B, T)
     */
    public Tensor perFrame(Tensor estimate, Tensor x0, Tensor sigma) {
        Shape shape = x0.shape();
        Tensor error = estimate.detach().sub(x0).map(Unary.SQUARE);
        Tensor frames = error.reshape(shape.size(0), shape.size(1), shape.size(2), -1).mean(3).mean(1);
        return frames.mul(preconditioning.lossWeight(sigma).unsqueeze(1));
    }

    private static Tensor perSample(Tensor sigma, Tensor like) {
        long[] sizes = new long[like.shape().rank()];
        java.util.Arrays.fill(sizes, 1);
        sizes[0] = sigma.size(0);
        return sigma.reshape(sizes);
    }
}
