package org.cosmosj.policy;

import java.util.List;
import java.util.stream.LongStream;
import org.cosmosj.nn.Rounding;
import org.cosmosj.nn.Weights;
import org.cosmosj.vae.LatentStatistics;
import org.cosmosj.vae.WanVae;
import org.cosmosj.vae.WanVaeConfig;

/** Reads the {@code vae} part of configurations. */
public final class VaeJson {
    private VaeJson() {}

    /**
     * Sizes of the tokenizer.
     *
     * @param json fields such as {@code dim_mult}
     * @return the configuration
     * @throws IllegalArgumentException if a field is missing, wrong or asks for what this tokenizer does not have
     */
    public static WanVaeConfig config(JsonFields json) {
        json.expect("attn_scales", List.of());
        json.expect("dropout", 0);
        return new WanVaeConfig(json.integer("dim"), json.integer("z_dim"),
                LongStream.of(json.integers("dim_mult")).mapToObj(Math::toIntExact).toList(),
                json.integer("num_res_blocks"), json.flags("temporal_downsample"), json.integer("temporal_window"));
    }

    /**
     * How the constants that normalise latents are rounded.
     *
     * @param json fields with {@code latent_statistics}
     * @return the rounding
     */
    public static Rounding rounding(JsonFields json) {
        return Rounding.parse(json.text("latent_statistics"));
    }

    /**
     * The tokenizer with the latent statistics of Wan 2.1.
     *
     * @param weights where the parameters come from
     * @param json its configuration
     * @return the tokenizer
     */
    public static WanVae vae(Weights weights, JsonFields json) {
        WanVaeConfig config = config(json);
        return new WanVae(weights, config, LatentStatistics.wan(config.zDim(), rounding(json)));
    }
}
