package org.cosmosj.policy;

import java.util.OptionalInt;
import org.cosmosj.nn.Rounding;
import org.cosmosj.nn.Weights;
import org.cosmosj.policy.image.ImagePreparation;
import org.cosmosj.policy.image.ImagePreparation.Crop;
import org.cosmosj.vae.LatentStatistics;
import org.cosmosj.vae.WanVae;
import org.cosmosj.vae.WanVaeConfig;

/**
 * Everything that makes a Cosmos policy: what its frames hold, the sizes of its networks and vectors, how it is trained
 * and sampled, and which constants are rounded. Source: spec 06.
 *
 * @param layout what each latent frame holds
 * @param net the diffusion transformer
 * @param vae the tokenizer
 * @param latentStatistics rounding of the constants that normalise latents
 * @param sizes of pictures, actions, proprioception and text
 * @param diffusion noise, preconditioning and loss
 * @param sampling how queries are sampled
 * @param objective masks and weights of the loss
 * @param crop what is cut from pictures at test time
 * @param jpegQuality of the compression that pictures pass through before a query, as those of the training data did,
 *     in libjpeg's scale of 1 to 100; empty for none
 * @param inputRounding rounding of actions, proprioception, values and text before the network
 */
public record CosmosPolicyConfig(LatentLayout layout, CosmosDiTConfig net, WanVaeConfig vae,
        Rounding latentStatistics, Sizes sizes, DiffusionConfig diffusion, SamplingConfig sampling,
        ObjectiveFlags objective, Crop crop, OptionalInt jpegQuality, Rounding inputRounding) {
    /**
     * Sizes of what goes in and out.
     *
     * @param image rows and columns of a picture
     * @param chunk actions of a chunk, K
     * @param action numbers of an action, A
     * @param proprio proprioceptive numbers
     * @param text text tokens, S
     */
    public record Sizes(int image, int chunk, int action, int proprio, int text) {
        /** Checks that nothing is empty. */
        public Sizes {
            if (image < 1 || chunk < 1 || action < 1 || proprio < 1 || text < 1) {
                throw new IllegalArgumentException("policy sizes: image " + image + ", chunk " + chunk + ", action "
                        + action + ", proprio " + proprio + ", text " + text + "; all must be at least 1");
            }
        }
    }

    /** Names of the fields of compression. */
    static final String JPEG = "jpeg";
    static final String JPEG_QUALITY = "jpeg_quality";

    private static final int RESOLUTION = 224;
    private static final int T5_TOKENS = 512;

    /** The released LIBERO policy: chunks of 16 actions of 7, pictures compressed. */
    public static final CosmosPolicyConfig LIBERO =
            released(LatentLayout.LIBERO, 16, 7, 9).compressed(ImagePreparation.REFERENCE_QUALITY);
    /** The released RoboCasa policy: chunks of 32 actions of 7, pictures compressed. */
    public static final CosmosPolicyConfig ROBOCASA =
            released(LatentLayout.ROBOCASA, 32, 7, 9).compressed(ImagePreparation.REFERENCE_QUALITY);
    /** The released ALOHA policy: chunks of 50 actions of 14, pictures as they come. */
    public static final CosmosPolicyConfig ALOHA = released(LatentLayout.ALOHA, 50, 14, 14);
    /** The released ALOHA world model and value function V(s'), used beside the ALOHA policy. */
    public static final CosmosPolicyConfig ALOHA_PLANNING = ALOHA.with(
            ObjectiveFlags.of(ObjectiveFlag.MASK_CURRENT_STATE_ACTION_FOR_VALUE_PREDICTION));

    /** Checks that vectors fit into frames and networks into each other. */
    public CosmosPolicyConfig {
        if (net.inChannels() != vae.zDim() || net.outChannels() != vae.zDim()) {
            throw new IllegalArgumentException("policy: the network takes " + net.inChannels() + " and gives "
                    + net.outChannels() + " channels, the tokenizer has " + vae.zDim());
        }
        int side = vae.spatialFactor() * net.patchSpatial();
        if (sizes.image() % side != 0) {
            throw new IllegalArgumentException("policy: image size " + sizes.image() + " must be a multiple of " + side
                    + ", the tokenizer's factor times the patch size");
        }
        int latent = sizes.image() / vae.spatialFactor();
        int volume = vae.zDim() * latent * latent;
        if (sizes.chunk() * sizes.action() > volume || sizes.proprio() > volume) {
            throw new IllegalArgumentException("policy: a latent frame holds " + volume + " numbers, too few for "
                    + sizes.chunk() + " x " + sizes.action() + " actions or " + sizes.proprio()
                    + " proprioceptive numbers");
        }
    }

    /**
     * A policy whose pictures are not compressed.
     *
     * @param layout what each latent frame holds
     * @param net the diffusion transformer
     * @param vae the tokenizer
     * @param latentStatistics rounding of the constants that normalise latents
     * @param sizes of pictures, actions, proprioception and text
     * @param diffusion noise, preconditioning and loss
     * @param sampling how queries are sampled
     * @param objective masks and weights of the loss
     * @param crop what is cut from pictures at test time
     * @param inputRounding rounding of actions, proprioception, values and text before the network
     */
    public CosmosPolicyConfig(LatentLayout layout, CosmosDiTConfig net, WanVaeConfig vae, Rounding latentStatistics,
            Sizes sizes, DiffusionConfig diffusion, SamplingConfig sampling, ObjectiveFlags objective, Crop crop,
            Rounding inputRounding) {
        this(layout, net, vae, latentStatistics, sizes, diffusion, sampling, objective, crop, OptionalInt.empty(),
                inputRounding);
    }

    private static CosmosPolicyConfig released(LatentLayout layout, int chunk, int action, int proprio) {
        return new CosmosPolicyConfig(layout, CosmosDiTConfig.COSMOS_PREDICT2_2B, WanVaeConfig.WAN_2_1,
                Rounding.BFLOAT16, new Sizes(RESOLUTION, chunk, action, proprio, T5_TOKENS),
                DiffusionConfig.RELEASED, SamplingConfig.RELEASED, ObjectiveFlags.NONE, Crop.CENTRE, Rounding.BFLOAT16);
    }

    /**
     * Reads a configuration under the reference's names. Roundings may stand beside {@code net} and {@code vae} instead
     * of in them.
     *
     * @param json the fields
     * @return the configuration
     * @throws IllegalArgumentException if a field is missing, wrong or asks for what this version does not have
     */
    public static CosmosPolicyConfig of(JsonFields json) {
        String precision = json.text("precision", "float32");
        if (!precision.equals("float32")) {
            throw new IllegalArgumentException(json + ": precision " + precision
                    + " is not supported by this version; use float32");
        }
        JsonFields net = json.object("net").inheriting(json, "rope_exponents", "time_rounding");
        JsonFields vae = json.object("vae").inheriting(json, "latent_statistics");
        Sizes sizes = new Sizes(json.integer("image_size"), json.integer("chunk_size"), json.integer("action_dim"),
                json.integer("proprio_dim"), json.integer("text_tokens"));
        boolean cropped = !json.has("trained_with_image_aug") || json.flag("trained_with_image_aug");
        return new CosmosPolicyConfig(LatentLayout.of(json), CosmosDiTConfig.of(net),
                VaeJson.config(vae), VaeJson.rounding(vae), sizes, DiffusionConfig.of(json), SamplingConfig.of(json),
                json.has("flags") ? ObjectiveFlags.of(json.object("flags")) : ObjectiveFlags.NONE,
                cropped ? Crop.CENTRE : Crop.NONE, jpegQuality(json),
                Rounding.parse(json.text("input_rounding", "float32")));
    }

    private static OptionalInt jpegQuality(JsonFields json) {
        boolean compressed = json.has(JPEG) && json.flag(JPEG);
        if (!compressed) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(json.has(JPEG_QUALITY)
                ? json.integer(JPEG_QUALITY)
                : ImagePreparation.REFERENCE_QUALITY);
    }

    /**
     * Writes this configuration under the reference's names.
     *
     * @return a JSON object that {@link #of} reads back
     */
    public String toJson() {
        return PolicyConfigJson.write(this);
    }

    /**
     * This configuration with another objective.
     *
     * @param other masks and weights of the loss
     * @return the configuration
     */
    public CosmosPolicyConfig with(ObjectiveFlags other) {
        return new CosmosPolicyConfig(layout, net, vae, latentStatistics, sizes, diffusion, sampling, other, crop,
                jpegQuality, inputRounding);
    }

    /**
     * This configuration sampled in another way.
     *
     * @param other how queries are sampled
     * @return the configuration
     */
    public CosmosPolicyConfig with(SamplingConfig other) {
        return new CosmosPolicyConfig(layout, net, vae, latentStatistics, sizes, diffusion, other, objective, crop,
                jpegQuality, inputRounding);
    }

    /**
     * This configuration with other numerics.
     *
     * @param numerics what is rounded
     * @return the configuration
     */
    public CosmosPolicyConfig with(Numerics numerics) {
        return new CosmosPolicyConfig(layout, net.with(numerics), vae,
                numerics.constants(), sizes, diffusion, sampling, objective,
                crop, jpegQuality, numerics.constants());
    }

    /**
     * This configuration with JPEG before everything else that happens to a picture: the demonstrations of LIBERO and
     * RoboCasa were stored so, and the reference's evaluations do the same to what they see. Source: spec 05 section 4.
     *
     * @param quality in libjpeg's scale of 1 to 100; the reference takes {@link ImagePreparation#REFERENCE_QUALITY}
     * @return the configuration
     */
    public CosmosPolicyConfig compressed(int quality) {
        return with(OptionalInt.of(quality));
    }

    /**
     * This configuration with pictures as they come, as ALOHA's.
     *
     * @return the configuration
     */
    public CosmosPolicyConfig uncompressed() {
        return with(OptionalInt.empty());
    }

    private CosmosPolicyConfig with(OptionalInt quality) {
        return new CosmosPolicyConfig(layout, net, vae, latentStatistics, sizes, diffusion, sampling, objective, crop,
                quality, inputRounding);
    }

    /**
     * The pictures' way to the tokenizer at test time.
     *
     * @return the preparation
     */
    public ImagePreparation imagePreparation() {
        return new ImagePreparation(sizes.image(), crop, jpegQuality);
    }

    /**
     * The tokenizer of this policy, with the latent statistics of Wan 2.1.
     *
     * @param weights where the parameters come from
     * @return the tokenizer
     */
    public WanVae tokenizer(Weights weights) {
        return new WanVae(weights, vae, LatentStatistics.wan(vae.zDim(), latentStatistics));
    }

    /**
     * The pixel sequences of this policy.
     *
     * @return their builder
     */
    public VideoBuilder videoBuilder() {
        return new VideoBuilder(layout, vae.temporalFactor());
    }
}
