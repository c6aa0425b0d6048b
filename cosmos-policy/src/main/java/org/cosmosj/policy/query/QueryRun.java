package org.cosmosj.policy.query;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.cosmosj.nn.Rounding;
import org.cosmosj.nn.Weights;
import org.cosmosj.policy.Camera;
import org.cosmosj.policy.CosmosDiT;
import org.cosmosj.policy.CosmosPolicy;
import org.cosmosj.policy.CosmosPolicyConfig;
import org.cosmosj.policy.EncodedFrames;
import org.cosmosj.policy.EncodedObservation;
import org.cosmosj.policy.NormalizationStatistics;
import org.cosmosj.policy.PolicyObservation;
import org.cosmosj.policy.QueryKind;
import org.cosmosj.policy.TextCache;
import org.cosmosj.policy.checkpoint.CosmosCheckpoint;
import org.cosmosj.policy.image.RgbImage;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.Checkpoint;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.TensorSource;
import org.cosmosj.vae.EncodedPrefix;
import org.cosmosj.vae.LatentStatistics;
import org.cosmosj.vae.WanVae;
import org.cosmosj.vae.WanVaeConfig;

/** A policy opened from files, and a query of it, stage by stage. What is opened belongs to the current scope. */
final class QueryRun {
    private final QuerySettings settings;
    private final StageClock clock;
    private final TextCache network;
    private final StepTimes steps;
    private final CosmosPolicy policy;

    /**
     * Opens the policy.
     *
     * @param settings how it will be asked
     * @param network checkpoint of the transformer
     * @param tokenizer checkpoint of the tokenizer
     * @param statistics of the training data
     * @param clock prints the stages
     * @throws CheckpointException if a checkpoint does not fit the configuration
     */
    QueryRun(QuerySettings settings, Checkpoint network, Checkpoint tokenizer, NormalizationStatistics statistics,
            StageClock clock) throws CheckpointException {
        this.settings = settings;
        this.clock = clock;
        CosmosPolicyConfig config = settings.config();
        // A policy that rounds its inputs was trained in bf16: the reference rounds wider weights on loading.
        TensorSource weights = CosmosCheckpoint.network(network, config.net(), config.inputRounding());
        this.network = clock.time("network opened", () -> new TextCache(CosmosDiT.loadInPlace(config.net(), weights)));
        TensorSource vaeWeights = CosmosCheckpoint.tokenizer(tokenizer, config.vae(), Rounding.FLOAT32);
        WanVae vae = clock.time("tokenizer opened", () -> vae(vaeWeights));
        this.steps = new StepTimes(this.network, clock, this::stepName);
        this.policy = new CosmosPolicy(settings.config(), steps, vae, statistics);
    }

    /** Encoding one latent frame at a time: bits are the same, and memory stays small. */
    private WanVae vae(TensorSource weights) {
        WanVaeConfig config = settings.config().vae();
        return new WanVae(Weights.inPlace(weights, DType.F32), config.withTemporalWindow(config.temporalFactor()),
                LatentStatistics.wan(config.zDim(), settings.config().latentStatistics()));
    }

    private String stepName(int index) {
        double[] sigmas = settings.config().sampling().sampler(settings.seed()).sigmas(settings.steps());
        int count = settings.config().sampling().sampler(settings.seed()).evaluations(settings.steps());
        return String.format(Locale.ROOT, "denoising step %d of %d at sigma %.2f", index + 1, count,
                sigmas[Math.min(index, sigmas.length - 1)]);
    }

    /**
     * Asks.
     *
     * @param observation pictures and joint state
     * @param text embedded instruction, (1, S, width)
     * @return what the policy says
     */
    QueryResult ask(PolicyObservation observation, Tensor text) {
        EncodedObservation now = encode(observation, text);
        trim();
        clock.time("keys and values of the text, once per instruction", () -> {
            network.prepare(now.text());
            return network;
        });
        Tensor generated = policy.generate(QueryKind.ACTION, now, now.latents(), new long[] {settings.seed()},
                settings.steps());
        network.close();
        trim();
        Map<Camera, RgbImage> pictures = settings.frames() == EncodedFrames.PRESENT
                ? Map.of()
                : clock.time("predicted pictures decoded",
                        () -> policy.readOut().futureImages(generated, now.latents()).getFirst());
        return new QueryResult(policy.readOut().actions(generated)[0], policy.readOut().values(generated)[0], pictures);
    }

    /** Tokenizer and transformer use tensors of different sizes: neither can take what the other has freed. */
    private static void trim() {
        Backends.of(Scope.current().device()).trim();
    }

    private EncodedObservation encode(PolicyObservation seen, Tensor text) {
        int all = settings.pixelFrames(settings.config().layout().size());
        int black = settings.pixelFrames(settings.config().layout().blackFrames());
        int needed = settings.pixelFrames(settings.frames().of(settings.config().layout()));
        EncodedPrefix start = clock.time(black + " black pixel frames encoded, once per policy", policy::encodeBlack);
        EncodedObservation now = clock.time(needed - black + " of " + all + " pixel frames encoded after them",
                () -> policy.observe(seen, text, settings.frames(), start));
        if (settings.encoding() == QuerySettings.Encoding.COMPARED) {
            Tensor fresh = clock.time(needed + " of " + all + " pixel frames encoded from the start",
                    () -> policy.observe(seen, text, settings.frames())).latents();
            Tensor whole = clock.time("all " + all + " pixel frames encoded", () -> policy.observe(seen, text))
                    .latents();
            int frames = settings.frames().of(settings.config().layout());
            requireEqual(now.latents(), fresh, frames);
            requireEqual(now.latents(), whole, frames);
        }
        start.close(); // the next query would go on from it; this process asks once
        return now;
    }

    private static void requireEqual(Tensor some, Tensor other, int frames) {
        float[] expected = other.narrow(2, 0, frames).toFloatArray();
        if (!Arrays.equals(some.narrow(2, 0, frames).toFloatArray(), expected)) {
            throw new IllegalStateException("query: encoding only the frames that are needed gave other latents than"
                    + " encoding all of them; this is an error of the kernels");
        }
    }

    /** Times of the evaluations so far. */
    StepTimes steps() {
        return steps;
    }
}
