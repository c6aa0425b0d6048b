package org.cosmosj.libero.demo;

import org.cosmosj.nn.Trainer;
import org.cosmosj.nn.Weights;
import org.cosmosj.policy.CosmosDiT;
import org.cosmosj.policy.CosmosPolicyConfig;
import org.cosmosj.policy.PolicyObjective;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Rng;

/** Trains one policy, sighted or blind, jointly on actions, future states and values. */
final class PolicyStage {
    /** Stream keys under the demo's seed; sighted and blind share them, so that only the pictures differ. */
    private static final long NETWORK = 3;
    private static final long BATCHES = 4;
    private static final long NOISE = 5;

    private final DemoSettings settings;

    PolicyStage(DemoSettings settings) {
        this.settings = settings;
    }

    /**
     * A trained policy.
     *
     * @param policy with the averaged weights
     * @param history of the training
     * @param parameters trained numbers
     */
    record Result(LatentPolicy policy, TrainingLoop.History history, long parameters) {}

    /** The network belongs to the current scope. */
    Result run(TrainingSet data, PictureCodec codec, Vision vision, TrainingLoop loop) {
        CosmosPolicyConfig config = settings.policy().config();
        Rng rng = Rng.seeded(settings.seed());
        Weights weights = Weights.random(rng.stream(NETWORK), DType.F32);
        CosmosDiT network = new CosmosDiT(config.net(), weights);
        PolicyObjective objective = new PolicyObjective(config, network::forward);
        Trainer trainer = new Trainer(weights.parameters(), settings.policyTraining());
        TrainingLoop.History history = loop.run(trainer, settings.policy().steps(), step -> objective
                .loss(data.batch(settings.policy().batch(), rng.stream(BATCHES, step)), rng.stream(NOISE, step))
                .loss());
        trainer.average().swap();
        LatentPolicy policy = new LatentPolicy(config, network, codec, data.statistics(), vision,
                settings.evaluation().samplingSteps());
        long count = weights.parameters().stream().mapToLong(p -> p.value().shape().numel()).sum();
        return new Result(policy, history, count);
    }
}
