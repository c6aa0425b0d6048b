package org.cosmosj.policy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.cosmosj.diffusion.Preconditioning;
import org.cosmosj.diffusion.SigmaDistribution;
import org.cosmosj.diffusion.SigmaDistribution.Hybrid;
import org.cosmosj.diffusion.SigmaDistribution.LogNormal;
import org.cosmosj.policy.DiffusionConfig.GivenFrames;
import org.cosmosj.policy.DiffusionConfig.SigmaScaling;
import org.cosmosj.policy.image.ImagePreparation.Crop;
import org.cosmosj.tensor.MatmulPrecision;
import org.cosmosj.vae.WanVaeConfig;

/** Writes a policy's configuration under the reference's names; {@link CosmosPolicyConfig#of} reads it back. */
final class PolicyConfigJson {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private PolicyConfigJson() {}

    static String write(CosmosPolicyConfig config) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("layout", config.layout().name());
        json.put("state_t", config.layout().size());
        json.put("num_conditional_frames", config.layout().conditioningFrames());
        json.put("image_size", config.sizes().image());
        json.put("chunk_size", config.sizes().chunk());
        json.put("action_dim", config.sizes().action());
        json.put("proprio_dim", config.sizes().proprio());
        json.put("text_tokens", config.sizes().text());
        putLayout(json.putObject("latent_indices"), config.layout());
        putNet(json.putObject("net"), config.net());
        putVae(json.putObject("vae"), config);
        putDiffusion(json, config.diffusion());
        putSampling(json, config.sampling());
        putFlags(json.putObject("flags"), config.objective());
        json.put("trained_with_image_aug", config.crop() == Crop.CENTRE);
        json.put(CosmosPolicyConfig.JPEG, config.jpegQuality().isPresent());
        config.jpegQuality().ifPresent(quality -> json.put(CosmosPolicyConfig.JPEG_QUALITY, quality));
        json.put("input_rounding", lower(config.inputRounding()));
        json.put("precision", "float32");
        return json.toPrettyString();
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static void putLayout(ObjectNode json, LatentLayout layout) {
        layout.roles().stream().filter(role -> role != FrameRole.BLANK)
                .forEach(role -> json.put(lower(role), layout.index(role)));
    }

    private static void putNet(ObjectNode json, CosmosDiTConfig net) {
        json.put("in_channels", net.inChannels()).put("out_channels", net.outChannels());
        json.put("max_img_h", net.maxImgH()).put("max_img_w", net.maxImgW()).put("max_frames", net.maxFrames());
        json.put("patch_spatial", net.patchSpatial()).put("patch_temporal", 1);
        json.put("model_channels", net.modelChannels()).put("num_blocks", net.numBlocks());
        json.put("num_heads", net.numHeads()).put("mlp_ratio", net.mlpRatio());
        json.put("crossattn_emb_channels", net.crossattnEmbChannels()).put("adaln_lora_dim", net.adalnLoraDim());
        json.put("rope_h_extrapolation_ratio", net.ropeHExtrapolationRatio());
        json.put("rope_w_extrapolation_ratio", net.ropeWExtrapolationRatio());
        json.put("rope_t_extrapolation_ratio", net.ropeTExtrapolationRatio());
        json.put("rope_exponents", lower(net.ropeExponents())).put("rope_enable_fps_modulation", false);
        json.put("timestep_scale", net.timestepScale()).put("time_rounding", lower(net.timeRounding()));
        json.put("precision", lower(net.precision()));
        json.put("matmul_precision", net.matmulPrecision() == MatmulPrecision.BF16 ? "bfloat16" : "float32");
        json.put("use_adaln_lora", true).put("concat_padding_mask", true);
    }

    private static void putVae(ObjectNode json, CosmosPolicyConfig config) {
        WanVaeConfig vae = config.vae();
        json.put("dim", vae.dim()).put("z_dim", vae.zDim());
        ArrayNode widths = json.putArray("dim_mult");
        vae.dimMult().forEach(widths::add);
        json.put("num_res_blocks", vae.numResBlocks()).putArray("attn_scales");
        ArrayNode halved = json.putArray("temporal_downsample");
        vae.temporalDownsample().forEach(halved::add);
        json.put("temporal_window", vae.temporalWindow());
        json.put("latent_statistics", lower(config.latentStatistics()));
    }

    private static void putDiffusion(ObjectNode json, DiffusionConfig diffusion) {
        switch (diffusion.preconditioning()) {
            case Preconditioning.RectifiedFlow flow ->
                json.put("scaling", "rectified_flow").put("rectified_flow_t_scaling_factor", flow.timeScale());
            case Preconditioning.Edm _ -> json.put("scaling", "edm");
        }
        json.put("sigma_data", diffusion.sigmaData()).put("sigma_conditional", diffusion.sigmaConditional());
        json.put("denoise_replace_gt_frames", diffusion.givenFrames() == GivenFrames.REPLACED);
        json.put("adjust_video_noise", diffusion.sigmaScaling() == SigmaScaling.SQRT_FRAMES);
        json.put("loss_scale", diffusion.lossScale()).put("loss_reduce", lower(diffusion.lossReduction()));
        putSigma(json.putObject("sde"), diffusion.sigma());
    }

    private static void putSigma(ObjectNode json, SigmaDistribution sigma) {
        LogNormal logNormal = switch (sigma) {
            case LogNormal alone -> alone;
            case Hybrid mixture -> mixture.logNormal();
        };
        json.put("p_mean", logNormal.mean()).put("p_std", logNormal.std());
        json.put("hybrid_sigma_distribution", sigma instanceof Hybrid);
        if (sigma instanceof Hybrid mixture) {
            json.put("lognormal_probability", mixture.logNormalShare());
            json.put("uniform_lower", mixture.lower()).put("uniform_upper", mixture.upper());
        }
    }

    private static void putSampling(ObjectNode json, SamplingConfig sampling) {
        json.put("solver", sampling.solver().id()).put("rho", sampling.schedule().rho());
        json.putObject("inference_sde").put("sigma_max", sampling.schedule().sigmaMax())
                .put("sigma_min", sampling.schedule().sigmaMin());
        json.put("use_variance_scale", sampling.variance() == SamplingConfig.Variance.SEEDED);
    }

    private static void putFlags(ObjectNode json, ObjectiveFlags objective) {
        for (ObjectiveFlag flag : ObjectiveFlag.values()) {
            json.put(flag.key(), objective.has(flag));
        }
        json.put("action_loss_multiplier", objective.actionLossMultiplier());
    }
}
