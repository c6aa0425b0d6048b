package org.cosmosj.policy;

import org.cosmosj.diffusion.DiffusionLoss.Reduction;
import org.cosmosj.diffusion.Preconditioning;
import org.cosmosj.diffusion.SigmaDistribution;

/**
 * How a policy adds noise, is preconditioned and is trained to remove it. Source: spec 03 sections 1 to 5.
 *
 * @param preconditioning rectified flow in all released models
 * @param sigmaData scale of clean latents, above 0; given frames are divided by it
 * @param sigmaConditional noise level that the network is told of given frames
 * @param givenFrames what the estimate holds in given frames
 * @param sigma distribution of training noise levels
 * @param sigmaScaling whether training noise grows with the number of frames
 * @param lossScale factor of the loss
 * @param lossReduction how elements are joined
 */
public record DiffusionConfig(Preconditioning preconditioning, double sigmaData, double sigmaConditional,
        GivenFrames givenFrames, SigmaDistribution sigma, SigmaScaling sigmaScaling, double lossScale,
        Reduction lossReduction) {
    /** What the estimate of the clean latents holds in frames that were given. */
    public enum GivenFrames {
        /** The given frames themselves. */
        REPLACED,
        /** What the network makes of them. */
        ESTIMATED
    }

    /** Whether training noise depends on the number of latent frames. */
    public enum SigmaScaling {
        /** Multiplied by {@code sqrt(T)}; sampling is not changed. */
        SQRT_FRAMES,
        /** As drawn. */
        NONE
    }

    /** All released policies: 70 % log-normal around 4, 30 % uniform up to 85, times the root of the frame count. */
    public static final DiffusionConfig RELEASED = new DiffusionConfig(new Preconditioning.RectifiedFlow(1), 1, 0,
            GivenFrames.REPLACED,
            new SigmaDistribution.Hybrid(new SigmaDistribution.LogNormal(Math.log(4), 1.2), 0.7, 1, 85),
            SigmaScaling.SQRT_FRAMES, 10, Reduction.MEAN);

    /** Checks the scale. */
    public DiffusionConfig {
        if (!(sigmaData > 0)) {
            throw new IllegalArgumentException("diffusion: sigma_data " + sigmaData + " must be above 0");
        }
        if (preconditioning instanceof Preconditioning.RectifiedFlow && sigmaData != 1) {
            throw new IllegalArgumentException("diffusion: rectified flow takes latents of unit variance, sigma_data "
                    + sigmaData + " must be 1");
        }
    }

    /**
     * Reads the reference's keys; the distribution of noise levels is the released one unless {@code sde} names
     * another.
     *
     * @param json fields such as {@code scaling} and {@code loss_scale}
     * @return the configuration
     * @throws IllegalArgumentException if a field is missing, wrong or asks for what this version does not have
     */
    public static DiffusionConfig of(JsonFields json) {
        json.expect("high_sigma_strategy", "none");
        json.expect("conditioning_strategy", "frame_replace");
        double sigmaData = json.number("sigma_data");
        return new DiffusionConfig(preconditioning(json, sigmaData), sigmaData, json.number("sigma_conditional"),
                json.flag("denoise_replace_gt_frames") ? GivenFrames.REPLACED : GivenFrames.ESTIMATED,
                json.has("sde") ? sigma(json.object("sde")) : RELEASED.sigma,
                json.flag("adjust_video_noise") ? SigmaScaling.SQRT_FRAMES : SigmaScaling.NONE,
                json.number("loss_scale"), reduction(json));
    }

    private static Preconditioning preconditioning(JsonFields json, double sigmaData) {
        return switch (json.text("scaling")) {
            case "rectified_flow" ->
                new Preconditioning.RectifiedFlow(json.number("rectified_flow_t_scaling_factor", 1));
            case "edm" -> new Preconditioning.Edm(sigmaData);
            default -> throw new IllegalArgumentException(json + ": scaling " + json.text("scaling")
                    + " is unknown; use rectified_flow or edm");
        };
    }

    private static Reduction reduction(JsonFields json) {
        return switch (json.text("loss_reduce")) {
            case "mean" -> Reduction.MEAN;
            case "sum" -> Reduction.SUM;
            default -> throw new IllegalArgumentException(json + ": loss_reduce " + json.text("loss_reduce")
                    + " is unknown; use mean or sum");
        };
    }

    /**
     * Reads a distribution of noise levels under the reference's names.
     *
     * @param json {@code p_mean}, {@code p_std} and, for the mixture, {@code uniform_lower}, {@code uniform_upper} and
     *     {@code lognormal_probability}; the mixture is off if {@code hybrid_sigma_distribution} is false
     * @return the distribution
     */
    public static SigmaDistribution sigma(JsonFields json) {
        SigmaDistribution.LogNormal logNormal =
                new SigmaDistribution.LogNormal(json.number("p_mean"), json.number("p_std"));
        if (json.has("hybrid_sigma_distribution") && !json.flag("hybrid_sigma_distribution")) {
            return logNormal;
        }
        return new SigmaDistribution.Hybrid(logNormal, json.number("lognormal_probability", 0.7),
                json.number("uniform_lower"), json.number("uniform_upper"));
    }

    /**
     * Factor of the drawn noise levels.
     *
     * @param frames T
     * @return {@code sqrt(T)} or 1
     */
    public double sigmaMultiplier(int frames) {
        return sigmaScaling == SigmaScaling.SQRT_FRAMES ? Math.sqrt(frames) : 1;
    }
}
