package org.cosmosj.policy;

import org.cosmosj.diffusion.Denoiser;
import org.cosmosj.diffusion.Preconditioning;
import org.cosmosj.policy.DiffusionConfig.GivenFrames;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;

/**
 * The preconditioned network under given frames: they replace the scaled noisy frames at its input, clean and with time
 * 0, and they replace its estimate at the output. Source: spec 03 section 3.
 */
public final class PolicyDenoiser implements Denoiser {
    private final LatentNetwork network;
    private final DiffusionConfig config;
    private final Conditioning given;
    private final Tensor free;

    /**
     * Makes a denoiser for one batch.
     *
     * @param network the network
     * @param config preconditioning and treatment of given frames
     * @param given frames, mask and text of the batch; must stay open as long as this is used
     */
    public PolicyDenoiser(LatentNetwork network, DiffusionConfig config, Conditioning given) {
        this.network = network;
        this.config = config;
        this.given = given;
        this.free = given.mask().mul(-1).add(1);
    }

    /**
     * Estimates the clean latents; differentiable in the network's parameters.
     *
     * @param xt noisy latents, (B, C, T, H, W), F32
     * @param sigma noise level per sample, (B)
     * @return the estimate, shape of {@code xt}
     */
    @Override
    public Tensor denoise(Tensor xt, Tensor sigma) {
        Preconditioning scaling = config.preconditioning();
        Tensor level = sigma.reshape(sigma.size(0), 1, 1, 1, 1);
        Tensor x = paste(given.frames().mul(1 / config.sigmaData()), xt.mul(scaling.cIn(level)));
        Tensor f = network
                .forward(new DiTInput(x, timesteps(sigma), given.text(), given.mask(), given.paddingMask()));
        Tensor x0 = xt.mul(scaling.cSkip(level)).add(f.mul(scaling.cOut(level)));
        return config.givenFrames() == GivenFrames.REPLACED ? paste(given.frames(), x0) : x0;
    }

    private Tensor paste(Tensor clean, Tensor generated) {
        return clean.mul(given.mask()).add(generated.mul(free));
    }

    /** Time per frame, (B, T): that of sigma in generated frames, that of sigmaConditional in given ones. */
    private Tensor timesteps(Tensor sigma) {
        Shape mask = given.mask().shape();
        Tensor area = Tensor.full(mask.size(3) * mask.size(4), sigma.dtype(), Shape.of(1, 1));
        Tensor isGiven = given.mask().reshape(mask.size(0), mask.size(2), -1).sum(2).div(area);
        Tensor clean = Tensor.full(config.sigmaConditional(), sigma.dtype(), Shape.of(1, 1));
        Tensor time = config.preconditioning().cNoise(sigma.unsqueeze(1));
        return config.preconditioning().cNoise(clean).mul(isGiven).add(time.mul(isGiven.mul(-1).add(1)));
    }
}
