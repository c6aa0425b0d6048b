package org.cosmosj.libero.examples;

import java.util.List;
import org.cosmosj.libero.data.Demonstration;
import org.cosmosj.libero.data.DemonstrationCollector;
import org.cosmosj.libero.demo.BatchedRollouts;
import org.cosmosj.libero.demo.DemoSettings;
import org.cosmosj.libero.demo.LatentPolicy;
import org.cosmosj.libero.demo.PictureCodec;
import org.cosmosj.libero.demo.TokenizerObjective;
import org.cosmosj.libero.demo.TrainingSet;
import org.cosmosj.libero.demo.Vision;
import org.cosmosj.libero.tabletop.TabletopSettings;
import org.cosmosj.libero.tabletop.TabletopTask;
import org.cosmosj.nn.Trainer;
import org.cosmosj.nn.Weights;
import org.cosmosj.policy.CosmosDiT;
import org.cosmosj.policy.CosmosPolicyConfig;
import org.cosmosj.policy.HashedWordEncoder;
import org.cosmosj.policy.PolicyObjective;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.cosmosj.vae.LatentStatistics;
import org.cosmosj.vae.WanVae;

/** The demo from Java: demonstrations, tokenizer, policy, success on starts never trained on. */
public final class TrainTabletop {
    private TrainTabletop() {}

    /**
     * Trains with the demo's full settings, or with the number of steps given.
     *
     * @param args training steps of tokenizer and policy, or nothing
     */
    public static void main(String[] args) {
        DemoSettings full = DemoSettings.full(List.of(TabletopTask.BLOCK_IN_BASKET), 1);
        DemoSettings settings = args.length < 2
                ? full
                : full.withSteps(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
        CosmosPolicyConfig config = settings.policy().config();
        TabletopTask task = settings.tasks().getFirst();
        TabletopSettings tabletop = TabletopSettings.withImages(config.sizes().image());
        Rng rng = Rng.seeded(settings.seed());
        List<Demonstration> demonstrations = DemonstrationCollector.ofExpert(task, tabletop)
                .collect(DemonstrationCollector.Plan.recipe(settings.demonstrations(), settings.seed()), 2, _ -> {});

        try (Scope _ = Scope.open(Device.cpu(), "train tabletop")) {
            Weights vaeWeights = Weights.random(rng.stream(1), DType.F32);
            WanVae vae = new WanVae(vaeWeights, config.vae(), LatentStatistics.identity(config.vae().zDim()));
            TokenizerObjective reconstruction = new TokenizerObjective(demonstrations,
                    settings.tokenizer().objective(), settings.tokenizer().changedWeight());
            Trainer tokenizer = new Trainer(vaeWeights.parameters(), settings.tokenizerTraining());
            while (tokenizer.steps() < settings.tokenizer().steps()) {
                tokenizer.step(step -> reconstruction.loss(vae, settings.tokenizer().batch(), rng.stream(2, step)));
            }
            tokenizer.average().swap();
            PictureCodec codec = PictureCodec.measured(vae, demonstrations);

            Weights weights = Weights.random(rng.stream(3), DType.F32);
            CosmosDiT network = new CosmosDiT(config.net(), weights);
            PolicyObjective objective = new PolicyObjective(config, network::forward);
            HashedWordEncoder words = new HashedWordEncoder(config.sizes().text(), config.net().crossattnEmbChannels());
            TrainingSet data = new TrainingSet(demonstrations, config, codec, words, Vision.SIGHTED, _ -> {});
            Trainer trainer = new Trainer(weights.parameters(), settings.policyTraining());
            while (trainer.steps() < settings.policy().steps()) {
                trainer.step(step -> objective
                        .loss(data.batch(settings.policy().batch(), rng.stream(4, step)), rng.stream(5, step)).loss());
            }
            trainer.average().swap();

            LatentPolicy policy = new LatentPolicy(config, network, codec, data.statistics(), Vision.SIGHTED, 5);
            var rollouts = new BatchedRollouts(task, tabletop, new BatchedRollouts.Protocol(4, 1, 50, 1))
                    .run(policy, settings.evaluation().episodes(), DemoSettings.HELD_OUT_SERIES, _ -> {});
            System.out.println(rollouts.stream().filter(rollout -> rollout.outcome().success()).count() + " of "
                    + rollouts.size() + " held-out episodes succeeded");
        }
    }
}
