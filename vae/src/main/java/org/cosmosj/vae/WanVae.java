package org.cosmosj.vae;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cosmosj.nn.CausalConv3d;
import org.cosmosj.nn.Weights;
import org.cosmosj.tensor.ConvGeometry;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.ShapeException;
import org.cosmosj.tensor.Tensor;

/**
 * The Wan 2.1 video VAE: causal in time, 8x smaller in space and 4x in time, deterministic (the mean is the latent).
 * Encoding a prefix of a video gives the prefix of its latents. Works under a tape, so it can be trained.
 *
 * <p>Source: spec 02; cosmos_policy/_src/predict2/tokenizers/wan2pt1.py#WanVAE_.
 */
public final class WanVae {
    private static final int RGB = 3;

    private final WanVaeConfig config;
    private final LatentStatistics statistics;
    private final Stack encoder;
    private final CausalConv3d conv1;
    private final CausalConv3d conv2;
    private final Stack decoder;

    /**
     * Builds the network; parameters belong to the current scope. Keys are those of spec 02 section 11.
     *
     * @param weights where the parameters come from
     * @param config sizes
     * @param statistics normalisation of the latents, one entry per latent channel
     * @throws IllegalArgumentException if a checkpoint lacks a parameter or holds one that the tokenizer has not, as
     *     the reference's strict loader refuses it
     */
    public WanVae(Weights weights, WanVaeConfig config, LatentStatistics statistics) {
        if (statistics.mean().size() != config.zDim()) {
            throw new IllegalArgumentException("WanVae: statistics of " + statistics.mean().size()
                    + " channels for " + config.zDim() + " latent channels");
        }
        this.config = config;
        this.statistics = statistics;
        this.encoder = encoder(weights.at("encoder"), config);
        this.conv1 = new CausalConv3d(weights.at("conv1"), 2 * config.zDim(), 2 * config.zDim(),
                ConvGeometry.causal(1, 1, 1));
        this.conv2 = new CausalConv3d(weights.at("conv2"), config.zDim(), config.zDim(),
                ConvGeometry.causal(1, 1, 1));
        this.decoder = decoder(weights.at("decoder"), config);
        List<String> unknown = weights.unusedKeys();
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("WanVae: " + weights.describe() + " holds " + unknown.size()
                    + " tensors that a tokenizer of width " + config.dim() + " has not, such as " + unknown.getFirst()
                    + "; check the configuration");
        }
    }

    private WanVae(WanVae network, LatentStatistics statistics) {
        this.config = network.config;
        this.statistics = statistics;
        this.encoder = network.encoder;
        this.conv1 = network.conv1;
        this.conv2 = network.conv2;
        this.decoder = network.decoder;
    }

    /**
     * The same network with other statistics, as after training measured them.
     *
     * @param measured one entry per latent channel
     * @return a view that shares all parameters
     */
    public WanVae withStatistics(LatentStatistics measured) {
        return new WanVae(this, measured);
    }

    private static Stack encoder(Weights weights, WanVaeConfig config) {
        StreamingConv first = new StreamingConv(weights.at("conv1"), RGB, config.dim());
        List<StreamingLayer> stages = new ArrayList<>();
        Weights downsamples = weights.at("downsamples");
        int width = config.dim();
        for (int level = 0; level < config.levels(); level++) {
            for (int block = 0; block < config.numResBlocks(); block++) {
                stages.add(new ResidualBlock(downsamples.at(stages.size()), width, config.width(level)));
                width = config.width(level);
            }
            if (level + 1 < config.levels()) {
                stages.add(new Resample(downsamples.at(stages.size()), width, config.temporalDownsample().get(level)
                        ? Resample.Mode.DOWNSAMPLE_3D
                        : Resample.Mode.DOWNSAMPLE_2D));
            }
        }
        stages.addAll(middle(weights.at("middle"), width));
        return new Stack(first, stages, weights.at("head"), width, 2 * config.zDim());
    }

    private static Stack decoder(Weights weights, WanVaeConfig config) {
        int width = config.width(config.levels() - 1);
        StreamingConv first = new StreamingConv(weights.at("conv1"), config.zDim(), width);
        List<StreamingLayer> stages = new ArrayList<>(middle(weights.at("middle"), width));
        Weights upsamples = weights.at("upsamples");
        int index = 0;
        for (int level = config.levels() - 1; level >= 0; level--) {
            for (int block = 0; block <= config.numResBlocks(); block++) {
                stages.add(new ResidualBlock(upsamples.at(index++), width, config.width(level)));
                width = config.width(level);
            }
            if (level > 0) {
                stages.add(new Resample(upsamples.at(index++), width, config.temporalDownsample().get(level - 1)
                        ? Resample.Mode.UPSAMPLE_3D
                        : Resample.Mode.UPSAMPLE_2D));
                width /= 2;
            }
        }
        return new Stack(first, stages, weights.at("head"), width, RGB);
    }

    private static List<StreamingLayer> middle(Weights weights, int width) {
        return List.of(new ResidualBlock(weights.at(0), width, width), new AttentionBlock(weights.at(1), width),
                new ResidualBlock(weights.at(2), width, width));
    }

    /**
     * Sizes of this network.
     *
     * @return the configuration
     */
    public WanVaeConfig config() {
        return config;
    }

    /**
     * Normalisation of the latents.
     *
     * @return the statistics
     */
    public LatentStatistics statistics() {
        return statistics;
    }

    /**
     * Encodes a video to normalised latents.
     *
     * @param video (B, 3, 1 + 4 (T-1), 8 H, 8 W), nominally in [-1, 1]
     * @return (B, zDim, T, H, W)
     * @throws ShapeException if the sizes are not of that form
     */
    public Tensor encode(Tensor video) {
        try (Scope scope = Scope.inner("vae encode")) {
            return scope.promote(normalized(moments(video)));
        }
    }

    /**
     * Encodes the start of videos that go on in different ways, and keeps what the encoder remembers of it.
     *
     * @param video as for {@link #encode(Tensor)}
     * @return the start, owned by the current scope
     */
    public EncodedPrefix encodePrefix(Tensor video) {
        checkVideo(video);
        FeatureCache cache = new FeatureCache();
        try (Scope scope = Scope.inner("vae encode")) {
            return new EncodedPrefix(video.shape(), scope.promote(normalized(moments(video, 1, cache))), cache);
        }
    }

    /**
     * Encodes a video whose start is encoded already; bit for bit the latents of the whole.
     *
     * @param prefix its start
     * @param rest the frames after it, (B, 3, 4 n, 8 H, 8 W)
     * @return latents of the start and the rest, (B, zDim, T + n, H, W)
     * @throws ShapeException if the sizes are not of that form or not those of the start
     */
    public Tensor encode(EncodedPrefix prefix, Tensor rest) {
        boolean continues = rest.shape().rank() == 5 && rest.size(2) > 0 && rest.size(2) % config.temporalFactor() == 0
                && rest.shape().with(2, prefix.video().size(2)).equals(prefix.video());
        if (!continues) {
            throw new ShapeException("WanVae.encode: frames of shape " + rest.shape() + " after a start of "
                    + prefix.video() + "; expected the same sizes and a multiple of " + config.temporalFactor()
                    + " frames");
        }
        try (Scope scope = Scope.inner("vae encode"); FeatureCache cache = prefix.cache().branch()) {
            Tensor latents = normalized(moments(rest, config.temporalWindow(), cache));
            return scope.promote(Tensor.cat(2, prefix.latents(), latents));
        }
    }

    private Tensor normalized(Tensor moments) {
        return statistics.normalize(moments.narrow(1, 0, config.zDim())).contiguous();
    }

    /**
     * Encodes a video to means and log-variances before normalisation.
     *
     * @param video as for {@link #encode(Tensor)}
     * @return (B, 2 zDim, T, H, W), means first
     */
    public Tensor moments(Tensor video) {
        checkVideo(video);
        try (Scope scope = Scope.inner("vae encode"); FeatureCache cache = new FeatureCache()) {
            return scope.promote(moments(video, 1, cache));
        }
    }

    /** Encodes chunks: {@code first} frames, then a window at a time. */
    private Tensor moments(Tensor video, int first, FeatureCache cache) {
        List<Tensor> latents = new ArrayList<>();
        for (long start = 0; start < video.size(2);) {
            long length = Math.min(start == 0 ? first : config.temporalWindow(), video.size(2) - start);
            latents.add(encoder.forward(video.narrow(2, start, length), cache));
            start += length;
        }
        return conv1.forward(Tensor.cat(2, latents.toArray(Tensor[]::new)));
    }

    /**
     * Decodes normalised latents; the result is not clamped.
     *
     * @param latents (B, zDim, T, H, W)
     * @return (B, 3, 1 + 4 (T-1), 8 H, 8 W)
     */
    public Tensor decode(Tensor latents) {
        if (latents.shape().rank() != 5 || latents.size(1) != config.zDim() || latents.size(2) < 1) {
            throw new ShapeException("WanVae.decode: latents have shape " + latents.shape() + ", expected (B, "
                    + config.zDim() + ", T, H, W) with T at least 1");
        }
        try (Scope scope = Scope.inner("vae decode"); FeatureCache cache = new FeatureCache()) {
            Tensor x = conv2.forward(statistics.denormalize(latents));
            List<Tensor> frames = new ArrayList<>();
            for (long t = 0; t < x.size(2); t++) {
                frames.add(decoder.forward(x.narrow(2, t, 1), cache));
            }
            return scope.promote(Tensor.cat(2, frames.toArray(Tensor[]::new)));
        }
    }

    /**
     * Output of every stage for a single frame, by checkpoint path ({@code conv1}, {@code downsamples.0}, ...,
     * {@code middle.0}, ...); for looking inside and for comparison with the reference.
     *
     * @param image (B, 3, 1, 8 H, 8 W)
     * @return activations in order of execution, owned by the current scope
     */
    public Map<String, Tensor> encoderActivations(Tensor image) {
        checkVideo(image);
        return activations(encoder, image, "downsamples", encoder.layers().size() - 4);
    }

    /**
     * Output of every stage for a single latent frame, as {@link #encoderActivations}.
     *
     * @param latent (B, zDim, 1, H, W), normalised
     * @return activations in order of execution, owned by the current scope
     */
    public Map<String, Tensor> decoderActivations(Tensor latent) {
        return activations(decoder, conv2.forward(statistics.denormalize(latent)), "upsamples", 0);
    }

    /** Names stages: conv1, then {@code before} level stages, then three middle stages, then the level stages left. */
    private static Map<String, Tensor> activations(Stack stack, Tensor input, String levels, int before) {
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        try (FeatureCache cache = new FeatureCache()) {
            Tensor x = input;
            List<StreamingLayer> layers = stack.layers();
            for (int i = 0; i < layers.size(); i++) {
                x = layers.get(i).forward(x, cache);
                int stage = i - 1 - before;
                String name = i == 0 ? "conv1" : stage < 0 ? levels + "." + (i - 1)
                        : stage < 3 ? "middle." + stage : levels + "." + (before + stage - 3);
                outputs.put(name, x);
            }
        }
        return outputs;
    }

    private void checkVideo(Tensor video) {
        int space = config.spatialFactor();
        int time = config.temporalFactor();
        boolean fits = video.shape().rank() == 5 && video.size(1) == RGB && video.size(2) % time == 1 % time
                && video.size(3) % space == 0 && video.size(4) % space == 0 && video.size(2) > 0
                && video.size(3) > 0 && video.size(4) > 0;
        if (!fits) {
            throw new ShapeException("WanVae.encode: video has shape " + video.shape() + ", expected (B, 3, 1 + "
                    + time + " n, " + space + " H, " + space + " W)");
        }
    }
}
