package org.cosmosj.policy;

import org.cosmosj.nn.AttentionConfig;
import org.cosmosj.nn.RotaryConfig;
import org.cosmosj.nn.Rounding;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.MatmulPrecision;

/**
 * Sizes and constants of the diffusion transformer. Source: spec 01 section 2.
 *
 * @param inChannels latent channels C; the two mask channels come on top
 * @param outChannels channels of the result
 * @param maxImgH largest latent height
 * @param maxImgW largest latent width
 * @param maxFrames largest number of latent frames T
 * @param patchSpatial latent pixels per token side
 * @param modelChannels width D
 * @param numBlocks transformer blocks
 * @param numHeads attention heads h, dividing D
 * @param mlpRatio hidden width of the MLP in units of D
 * @param crossattnEmbChannels width of a text token
 * @param adalnLoraDim rank of the modulations
 * @param ropeHExtrapolationRatio stretch of row positions
 * @param ropeWExtrapolationRatio stretch of column positions
 * @param ropeTExtrapolationRatio stretch of frame positions
 * @param ropeExponents rounding of the rotary exponents
 * @param timestepScale factor of the timesteps
 * @param timeRounding rounding of the timesteps
 * @param precision rounding of parameters, inputs (timesteps too) and the result of every op
 * @param matmulPrecision rounding of the factors of every linear layer's products, in gradients too
 */
public record CosmosDiTConfig(int inChannels, int outChannels, int maxImgH, int maxImgW, int maxFrames,
        int patchSpatial, int modelChannels, int numBlocks, int numHeads, double mlpRatio, int crossattnEmbChannels,
        int adalnLoraDim, double ropeHExtrapolationRatio, double ropeWExtrapolationRatio,
        double ropeTExtrapolationRatio, Rounding ropeExponents, double timestepScale, Rounding timeRounding,
        Rounding precision, MatmulPrecision matmulPrecision) {
    /** The network of all released Cosmos policies, with the rounded constants its weights were trained with. */
    public static final CosmosDiTConfig COSMOS_PREDICT2_2B = new CosmosDiTConfig(16, 16, 240, 240, 128, 2, 2048, 28, 16,
            4.0, 1024, 256, 3.0, 3.0, 1.0, Rounding.BFLOAT16, 1.0, Rounding.BFLOAT16, Rounding.FLOAT32);

    /** Channels that stand behind the latent ones: the condition mask and the padding mask. */
    static final int MASK_CHANNELS = 2;
    /** Of every norm in the network. */
    static final double NORM_EPS = 1e-6;

    /** Checks sizes. */
    public CosmosDiTConfig {
        positive("inChannels", inChannels, "outChannels", outChannels, "maxImgH", maxImgH, "maxImgW", maxImgW,
                "maxFrames", maxFrames, "patchSpatial", patchSpatial, "modelChannels", modelChannels, "numBlocks",
                numBlocks, "numHeads", numHeads, "crossattnEmbChannels", crossattnEmbChannels, "adalnLoraDim",
                adalnLoraDim);
        if (modelChannels % numHeads != 0 || modelChannels % 2 != 0) {
            throw new IllegalArgumentException("CosmosDiTConfig: modelChannels " + modelChannels
                    + " must be even and divide by numHeads " + numHeads);
        }
        if (!(mlpRatio > 0) || mlpRatio * modelChannels != Math.rint(mlpRatio * modelChannels)) {
            throw new IllegalArgumentException("CosmosDiTConfig: mlpRatio " + mlpRatio + " of modelChannels "
                    + modelChannels + " is not a whole width above 0");
        }
        new RotaryConfig(modelChannels / numHeads, ropeTExtrapolationRatio, ropeHExtrapolationRatio,
                ropeWExtrapolationRatio, ropeExponents);
    }

    /**
     * A network that multiplies in F32.
     *
     * @param inChannels latent channels C; the two mask channels come on top
     * @param outChannels channels of the result
     * @param maxImgH largest latent height
     * @param maxImgW largest latent width
     * @param maxFrames largest number of latent frames T
     * @param patchSpatial latent pixels per token side
     * @param modelChannels width D
     * @param numBlocks transformer blocks
     * @param numHeads attention heads h, dividing D
     * @param mlpRatio hidden width of the MLP in units of D
     * @param crossattnEmbChannels width of a text token
     * @param adalnLoraDim rank of the modulations
     * @param ropeHExtrapolationRatio stretch of row positions
     * @param ropeWExtrapolationRatio stretch of column positions
     * @param ropeTExtrapolationRatio stretch of frame positions
     * @param ropeExponents rounding of the rotary exponents
     * @param timestepScale factor of the timesteps
     * @param timeRounding rounding of the timesteps
     * @param precision rounding of parameters, inputs (timesteps too) and the result of every op
     */
    public CosmosDiTConfig(int inChannels, int outChannels, int maxImgH, int maxImgW, int maxFrames, int patchSpatial,
            int modelChannels, int numBlocks, int numHeads, double mlpRatio, int crossattnEmbChannels,
            int adalnLoraDim, double ropeHExtrapolationRatio, double ropeWExtrapolationRatio,
            double ropeTExtrapolationRatio, Rounding ropeExponents, double timestepScale, Rounding timeRounding,
            Rounding precision) {
        this(inChannels, outChannels, maxImgH, maxImgW, maxFrames, patchSpatial, modelChannels, numBlocks, numHeads,
                mlpRatio, crossattnEmbChannels, adalnLoraDim, ropeHExtrapolationRatio, ropeWExtrapolationRatio,
                ropeTExtrapolationRatio, ropeExponents, timestepScale, timeRounding, precision, MatmulPrecision.F32);
    }

    private static void positive(Object... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if ((Integer) namesAndValues[i + 1] < 1) {
                throw new IllegalArgumentException("CosmosDiTConfig: " + namesAndValues[i] + " is "
                        + namesAndValues[i + 1] + ", expected at least 1");
            }
        }
    }

    /**
     * Reads a configuration under the reference's names. Roundings that are not named are float32.
     *
     * @param json fields such as {@code model_channels}; others than the network's are left alone
     * @return the configuration
     * @throws IllegalArgumentException if a field is missing, wrong or asks for what this network does not have
     */
    public static CosmosDiTConfig of(JsonFields json) {
        json.expect("use_adaln_lora", true);
        json.expect("concat_padding_mask", true);
        json.expect("pos_emb_cls", "rope3d");
        json.expect("rope_enable_fps_modulation", false);
        json.expect("extra_per_block_abs_pos_emb", false);
        json.expect("use_crossattn_projection", false);
        json.expect("use_wan_fp32_strategy", false);
        json.expect("n_dense_blocks", -1);
        if (json.integer("patch_temporal") != 1) {
            throw new IllegalArgumentException(json + ": patch_temporal must be 1, since every latent frame has a"
                    + " timestep of its own");
        }
        return new CosmosDiTConfig(json.integer("in_channels"), json.integer("out_channels"),
                json.integer("max_img_h"), json.integer("max_img_w"), json.integer("max_frames"),
                json.integer("patch_spatial"), json.integer("model_channels"), json.integer("num_blocks"),
                json.integer("num_heads"), json.number("mlp_ratio", 4.0), json.integer("crossattn_emb_channels"),
                json.integer("adaln_lora_dim"), json.number("rope_h_extrapolation_ratio"),
                json.number("rope_w_extrapolation_ratio"), json.number("rope_t_extrapolation_ratio"),
                Rounding.parse(json.text("rope_exponents", "float32")), json.number("timestep_scale", 1.0),
                Rounding.parse(json.text("time_rounding", "float32")),
                Rounding.parse(json.text("precision", "float32")),
                MatmulPrecision.parse(json.text("matmul_precision", "float32")));
    }

    /**
     * This network with other numerics.
     *
     * @param numerics what is rounded
     * @return the configuration
     */
    public CosmosDiTConfig with(Numerics numerics) {
        return new CosmosDiTConfig(inChannels, outChannels, maxImgH, maxImgW, maxFrames, patchSpatial, modelChannels,
                numBlocks, numHeads, mlpRatio, crossattnEmbChannels, adalnLoraDim, ropeHExtrapolationRatio,
                ropeWExtrapolationRatio, ropeTExtrapolationRatio, numerics.constants(), timestepScale,
                numerics.constants(), numerics.precision(), matmulPrecision);
    }

    /**
     * This network with other products. Released policies are checked with F32 ones; {@link MatmulPrecision#BF16} is
     * about twice as fast where the processor multiplies BF16, for training too, and changes results by about what
     * rounding weights and activations to BF16 does.
     *
     * @param products rounding of the factors of every linear layer's products
     * @return the configuration
     */
    public CosmosDiTConfig multiplying(MatmulPrecision products) {
        return new CosmosDiTConfig(inChannels, outChannels, maxImgH, maxImgW, maxFrames, patchSpatial, modelChannels,
                numBlocks, numHeads, mlpRatio, crossattnEmbChannels, adalnLoraDim, ropeHExtrapolationRatio,
                ropeWExtrapolationRatio, ropeTExtrapolationRatio, ropeExponents, timestepScale, timeRounding,
                precision, products);
    }

    /**
     * The dtype of parameters that goes with the precision; one that rounds nothing goes with F64 too.
     *
     * @return BF16 or F32
     */
    public DType parameterType() {
        return precision == Rounding.BFLOAT16 ? DType.BF16 : DType.F32;
    }

    /**
     * Width of one head.
     *
     * @return d
     */
    public int headWidth() {
        return modelChannels / numHeads;
    }

    int mlpWidth() {
        return (int) (mlpRatio * modelChannels);
    }

    RotaryConfig rotary() {
        return new RotaryConfig(headWidth(), ropeTExtrapolationRatio, ropeHExtrapolationRatio, ropeWExtrapolationRatio,
                ropeExponents);
    }

    AttentionConfig selfAttention() {
        return new AttentionConfig(modelChannels, modelChannels, numHeads, headWidth(), NORM_EPS);
    }

    AttentionConfig crossAttention() {
        return new AttentionConfig(modelChannels, crossattnEmbChannels, numHeads, headWidth(), NORM_EPS);
    }
}
