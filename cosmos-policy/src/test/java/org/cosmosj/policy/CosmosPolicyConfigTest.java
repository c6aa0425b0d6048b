package org.cosmosj.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.cosmosj.diffusion.DiffusionLoss.Reduction;
import org.cosmosj.diffusion.Preconditioning;
import org.cosmosj.diffusion.SigmaDistribution;
import org.cosmosj.diffusion.Solver;
import org.cosmosj.nn.Rounding;
import org.cosmosj.policy.DiffusionConfig.GivenFrames;
import org.cosmosj.policy.image.ImagePreparation.Crop;
import org.junit.jupiter.api.Test;

class CosmosPolicyConfigTest {
    private static final String JSON = """
            {"layout": "libero", "state_t": 9, "num_conditional_frames": 4, "image_size": 64, "chunk_size": 8,
             "action_dim": 7, "proprio_dim": 9, "text_tokens": 6, "latent_indices": {"current_proprio": 1,
             "current_wrist": 2, "current_primary": 3, "action": 4, "future_proprio": 5, "future_wrist": 6,
             "future_primary": 7, "value": 8}, "net": {"max_img_h": 240, "max_img_w": 240, "max_frames": 128,
             "in_channels": 16, "out_channels": 16, "patch_spatial": 2, "patch_temporal": 1,
             "concat_padding_mask": true, "use_adaln_lora": true, "mlp_ratio": 4.0,
             "rope_h_extrapolation_ratio": 3.0, "rope_w_extrapolation_ratio": 3.0,
             "rope_t_extrapolation_ratio": 1.0, "rope_enable_fps_modulation": false, "model_channels": 64,
             "num_heads": 4, "num_blocks": 2, "crossattn_emb_channels": 32, "adaln_lora_dim": 16},
             "vae": {"dim": 8, "z_dim": 16, "dim_mult": [1, 2, 4, 4], "num_res_blocks": 1, "attn_scales": [],
             "temporal_downsample": [false, true, true], "temporal_window": 16, "latent_statistics": "float32"},
             "scaling": "edm", "sigma_data": 0.5, "sigma_conditional": 0.1, "denoise_replace_gt_frames": false,
             "loss_scale": 2.0, "loss_reduce": "sum", "adjust_video_noise": false, "high_sigma_strategy": "%s",
             "inference_sde": {"sigma_max": 100, "sigma_min": 2}, "solver": "2mid", "rho": 5,
             "sde": {"p_mean": 0.5, "p_std": 1.5, "hybrid_sigma_distribution": false},
             "flags": {"action_loss_multiplier": 3}, "trained_with_image_aug": false,
             "input_rounding": "bfloat16", "precision": "float32"}
            """;

    private static CosmosPolicyConfig read(String strategy) {
        return CosmosPolicyConfig.of(JsonFields.parse("test", JSON.formatted(strategy)));
    }

    @Test
    void everyFieldIsRead() {
        CosmosPolicyConfig config = read("none");

        assertThat(config.layout()).isEqualTo(LatentLayout.LIBERO);
        assertThat(config.sizes()).isEqualTo(new CosmosPolicyConfig.Sizes(64, 8, 7, 9, 6));
        assertThat(config.diffusion()).isEqualTo(new DiffusionConfig(new Preconditioning.Edm(0.5), 0.5, 0.1,
                GivenFrames.ESTIMATED, new SigmaDistribution.LogNormal(0.5, 1.5), DiffusionConfig.SigmaScaling.NONE, 2,
                Reduction.SUM));
        assertThat(config.sampling().solver()).isEqualTo(Solver.MIDPOINT);
        assertThat(config.sampling().schedule().rho()).isEqualTo(5);
        assertThat(config.sampling().schedule().sigmaMin()).isEqualTo(2);
        assertThat(config.objective().actionLossMultiplier()).isEqualTo(3);
        assertThat(config.crop()).isEqualTo(Crop.NONE);
        assertThat(config.inputRounding()).isEqualTo(Rounding.BFLOAT16);
        assertThat(config.diffusion().sigmaMultiplier(9)).isOne();
    }

    /** Expected: spec 06 section 1. */
    @Test
    void releasedPoliciesHaveThePublishedConstants() {
        assertThat(CosmosPolicyConfig.LIBERO.layout().size()).isEqualTo(9);
        assertThat(CosmosPolicyConfig.LIBERO.diffusion().sigmaMultiplier(9)).isEqualTo(3);
        assertThat(CosmosPolicyConfig.ALOHA.diffusion().sigmaMultiplier(11)).isCloseTo(3.3166247903554, within(1e-13));
        assertThat(CosmosPolicyConfig.ROBOCASA.sizes().chunk()).isEqualTo(32);
        assertThat(CosmosPolicyConfig.ALOHA.sizes().action()).isEqualTo(14);
        assertThat(CosmosPolicyConfig.ALOHA_PLANNING.objective()
                .has(ObjectiveFlag.MASK_CURRENT_STATE_ACTION_FOR_VALUE_PREDICTION)).isTrue();
        assertThat(CosmosPolicyConfig.ALOHA.imagePreparation().cropSide()).isEqualTo(212);
    }

    /** Expected: spec 05 section 4. */
    @Test
    void compressesPicturesWhereTheReferenceDoes() {
        assertThat(CosmosPolicyConfig.LIBERO.imagePreparation().jpegQuality()).hasValue(95);
        assertThat(CosmosPolicyConfig.ROBOCASA.imagePreparation().jpegQuality()).hasValue(95);
        assertThat(CosmosPolicyConfig.ALOHA.imagePreparation().jpegQuality()).isEmpty();
        assertThat(CosmosPolicyConfig.ALOHA_PLANNING.imagePreparation().jpegQuality()).isEmpty();
        assertThat(CosmosPolicyConfig.LIBERO.uncompressed().imagePreparation().jpegQuality()).isEmpty();
        assertThat(CosmosPolicyConfig.LIBERO.with(Numerics.F32).with(ObjectiveFlags.NONE).with(SamplingConfig.RELEASED)
                .jpegQuality()).hasValue(95);
        assertThat(read("none").jpegQuality()).isEmpty();
        CosmosPolicyConfig strong = CosmosPolicyConfig.ALOHA.compressed(40);
        assertThat(CosmosPolicyConfig.of(JsonFields.parse("test", strong.toJson())).jpegQuality()).hasValue(40);
        assertThat(CosmosPolicyConfig.of(JsonFields.parse("test", CosmosPolicyConfig.LIBERO.toJson()))
                .jpegQuality()).hasValue(95);
    }

    @Test
    void jsonRoundTripKeepsEveryConfiguration() {
        for (CosmosPolicyConfig config : List.of(CosmosPolicyConfig.LIBERO, CosmosPolicyConfig.ROBOCASA,
                CosmosPolicyConfig.ALOHA, CosmosPolicyConfig.ALOHA_PLANNING, read("none"),
                CosmosPolicyConfig.LIBERO.with(Numerics.F32), CosmosPolicyConfig.LIBERO.with(Numerics.BF16))) {
            assertThat(CosmosPolicyConfig.of(JsonFields.parse("test", config.toJson()))).isEqualTo(config);
        }
    }

    @Test
    void releasedPoliciesHaveTheNumericsOfThatName() {
        CosmosPolicyConfig exact = CosmosPolicyConfig.LIBERO.with(Numerics.F32);

        assertThat(exact.with(Numerics.RELEASED)).isEqualTo(CosmosPolicyConfig.LIBERO);
        assertThat(exact.inputRounding()).isEqualTo(Rounding.FLOAT32);
        assertThat(exact.latentStatistics().name()).isEqualTo("FLOAT32");
        assertThat(exact.net().ropeExponents()).isEqualTo(Rounding.FLOAT32);
    }

    @Test
    void roundingsMayStandBesideTheNetworksOrInThem() {
        String beside = JSON.formatted("none").replace("\"precision\"",
                "\"rope_exponents\": \"bfloat16\", \"time_rounding\": \"bfloat16\", \"precision\"");

        CosmosPolicyConfig config = CosmosPolicyConfig.of(JsonFields.parse("test", beside));

        assertThat(config.net().ropeExponents()).isEqualTo(Rounding.BFLOAT16);
        assertThat(config.net().timeRounding()).isEqualTo(Rounding.BFLOAT16);
        assertThatThrownBy(() -> CosmosPolicyConfig.of(JsonFields.parse("test", JSON.formatted("none")
                .replace("\"precision\"", "\"latent_statistics\": \"bfloat16\", \"precision\""))))
                .hasMessageContaining("latent_statistics is \"float32\", but \"bfloat16\" in test; give it once");
    }

    @Test
    void rejectsWhatItDoesNotHave() {
        assertThatThrownBy(() -> CosmosPolicyConfig.of(JsonFields.parse("test",
                JSON.formatted("none").replace("\"attn_scales\": []", "\"attn_scales\": [0.5]"))))
                .hasMessageContaining("attn_scales is [0.5]; this version has only []");
        assertThatThrownBy(() -> CosmosPolicyConfig.of(JsonFields.parse("test",
                JSON.formatted("none").replace("\"attn_scales\": []", "\"attn_scales\": [], \"dropout\": 0.1"))))
                .hasMessageContaining("dropout is 0.1; this version has only 0");

        assertThatThrownBy(() -> read("uniform80_2000"))
                .hasMessageContaining("high_sigma_strategy is \"uniform80_2000\"; this version has only none");
        assertThatThrownBy(() -> CosmosPolicyConfig.of(JsonFields.parse("test", "{}")))
                .hasMessageContaining("test: net is missing");
        CosmosPolicyConfig config = read("none");
        assertThatThrownBy(() -> new CosmosPolicyConfig(config.layout(), config.net(), config.vae(),
                config.latentStatistics(), new CosmosPolicyConfig.Sizes(40, 8, 7, 9, 6), config.diffusion(),
                config.sampling(), config.objective(), config.crop(), config.inputRounding()))
                .hasMessageContaining("must be a multiple of 16");
        assertThatThrownBy(() -> new CosmosPolicyConfig(config.layout(), config.net(), config.vae(),
                config.latentStatistics(), new CosmosPolicyConfig.Sizes(16, 50, 14, 9, 6), config.diffusion(),
                config.sampling(), config.objective(), config.crop(), config.inputRounding()))
                .hasMessageContaining("a latent frame holds 64 numbers");
    }
}
