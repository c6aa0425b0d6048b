package org.cosmosj.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cosmosj.nn.Rounding;
import org.cosmosj.tensor.DType;
import org.junit.jupiter.api.Test;

class CosmosDiTConfigTest {
    private static final String RELEASED = """
            {"max_img_h": 240, "max_img_w": 240, "max_frames": 128, "in_channels": 16, "out_channels": 16,
             "patch_spatial": 2, "patch_temporal": 1, "concat_padding_mask": true, "pos_emb_cls": "rope3d",
             "use_adaln_lora": true, "adaln_lora_dim": 256, "model_channels": 2048, "num_blocks": 28, "num_heads": 16,
             "crossattn_emb_channels": 1024, "rope_h_extrapolation_ratio": 3.0, "rope_w_extrapolation_ratio": 3.0,
             "rope_t_extrapolation_ratio": 1.0, "rope_enable_fps_modulation": false, "rope_exponents": "bfloat16",
             "time_rounding": "bfloat16", "atten_backend": "minimal_a2a"}""";

    @Test
    void readsTheReleasedConfiguration() {
        assertThat(of(RELEASED)).isEqualTo(CosmosDiTConfig.COSMOS_PREDICT2_2B);
        assertThat(CosmosDiTConfig.COSMOS_PREDICT2_2B.headWidth()).isEqualTo(128);
    }

    @Test
    void roundsNothingUnlessToldTo() {
        CosmosDiTConfig plain = of(RELEASED.replace("\"rope_exponents\": \"bfloat16\",", "")
                .replace("\"time_rounding\": \"bfloat16\",", ""));

        assertThat(plain.ropeExponents()).isEqualTo(Rounding.FLOAT32);
        assertThat(plain.timeRounding()).isEqualTo(Rounding.FLOAT32);
    }

    @Test
    void numericsNameWhatIsRounded() {
        CosmosDiTConfig released = CosmosDiTConfig.COSMOS_PREDICT2_2B;
        CosmosDiTConfig rounded =
                of(RELEASED.replace("\"max_frames\": 128", "\"precision\": \"bfloat16\", \"max_frames\": 128"));

        assertThat(released.with(Numerics.RELEASED)).isEqualTo(released);
        assertThat(released.with(Numerics.BF16)).isEqualTo(rounded).isNotEqualTo(released);
        assertThat(rounded.with(Numerics.RELEASED)).isEqualTo(released);
        assertThat(released.with(Numerics.F32).ropeExponents()).isEqualTo(Rounding.FLOAT32);
        assertThat(released.with(Numerics.F32).timeRounding()).isEqualTo(Rounding.FLOAT32);
        assertThat(rounded.parameterType()).isEqualTo(DType.BF16);
        assertThat(released.parameterType()).isEqualTo(DType.F32);
    }

    @Test
    void refusesWhatTheNetworkHasNot() {
        refuses("\"use_adaln_lora\": true", "\"use_adaln_lora\": false",
                "use_adaln_lora is false; this version has only true");
        refuses("\"rope_enable_fps_modulation\": false", "\"rope_enable_fps_modulation\": true",
                "rope_enable_fps_modulation is true; this version has only false");
        refuses("\"rope3d\"", "\"learnable\"", "pos_emb_cls is \"learnable\"");
        refuses("\"max_frames\": 128", "\"n_dense_blocks\": 4, \"max_frames\": 128", "n_dense_blocks is 4");
        refuses("\"patch_temporal\": 1", "\"patch_temporal\": 2", "patch_temporal must be 1");
        refuses("\"max_frames\": 128", "\"precision\": \"float16\", \"max_frames\": 128",
                "'float16' is unknown; use float32 or bfloat16");
        refuses("\"num_blocks\": 28,", "", "num_blocks is missing, expected an integer");
        refuses("\"num_heads\": 16", "\"num_heads\": 24", "modelChannels 2048 must be even and divide by numHeads 24");
        refuses("\"num_heads\": 16", "\"num_heads\": 256", "head width 8 must be even and at least 12");
        refuses("\"num_blocks\": 28", "\"num_blocks\": 0", "numBlocks is 0, expected at least 1");
    }

    private static void refuses(String part, String replacement, String message) {
        assertThatThrownBy(() -> of(RELEASED.replace(part, replacement)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
    }

    private static CosmosDiTConfig of(String json) {
        return CosmosDiTConfig.of(JsonFields.parse("net", json));
    }
}
