package org.cosmosj.libero.demo;

import java.util.List;
import org.cosmosj.libero.tabletop.TabletopSettings;
import org.cosmosj.libero.tabletop.TabletopTask;
import org.cosmosj.nn.AdamW;
import org.cosmosj.nn.ExponentialMovingAverage;
import org.cosmosj.nn.LearningRateSchedule;
import org.cosmosj.nn.LinearCycles;
import org.cosmosj.nn.Rounding;
import org.cosmosj.nn.Trainer;
import org.cosmosj.policy.CosmosDiTConfig;
import org.cosmosj.policy.CosmosPolicyConfig;
import org.cosmosj.policy.DiffusionConfig;
import org.cosmosj.policy.LatentLayout;
import org.cosmosj.policy.ObjectiveFlags;
import org.cosmosj.policy.SamplingConfig;
import org.cosmosj.policy.image.ImagePreparation;
import org.cosmosj.vae.ReconstructionObjective;
import org.cosmosj.vae.WanVaeConfig;

/**
 * Everything that decides a demo's numbers: the same settings give the same table on the same JDK and vector width.
 *
 * @param tasks what to learn, one policy for all
 * @param seed of demonstrations, networks, batches and noise; held-out starts have a series of their own
 * @param demonstrations episodes per task to learn from
 * @param heldOut further episodes per task that only measure the tokenizer
 * @param tokenizer how the tokenizer is trained
 * @param policy how the policy is trained
 * @param evaluation how policies are judged
 */
public record DemoSettings(List<TabletopTask> tasks, long seed, int demonstrations, int heldOut, Tokenizer tokenizer,
        Policy policy, Evaluation evaluation) {
    /** Seed of the held-out starts; demonstrations never use it. */
    public static final long HELD_OUT_SERIES = 1_000_003;

    /**
     * The tokenizer's training.
     *
     * @param config sizes
     * @param steps optimiser steps
     * @param batch pictures per step
     * @param learningRate peak learning rate
     * @param objective the loss
     * @param changedWeight weight of pixels that differ from the camera's mean picture
     */
    public record Tokenizer(WanVaeConfig config, int steps, int batch, double learningRate,
            ReconstructionObjective objective, double changedWeight) {}

    /**
     * The policy's training.
     *
     * @param config layout, sizes, diffusion
     * @param steps optimiser steps
     * @param batch samples per step
     * @param learningRate peak learning rate
     */
    public record Policy(CosmosPolicyConfig config, int steps, int batch, double learningRate) {}

    /**
     * The judging.
     *
     * @param episodes held-out starts per row of the table and task
     * @param samplingSteps denoising steps per query
     * @param candidates of best-of-N
     * @param together environments in one batch
     */
    public record Evaluation(int episodes, int samplingSteps, int candidates, int together) {}

    /** Checks that there is something to do. */
    public DemoSettings {
        tasks = List.copyOf(tasks);
        if (tasks.isEmpty() || demonstrations < 1 || heldOut < 1 || tokenizer.steps() < 1 || policy.steps() < 1
                || evaluation.episodes() < 1) {
            throw new IllegalArgumentException("demo: " + tasks.size() + " tasks, " + demonstrations + " + " + heldOut
                    + " demonstrations, " + tokenizer.steps() + " and " + policy.steps() + " steps, "
                    + evaluation.episodes() + " episodes; all must be at least 1");
        }
        if (seed == HELD_OUT_SERIES) {
            throw new IllegalArgumentException(
                    "demo: seed " + seed + " is that of the held-out starts; choose another");
        }
    }

    /**
     * The settings behind the README's numbers; several tasks share one policy that is trained longer.
     *
     * @param tasks what to learn
     * @param seed any but {@link #HELD_OUT_SERIES}
     * @return the settings
     */
    public static DemoSettings full(List<TabletopTask> tasks, long seed) {
        WanVaeConfig vae = new WanVaeConfig(12, 16, List.of(1, 2, 4, 4), 1, List.of(false, true, true), 16);
        return new DemoSettings(tasks, seed, 1300, 100,
                new Tokenizer(vae, 350 * (1 + tasks.size()), 32, 2e-3, new ReconstructionObjective(0.05, 1e-4), 5),
                new Policy(policy(vae, 128, 4, 4, 8), 9000 * tasks.size(), 16, 1e-3), new Evaluation(200, 5, 4, 50));
    }

    /**
     * Every stage at tiny sizes, to see in two minutes that all of them work; its policy has learned nothing useful.
     *
     * @param tasks what to learn
     * @param seed any but {@link #HELD_OUT_SERIES}
     * @return the settings
     */
    public static DemoSettings quick(List<TabletopTask> tasks, long seed) {
        WanVaeConfig vae = new WanVaeConfig(8, 8, List.of(1, 2, 2, 2), 1, List.of(false, true, true), 16);
        return new DemoSettings(tasks, seed, 12, 2,
                new Tokenizer(vae, 60, 8, 2e-3, new ReconstructionObjective(0.05, 1e-4), 5),
                new Policy(policy(vae, 48, 2, 4, 8), 80, 8, 1e-3), new Evaluation(4, 1, 2, 4));
    }

    private static CosmosPolicyConfig policy(WanVaeConfig vae, int width, int blocks, int heads, int chunk) {
        int textTokens = 8;
        int textWidth = 32;
        int rank = 32;
        CosmosDiTConfig released = CosmosDiTConfig.COSMOS_PREDICT2_2B;
        CosmosDiTConfig net = new CosmosDiTConfig(vae.zDim(), vae.zDim(), released.maxImgH(), released.maxImgW(),
                released.maxFrames(), released.patchSpatial(), width, blocks, heads, released.mlpRatio(), textWidth,
                rank, released.ropeHExtrapolationRatio(), released.ropeWExtrapolationRatio(),
                released.ropeTExtrapolationRatio(), Rounding.FLOAT32, released.timestepScale(), Rounding.FLOAT32,
                Rounding.FLOAT32);
        return new CosmosPolicyConfig(LatentLayout.LIBERO, net, vae, Rounding.FLOAT32,
                new CosmosPolicyConfig.Sizes(32, chunk, 7, 9, textTokens), DiffusionConfig.RELEASED,
                SamplingConfig.RELEASED, ObjectiveFlags.NONE.withActionLossMultiplier(10), ImagePreparation.Crop.NONE,
                Rounding.FLOAT32);
    }

    /**
     * The same with other training lengths.
     *
     * @param tokenizerSteps optimiser steps of the tokenizer
     * @param policySteps optimiser steps of each policy
     * @return the settings
     */
    public DemoSettings withSteps(int tokenizerSteps, int policySteps) {
        return new DemoSettings(tasks, seed, demonstrations, heldOut,
                new Tokenizer(tokenizer.config, tokenizerSteps, tokenizer.batch, tokenizer.learningRate,
                        tokenizer.objective, tokenizer.changedWeight),
                new Policy(policy.config, policySteps, policy.batch, policy.learningRate), evaluation);
    }

    /** The tabletop as all stages see it. */
    TabletopSettings tabletop() {
        return TabletopSettings.withImages(policy.config.sizes().image());
    }

    /**
     * How the tokenizer is optimised.
     *
     * @return learning rate, clipping and averaging
     */
    public Trainer.Config tokenizerTraining() {
        return training(tokenizer.steps, tokenizer.learningRate, 0.995);
    }

    /**
     * How the policy is optimised.
     *
     * @return learning rate, clipping and averaging
     */
    public Trainer.Config policyTraining() {
        return training(policy.steps, policy.learningRate, 0.998);
    }

    /** A short warm-up, constant to the middle, then linear to 2 %. */
    private static Trainer.Config training(int steps, double learningRate, double averageDecay) {
        long warmUp = Math.min(200, Math.max(1, steps / 10));
        long half = Math.max(warmUp + 1, steps / 2);
        LearningRateSchedule schedule =
                new LinearCycles(List.of(new LinearCycles.Cycle(half, warmUp, 1.0 / warmUp, 1, 1),
                        new LinearCycles.Cycle(Math.max(1, steps - half), 0, 1, 1, 0.02)));
        return new Trainer.Config(learningRate, schedule, new AdamW.Config(0.9, 0.95, 1e-8, 0.01), 1,
                ExponentialMovingAverage.Decay.constant(averageDecay));
    }
}
