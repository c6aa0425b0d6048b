package org.cosmosj.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cosmosj.diffusion.DiffusionLoss;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.ElementwiseKernels.Unary;

/**
 * The loss of a batch and the tensors it came from.
 *
 * @param loss scalar, differentiable
 * @param objective how errors became the loss
 * @param given clean latents, mask and text; its frames are the target of all frames
 * @param sigma noise levels used, (B)
 * @param xt noisy latents, (B, C, T, H, W)
 * @param estimate the network's estimate of the clean latents, (B, C, T, H, W)
 * @param frameFactors factor of each frame's loss, (B, T)
 */
public record PolicyLoss(Tensor loss, DiffusionLoss objective, Conditioning given, Tensor sigma, Tensor xt,
        Tensor estimate, Tensor frameFactors) {
    /** What is logged of each kind of sample, in this order. */
    private static final Map<SampleKind, String> PREFIXES = Map.of(SampleKind.DEMO, "demo_sample_",
            SampleKind.WORLD_MODEL, "world_model_sample_", SampleKind.VALUE, "value_function_sample_");

    /**
     * The target.
     *
     * @return clean latents, (B, C, T, H, W)
     */
    public Tensor x0() {
        return given.frames();
    }

    /**
     * Mean weighted squared error per frame before masks.
     *
     * @return (B, T)
     */
    public Tensor frameErrors() {
        return objective.perFrame(estimate, x0(), sigma);
    }

    /**
     * The terms that the reference logs; they have no effect on gradients. For each kind of sample and each frame that
     * it generates the mean squared and absolute error in latent units, NaN if the batch has no such sample.
     *
     * @param layout the frames
     * @param kinds what each sample teaches
     * @return values by the reference's names, such as {@code demo_sample_action_l1_loss}
     */
    public Map<String, Double> terms(LatentLayout layout, List<SampleKind> kinds) {
        try (Scope _ = Scope.inner("loss terms")) {
            Tensor error = estimate.detach().sub(x0());
            double[] squared = perFrame(error.map(Unary.SQUARE));
            double[] absolute = perFrame(error.map(Unary.ABS));
            Map<String, Double> terms = new LinkedHashMap<>();
            terms.put("mse_loss", mean(squared));
            terms.put("edm_loss", mean(frameErrors().toDoubleArray()));
            for (SampleKind kind : SampleKind.values()) {
                for (int t = 0; t < layout.size(); t++) {
                    FrameRole role = layout.roles().get(t);
                    if (isLogged(kind, role)) {
                        String name = PREFIXES.get(kind) + name(role);
                        terms.put(name + "_mse_loss", mean(squared, layout.size(), t, kind, kinds));
                        terms.put(name + "_l1_loss", mean(absolute, layout.size(), t, kind, kinds));
                    }
                }
            }
            return terms;
        }
    }

    private static boolean isLogged(SampleKind kind, FrameRole role) {
        return switch (kind) {
            case DEMO -> role == FrameRole.ACTION || role.isFuture() || role == FrameRole.VALUE;
            case WORLD_MODEL -> role.isFuture() || role == FrameRole.VALUE;
            case VALUE -> role == FrameRole.VALUE;
        };
    }

    private static String name(FrameRole role) {
        return switch (role) {
            case ACTION -> "action";
            case FUTURE_PROPRIO -> "future_proprio";
            case FUTURE_WRIST -> "future_wrist_image";
            case FUTURE_WRIST2 -> "future_wrist_image2";
            case FUTURE_PRIMARY -> "future_image";
            case FUTURE_SECONDARY -> "future_image2";
            case VALUE -> "value";
            default -> throw new IllegalArgumentException("loss terms: " + role + " is never generated");
        };
    }

    /** (B, C, T, H, W) to B x T means. */
    private static double[] perFrame(Tensor values) {
        Shape shape = values.shape();
        return values.reshape(shape.size(0), shape.size(1), shape.size(2), -1).mean(3).mean(1).toDoubleArray();
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private static double mean(double[] frames, int count, int t, SampleKind kind, List<SampleKind> kinds) {
        double sum = 0;
        int samples = 0;
        for (int b = 0; b < kinds.size(); b++) {
            if (kinds.get(b) == kind) {
                sum += frames[b * count + t];
                samples++;
            }
        }
        return samples == 0 ? Double.NaN : sum / samples;
    }
}
