package org.cosmosj.libero.demo;

import java.util.ArrayList;
import java.util.List;
import org.cosmosj.libero.data.Demonstration;
import org.cosmosj.libero.data.DemonstrationCollector;
import org.cosmosj.nn.Trainer;
import org.cosmosj.nn.Weights;
import org.cosmosj.policy.CosmosDiT;
import org.cosmosj.policy.HashedWordEncoder;
import org.cosmosj.policy.PolicyObjective;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.cosmosj.vae.LatentStatistics;
import org.cosmosj.vae.WanVae;

/**
 * Turns minutes into step counts, once: times some steps of both trainings on throw-away networks. The counts, not the
 * minutes, decide the result, so they are printed for repeating the run.
 */
public final class Calibration {
    private static final int WARM_UP = 30;
    private static final int TIMED = 30;
    /** Of the time for training: the tokenizer's, then that of each of the two policies. */
    private static final double TOKENIZER_SHARE = 0.2;
    private static final double POLICY_SHARE = 0.4;
    /** Of all time: what demonstrations, latents and judging leave for training. */
    private static final double TRAINING_SHARE = 0.75;
    private static final int EPISODES = 4;

    private Calibration() {}

    /**
     * The settings with as many steps as fit.
     *
     * @param settings sizes of the networks and batches
     * @param minutes for the whole demo
     * @param device where networks run
     * @return the settings with other step counts
     */
    public static DemoSettings fit(DemoSettings settings, double minutes, Device device) {
        double seconds = 60 * minutes * TRAINING_SHARE;
        try (Scope _ = Scope.open(device, "calibration")) {
            List<Demonstration> some = new ArrayList<>(
                    DemonstrationCollector.ofExpert(settings.tasks().getFirst(), settings.tabletop())
                            .collect(DemonstrationCollector.Plan.recipe(EPISODES, settings.seed()), 1, _ -> {}));
            WanVae vae = new WanVae(Weights.random(Rng.seeded(0), DType.F32), settings.tokenizer().config(),
                    LatentStatistics.identity(settings.tokenizer().config().zDim()));
            int tokenizerSteps = (int) (seconds * TOKENIZER_SHARE / tokenizerStep(settings, some));
            int policySteps = (int) (seconds * POLICY_SHARE / policyStep(settings, some, vae));
            return settings.withSteps(Math.max(2, tokenizerSteps), Math.max(2, policySteps));
        }
    }

    private static double tokenizerStep(DemoSettings settings, List<Demonstration> some) {
        Weights weights = Weights.random(Rng.seeded(0), DType.F32);
        WanVae vae = new WanVae(weights, settings.tokenizer().config(),
                LatentStatistics.identity(settings.tokenizer().config().zDim()));
        TokenizerObjective objective =
                new TokenizerObjective(some, settings.tokenizer().objective(), settings.tokenizer().changedWeight());
        return secondsPerStep(new Trainer(weights.parameters(), settings.tokenizerTraining()),
                step -> objective.loss(vae, settings.tokenizer().batch(), Rng.seeded(step)));
    }

    private static double policyStep(DemoSettings settings, List<Demonstration> some, WanVae vae) {
        var config = settings.policy().config();
        Weights weights = Weights.random(Rng.seeded(0), DType.F32);
        CosmosDiT network = new CosmosDiT(config.net(), weights);
        PolicyObjective objective = new PolicyObjective(config, network::forward);
        HashedWordEncoder words = new HashedWordEncoder(config.sizes().text(), config.net().crossattnEmbChannels());
        TrainingSet data = new TrainingSet(some, config, new PictureCodec(vae, config.sizes().image()), words,
                Vision.SIGHTED, _ -> {});
        return secondsPerStep(new Trainer(weights.parameters(), settings.policyTraining()), step -> objective
                .loss(data.batch(settings.policy().batch(), Rng.seeded(step)), Rng.seeded(~step)).loss());
    }

    private static double secondsPerStep(Trainer trainer, Trainer.Objective objective) {
        for (int i = 0; i < WARM_UP; i++) {
            trainer.step(objective);
        }
        long start = System.nanoTime();
        for (int i = 0; i < TIMED; i++) {
            trainer.step(objective);
        }
        return (System.nanoTime() - start) / 1e9 / TIMED;
    }
}
