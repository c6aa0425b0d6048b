package org.cosmosj.policy;

import org.cosmosj.diffusion.DiffusionLoss;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Tensor;

/**
 * The joint objective: one denoising loss that trains policy, world model and value function, told apart only by which
 * frames are given. Source: spec 04 sections 3 to 7 and 18.
 */
public final class PolicyObjective {
    private final CosmosPolicyConfig config;
    private final LatentNetwork network;
    private final DiffusionLoss loss;

    /**
     * Makes the objective.
     *
     * @param config layout, diffusion and flags
     * @param network the network in training
     */
    public PolicyObjective(CosmosPolicyConfig config, LatentNetwork network) {
        DiffusionConfig diffusion = config.diffusion();
        this.config = config;
        this.network = network;
        this.loss = new DiffusionLoss(diffusion.preconditioning(), diffusion.lossScale(), diffusion.lossReduction());
    }

    /**
     * The loss of a batch with noise from a random stream.
     *
     * @param batch the samples
     * @param rng the stream of this step; noise and noise levels come from two streams under it
     * @return the loss and what led to it
     */
    public PolicyLoss loss(PolicyBatch batch, Rng rng) {
        Tensor noise = Tensor.randn(rng.stream(0), DType.F32, batch.latents().shape());
        Tensor sigma = config.diffusion().sigma().sample(rng.stream(1), batch.size());
        return loss(batch, sigma, noise);
    }

    /**
     * The loss of a batch with given noise.
     *
     * @param batch the samples
     * @param drawnSigma noise levels as drawn, before they are scaled by the number of frames, (B)
     * @param noise standard normal, shape of the latents
     * @return the loss and what led to it
     */
    public PolicyLoss loss(PolicyBatch batch, Tensor drawnSigma, Tensor noise) {
        PolicyBatch inputs = batch.rounded(config.inputRounding());
        Tensor x0 = cleanLatents(inputs);
        Tensor mask = ConditioningMask.training(config.layout(), batch.kinds(), config.objective())
                .tensor(x0.size(3), x0.size(4));
        Conditioning given = Conditioning.unpadded(x0, mask, inputs.text());
        Tensor sigma = drawnSigma.mul(config.diffusion().sigmaMultiplier(config.layout().size()));
        Tensor xt = DiffusionLoss.noised(x0, noise, sigma);
        Tensor estimate = new PolicyDenoiser(network, config.diffusion(), given).denoise(xt, sigma);
        Tensor factors = LossMask.of(config.layout(), batch.kinds(), config.objective());
        return new PolicyLoss(loss.loss(estimate, x0, sigma, factors), loss, given, sigma, xt, estimate, factors);
    }

    /** Target and given frames in one: the latents with action, proprioception and value written into them. */
    private Tensor cleanLatents(PolicyBatch batch) {
        LatentLayout layout = config.layout();
        Tensor x0 = batch.latents().copy();
        LatentInjection.write(x0, layout.index(FrameRole.ACTION), batch.actions());
        if (layout.has(FrameRole.CURRENT_PROPRIO)) {
            LatentInjection.write(x0, layout.index(FrameRole.CURRENT_PROPRIO), batch.proprio());
        }
        if (layout.has(FrameRole.FUTURE_PROPRIO)) {
            LatentInjection.write(x0, layout.index(FrameRole.FUTURE_PROPRIO), batch.futureProprio());
        }
        LatentInjection.write(x0, layout.index(FrameRole.VALUE), batch.values());
        return x0;
    }
}
