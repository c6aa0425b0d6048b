package org.cosmosj.policy.verify;

import java.util.Locale;
import java.util.stream.LongStream;
import org.cosmosj.nn.Weights;
import org.cosmosj.policy.JsonFields;
import org.cosmosj.vae.LatentStatistics;
import org.cosmosj.vae.WanVae;
import org.cosmosj.vae.WanVaeConfig;

/** Builds the tokenizer that a fixture's {@code vae} configuration describes. */
final class VaeJson {
    private VaeJson() {}

    static WanVae vae(Weights weights, JsonFields json) {
        WanVaeConfig config = new WanVaeConfig(json.integer("dim"), json.integer("z_dim"),
                LongStream.of(json.integers("dim_mult")).mapToObj(Math::toIntExact).toList(),
                json.integer("num_res_blocks"), json.flags("temporal_downsample"), json.integer("temporal_window"));
        if (json.integers("attn_scales").length > 0) {
            throw new IllegalArgumentException(
                    json + ": attn_scales must be empty; attention stands in the middle only");
        }
        LatentStatistics.Rounding rounding = LatentStatistics.Rounding
                .valueOf(json.text("latent_statistics").toUpperCase(Locale.ROOT));
        return new WanVae(weights, config, LatentStatistics.wan(config.zDim(), rounding));
    }
}
