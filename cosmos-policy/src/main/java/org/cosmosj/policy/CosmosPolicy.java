package org.cosmosj.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.cosmosj.diffusion.Denoiser;
import org.cosmosj.policy.SamplingConfig.Variance;
import org.cosmosj.tensor.NumpyRandom;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.ShapeException;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.vae.EncodedPrefix;
import org.cosmosj.vae.WanVae;

/**
 * A robot policy, world model and value function in one: encodes what a robot sees, generates the latent frames that a
 * query asks for, and hands them to {@link ReadOut}. Source: spec 05 sections 3 and 8 to 10.
 *
 * <p>Results belong to the current scope. Nothing here draws random numbers but the noise of a seed, which equals
 * NumPy's; the queries of one decision share a seed and so start from the same noise.
 */
public final class CosmosPolicy {
    private final CosmosPolicyConfig config;
    private final LatentNetwork network;
    private final WanVae tokenizer;
    private final NormalizationStatistics statistics;

    /**
     * Joins the parts of a policy.
     *
     * @param config layout, sizes and sampling
     * @param network the network, {@code CosmosDiT::forward}
     * @param tokenizer the video tokenizer
     * @param statistics of the data the network was trained on
     */
    public CosmosPolicy(CosmosPolicyConfig config, LatentNetwork network, WanVae tokenizer,
            NormalizationStatistics statistics) {
        if (statistics.actions().size() != config.sizes().action()
                || statistics.proprio().size() != config.sizes().proprio()) {
            throw new IllegalArgumentException("policy: statistics of " + statistics.actions().size()
                    + " action and " + statistics.proprio().size() + " proprioceptive numbers for a policy of "
                    + config.sizes().action() + " and " + config.sizes().proprio() + "; they belong to other data");
        }
        this.config = config;
        this.network = network;
        this.tokenizer = tokenizer;
        this.statistics = statistics;
    }

    /**
     * What this policy is.
     *
     * @return the configuration
     */
    public CosmosPolicyConfig config() {
        return config;
    }

    /**
     * Reads numbers and pictures out of generated latents.
     *
     * @return the read-outs
     */
    public ReadOut readOut() {
        return new ReadOut(config, tokenizer, statistics);
    }

    /**
     * Encodes an observation for any query; predicted pictures can be decoded.
     *
     * @param observation pictures and joint state
     * @param text embedded instruction, (1, S, width)
     * @return the encoded observation
     */
    public EncodedObservation observe(PolicyObservation observation, Tensor text) {
        return observe(observation, text, EncodedFrames.ALL);
    }

    /**
     * Encodes no more of an observation than is needed.
     *
     * @param observation pictures and joint state
     * @param text embedded instruction, (1, S, width)
     * @param frames how much; the frames left out are zero
     * @return the encoded observation, bit for bit that of {@link EncodedFrames#ALL} in the frames encoded
     */
    public EncodedObservation observe(PolicyObservation observation, Tensor text, EncodedFrames frames) {
        return encoded(observation, text, frames, pictures -> tokenizer.encode(
                config.videoBuilder().video(pictures, pictures, frames.of(config.layout()))));
    }

    /**
     * Encodes no more of an observation than is needed, after frames that are black in all of them.
     *
     * @param observation pictures and joint state
     * @param text embedded instruction, (1, S, width)
     * @param frames how much; the frames left out are zero
     * @param black what {@link #encodeBlack} returned
     * @return the encoded observation, bit for bit that of {@link EncodedFrames#ALL} in the frames encoded
     */
    public EncodedObservation observe(PolicyObservation observation, Tensor text, EncodedFrames frames,
            EncodedPrefix black) {
        int start = config.layout().blackFrames();
        return encoded(observation, text, frames, pictures -> tokenizer.encode(black,
                config.videoBuilder().video(pictures, pictures, start, frames.of(config.layout()))));
    }

    /**
     * Encodes the black frames that every observation starts with: 5 of LIBERO's 33 pixel frames.
     *
     * @return the encoder's state after them, owned by the current scope; it serves as long as the tokenizer's weights
     *     do not change
     */
    public EncodedPrefix encodeBlack() {
        Tensor video = config.videoBuilder().black(config.layout().blackFrames(), config.sizes().image());
        EncodedPrefix prefix = tokenizer.encodePrefix(video);
        video.close();
        return prefix;
    }

    private EncodedObservation encoded(PolicyObservation observation, Tensor text, EncodedFrames frames,
            Function<Map<Camera, Tensor>, Tensor> encoder) {
        try (Scope scope = Scope.inner("observe")) {
            Map<Camera, Tensor> pictures = new EnumMap<>(Camera.class);
            observation.images().forEach(
                    (camera, image) -> pictures.put(camera, config.imagePreparation().apply(image).toTensor()));
            Tensor latents = encoder.apply(pictures).mul(config.diffusion().sigmaData());
            int missing = config.layout().size() - frames.of(config.layout());
            Tensor padded = missing == 0
                    ? latents
                    : Tensor.cat(2, latents, Tensor.zeros(latents.dtype(), latents.shape().with(2, missing)));
            Tensor proprio = proprio(observation.proprio());
            Tensor rounded = config.inputRounding().apply(text).copy();
            return new EncodedObservation(scope.promote(padded), scope.promote(proprio), scope.promote(rounded));
        }
    }

    private Tensor proprio(double[] raw) {
        double[] normalized = statistics.proprio().normalize(raw);
        float[] rounded = new float[normalized.length];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = config.inputRounding().apply((float) normalized[i]);
        }
        return Tensor.of(rounded, 1, rounded.length);
    }

    /**
     * Generates the frames that a query does not give, for several seeds at once. Each row is the same as if it were
     * generated alone.
     *
     * @param query which frames are given
     * @param now the observation; its joint state is written into the present of every row
     * @param frames latents that hold the given frames, (n, C, T, H, W) or (1, C, T, H, W) for all rows: those of the
     *     observation for an action query, else the result of the query before
     * @param seeds one per row, each in [0, 2^32)
     * @param steps requested sampler steps
     * @return (n, C, T, H, W); given frames hold what was given
     */
    public Tensor generate(QueryKind query, EncodedObservation now, Tensor frames, long[] seeds, int steps) {
        try (Scope scope = Scope.inner("generate " + query)) {
            if (config.sampling().variance() == Variance.SEEDED && seeds.length > 1) {
                return scope.promote(oneByOne(query, now, frames, seeds, steps));
            }
            Denoiser denoiser = denoiser(query, now, expand(frames, seeds.length));
            return scope.promote(config.sampling().sampler(seeds[0]).sample(denoiser, start(frames, seeds), steps));
        }
    }

    /**
     * Asks many queries of one kind. Those of equal steps run together, at most {@code batchLimit} at a time; how they
     * are grouped changes no result.
     *
     * @param query which frames are given
     * @param now the observation
     * @param jobs the queries
     * @param batchLimit largest batch of the network, at least 1
     * @return one (1, C, T, H, W) per job, in their order
     */
    public List<Tensor> generate(QueryKind query, EncodedObservation now, List<QueryJob> jobs, int batchLimit) {
        Tensor[] results = new Tensor[jobs.size()];
        Map<Integer, List<Integer>> bySteps = new TreeMap<>();
        for (int i = 0; i < results.length; i++) {
            bySteps.computeIfAbsent(jobs.get(i).steps(), _ -> new ArrayList<>()).add(i);
        }
        bySteps.forEach((steps, indices) -> {
            for (int start = 0; start < indices.size(); start += batchLimit) {
                List<Integer> group = indices.subList(start, Math.min(start + batchLimit, indices.size()));
                Tensor frames = Tensor.cat(0, group.stream().map(i -> jobs.get(i).frames()).toArray(Tensor[]::new));
                long[] seeds = group.stream().mapToLong(i -> jobs.get(i).seed()).toArray();
                Tensor rows = generate(query, now, frames, seeds, steps);
                for (int row = 0; row < seeds.length; row++) {
                    results[group.get(row)] = rows.narrow(0, row, 1);
                }
                frames.close();
            }
        });
        return List.of(results);
    }

    /** Seeds with schedules of their own cannot share a run. */
    private Tensor oneByOne(QueryKind query, EncodedObservation now, Tensor frames, long[] seeds, int steps) {
        Tensor all = expand(frames, seeds.length);
        Tensor[] rows = new Tensor[seeds.length];
        Arrays.setAll(rows, i -> generate(query, now, all.narrow(0, i, 1), new long[] {seeds[i]}, steps));
        return Tensor.cat(0, rows);
    }

    /**
     * The denoiser of a query.
     *
     * @param query which frames are given
     * @param now the observation
     * @param frames latents that hold the given frames, (n, C, T, H, W)
     * @return the denoiser; it lives as long as the current scope
     */
    public PolicyDenoiser denoiser(QueryKind query, EncodedObservation now, Tensor frames) {
        return new PolicyDenoiser(network, config.diffusion(), conditioning(query, now, frames));
    }

    /**
     * What the network is given in a query: the frames with the observed joint state written into the present, and the
     * mask of the query.
     *
     * @param query which frames are given
     * @param now the observation
     * @param frames latents that hold the given frames, (n, C, T, H, W)
     * @return the conditioning of n rows
     */
    public Conditioning conditioning(QueryKind query, EncodedObservation now, Tensor frames) {
        Shape shape = frames.shape();
        if (shape.rank() != 5 || shape.size(2) != config.layout().size()) {
            throw new ShapeException("policy query: frames " + shape + ", expected (n, C, " + config.layout().size()
                    + ", H, W) for layout " + config.layout().name());
        }
        int rows = Math.toIntExact(shape.size(0));
        Tensor given = frames.detach().copy();
        if (now.proprio() != null && config.layout().has(FrameRole.CURRENT_PROPRIO)) {
            LatentInjection.write(given, config.layout().index(FrameRole.CURRENT_PROPRIO), expand(now.proprio(), rows));
        }
        Tensor mask = ConditioningMask.query(config.layout(), query, rows).tensor(shape.size(3), shape.size(4));
        return Conditioning.unpadded(given, mask, expand(now.text(), rows).contiguous());
    }

    /**
     * The standard normal noise of seeds: a function of seed and shape alone.
     *
     * @param seeds one per row, each in [0, 2^32)
     * @param frame shape of one row, (1, C, T, H, W)
     * @return (n, C, T, H, W), F32
     */
    public static Tensor noise(long[] seeds, Shape frame) {
        Tensor[] rows = new Tensor[seeds.length];
        Arrays.setAll(rows, i -> NumpyRandom.seeded(seeds[i]).standardNormal(frame.with(0, 1)));
        return Tensor.cat(0, rows);
    }

    private Tensor start(Tensor frames, long[] seeds) {
        return noise(seeds, frames.shape()).mul(config.sampling().schedule(seeds[0]).sigmaMax());
    }

    private static Tensor expand(Tensor input, int rows) {
        long[] sizes = input.shape().toArray();
        if (sizes[0] != 1 && sizes[0] != rows) {
            throw new ShapeException("policy query: " + rows + " rows for an input of " + input.shape()
                    + "; give one row per seed, or one for all");
        }
        sizes[0] = rows;
        return input.expand(sizes);
    }
}
