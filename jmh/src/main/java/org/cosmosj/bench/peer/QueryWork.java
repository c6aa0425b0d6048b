package org.cosmosj.bench.peer;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.cosmosj.nn.Rounding;
import org.cosmosj.nn.Weights;
import org.cosmosj.policy.Camera;
import org.cosmosj.policy.Conditioning;
import org.cosmosj.policy.CosmosDiT;
import org.cosmosj.policy.CosmosPolicy;
import org.cosmosj.policy.CosmosPolicyConfig;
import org.cosmosj.policy.DiffusionConfig;
import org.cosmosj.policy.DimensionStatistics;
import org.cosmosj.policy.EncodedFrames;
import org.cosmosj.policy.EncodedObservation;
import org.cosmosj.policy.FrameRole;
import org.cosmosj.policy.LatentLayout;
import org.cosmosj.policy.NormalizationStatistics;
import org.cosmosj.policy.ObjectiveFlags;
import org.cosmosj.policy.PolicyObservation;
import org.cosmosj.policy.QueryKind;
import org.cosmosj.policy.SamplingConfig;
import org.cosmosj.policy.TextCache;
import org.cosmosj.policy.image.ImagePreparation.Crop;
import org.cosmosj.policy.image.RgbImage;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.MatmulPrecision;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.vae.EncodedPrefix;
import org.cosmosj.vae.WanVaeConfig;

/**
 * Actions for what two cameras see, from the medium transformer and the full-size tokenizer. Encoded is what an action
 * query is given; the state after the black frames and the text's keys and values are kept from query to query.
 */
final class QueryWork implements Workload {
    private static final int SIDE = 224;
    private static final int STEPS = 5;
    private static final long SEED = 195;

    private final Batching batching;
    private final long[] seeds;
    private final Weights tokenizerWeights;
    private final CosmosDiT model;
    private final CosmosPolicy policy;
    private final PolicyObservation observation;
    private final Tensor text;
    private final EncodedPrefix black;

    /** How several candidates are asked for. */
    enum Batching {
        /** Encoded once, all rows of one batch. */
        TOGETHER,
        /** Each as if it were the only one. */
        ONE_BY_ONE
    }

    QueryWork(int candidates, Batching batching) {
        this.batching = batching;
        this.seeds = LongStream.range(SEED, SEED + candidates).toArray();
        CosmosPolicyConfig config = new CosmosPolicyConfig(LatentLayout.LIBERO,
                TransformerSize.MEDIUM.config(MatmulPrecision.F32), WanVaeConfig.WAN_2_1, Rounding.FLOAT32,
                new CosmosPolicyConfig.Sizes(SIDE, 16, 7, 9, (int) TransformerSize.MEDIUM.text().size(1)),
                DiffusionConfig.RELEASED, SamplingConfig.RELEASED, ObjectiveFlags.NONE, Crop.NONE, Rounding.FLOAT32);
        this.tokenizerWeights = Weights.random(Rng.seeded(3), DType.F32);
        this.model = TransformerWork.model(config.net());
        this.policy = new CosmosPolicy(config, new TextCache(model), config.tokenizer(tokenizerWeights),
                new NormalizationStatistics(unit(7), unit(9)));
        Map<Camera, RgbImage> images = new EnumMap<>(Camera.class);
        config.layout().cameras().forEach(camera -> images.put(camera, noise(camera.ordinal())));
        this.observation = new PolicyObservation(images, new double[] {.1, .2, .3, .4, .5, .6, .7, .8, .9});
        this.text = Tensor.randn(Rng.seeded(7), DType.F32, TransformerSize.MEDIUM.text());
        this.black = policy.encodeBlack();
    }

    private static DimensionStatistics unit(int size) {
        double[] low = new double[size];
        double[] high = new double[size];
        double[] zero = new double[size];
        java.util.Arrays.fill(low, -1);
        java.util.Arrays.fill(high, 1);
        return new DimensionStatistics(low, high, zero, high, zero);
    }

    private static RgbImage noise(long seed) {
        byte[] rgb = new byte[SIDE * SIDE * RgbImage.CHANNELS];
        new SplittableRandom(seed).nextBytes(rgb);
        return new RgbImage(SIDE, SIDE, rgb);
    }

    static String spec() {
        Object[] size = TransformerSize.MEDIUM.fields();
        return Json.object("kind", "query", "steps", STEPS, size[0], size[1], size[2], size[3], size[4], size[5]);
    }

    /** The video of all frames, and what the sampler starts from. */
    @Override
    public Map<String, Tensor> inputs() {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        Map<Camera, Tensor> pictures = new EnumMap<>(Camera.class);
        observation.images().forEach((camera, image) -> pictures.put(camera, image.toTensor()));
        EncodedObservation now = policy.observe(observation, text, EncodedFrames.PRESENT, black);
        Conditioning given = policy.conditioning(QueryKind.ACTION, now, now.latents());
        int proprio = policy.config().layout().index(FrameRole.CURRENT_PROPRIO);
        inputs.put("video", policy.config().videoBuilder().video(pictures, pictures, LatentLayout.LIBERO.size()));
        inputs.put("proprio_frame", given.frames().narrow(2, proprio, 1).contiguous());
        inputs.put("mask", given.mask());
        inputs.put("text", text);
        inputs.put("noise", CosmosPolicy.noise(seeds, now.latents().shape()));
        model.parameters().forEach(p -> inputs.put(TransformerWork.WEIGHTS + p.name(), p.value()));
        tokenizerWeights.parameters().forEach(p -> inputs.put("vae." + p.name(), p.value()));
        return inputs;
    }

    @Override
    public Map<String, Tensor> run() {
        if (batching == Batching.TOGETHER) {
            return Map.of("out", actions(seeds));
        }
        Tensor[] rows = new Tensor[seeds.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = actions(seeds[i]);
        }
        return Map.of("out", Tensor.cat(0, rows));
    }

    private Tensor actions(long... some) {
        EncodedObservation now = policy.observe(observation, text, EncodedFrames.PRESENT, black);
        Tensor generated = policy.generate(QueryKind.ACTION, now, now.latents(), some, STEPS);
        return generated.narrow(2, policy.config().layout().index(FrameRole.ACTION), 1).contiguous();
    }
}
