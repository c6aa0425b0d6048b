package org.cosmosj.vae;

import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.ShapeException;
import org.cosmosj.tensor.Tensor;

/**
 * The loss a tokenizer is trained from scratch with: that of a variational autoencoder whose posterior has a fixed
 * standard deviation s, so the log-variance half of the encoder stays unused, as it does in inference:
 * {@code mean(w (decode(mu + s eps) - x)^2) + klWeight mean(mu^2) / 2}.
 *
 * @param posteriorStd s, in units of raw latents, at least 0; makes nearby latents decode alike
 * @param klWeight weight of the KL divergence to a unit normal, at least 0; keeps latents near unit scale
 */
public record ReconstructionObjective(double posteriorStd, double klWeight) {
    /** Checks ranges. */
    public ReconstructionObjective {
        if (!(posteriorStd >= 0) || !(klWeight >= 0)) {
            throw new IllegalArgumentException("ReconstructionObjective: posteriorStd " + posteriorStd
                    + " and klWeight " + klWeight + " must be at least 0");
        }
    }

    /**
     * The loss of one batch; record it under a tape to train.
     *
     * @param vae the network; its statistics are ignored
     * @param video (B, 3, T, H, W) in [-1, 1]
     * @param pixelWeight w, a shape that broadcasts to the video's, mean about 1
     * @param rng draws eps
     * @return a scalar
     */
    public Tensor loss(WanVae vae, Tensor video, Tensor pixelWeight, Rng rng) {
        if (!pixelWeight.shape().broadcast(video.shape()).equals(video.shape())) {
            throw new ShapeException("ReconstructionObjective: pixelWeight " + pixelWeight.shape()
                    + " does not broadcast to the video " + video.shape());
        }
        WanVae raw = vae.withStatistics(LatentStatistics.identity(vae.config().zDim()));
        Tensor mu = raw.encode(video);
        Tensor noise = Tensor.randn(rng, DType.F32, mu.shape()).to(mu.dtype());
        Tensor error = raw.decode(mu.add(noise.mul(posteriorStd))).sub(video);
        Tensor reconstruction = error.mul(error).mul(pixelWeight).mean();
        return reconstruction.add(mu.mul(mu).mean().mul(klWeight / 2));
    }

    /**
     * Peak signal-to-noise ratio of pixels in [-1, 1]: {@code 10 log10(4 / mse)}.
     *
     * @param meanSquaredError mean squared error on the scale [-1, 1]
     * @return decibels
     */
    public static double psnr(double meanSquaredError) {
        return 10 * Math.log10(4 / meanSquaredError);
    }
}
