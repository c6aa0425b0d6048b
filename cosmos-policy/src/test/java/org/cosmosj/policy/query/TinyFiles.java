package org.cosmosj.policy.query;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cosmosj.nn.Rounding;
import org.cosmosj.nn.Weights;
import org.cosmosj.policy.CosmosDiT;
import org.cosmosj.policy.CosmosDiTConfig;
import org.cosmosj.policy.CosmosPolicyConfig;
import org.cosmosj.policy.CosmosPolicyConfig.Sizes;
import org.cosmosj.policy.DiffusionConfig;
import org.cosmosj.policy.LatentLayout;
import org.cosmosj.policy.ObjectiveFlags;
import org.cosmosj.policy.SamplingConfig;
import org.cosmosj.policy.image.ImagePreparation.Crop;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Safetensors;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.vae.LatentStatistics;
import org.cosmosj.vae.WanVae;
import org.cosmosj.vae.WanVaeConfig;

/** A policy of 32 x 32 pixels in files, BF16 network and F32 tokenizer as released. */
final class TinyFiles {
    private static final CosmosDiTConfig NET = new CosmosDiTConfig(4, 4, 16, 16, 16, 2, 24, 2, 2, 2, 6, 4, 3, 3, 1,
            Rounding.BFLOAT16, 1, Rounding.BFLOAT16, Rounding.FLOAT32);
    private static final WanVaeConfig VAE =
            new WanVaeConfig(4, 4, List.of(1, 2, 2, 2), 1, List.of(false, true, true), 16);
    static final CosmosPolicyConfig CONFIG = new CosmosPolicyConfig(LatentLayout.LIBERO, NET, VAE,
            Rounding.BFLOAT16, new Sizes(32, 3, 2, 5, 4), DiffusionConfig.RELEASED,
            SamplingConfig.RELEASED, ObjectiveFlags.NONE, Crop.CENTRE, Rounding.BFLOAT16);

    private TinyFiles() {}

    static void write(Path folder) throws IOException {
        Files.writeString(folder.resolve("policy.json"), CONFIG.toJson());
        Weights net = Weights.random(Rng.seeded(1), DType.F32);
        new CosmosDiT(NET, net);
        Weights vae = Weights.random(Rng.seeded(2), DType.F32);
        new WanVae(vae, VAE, LatentStatistics.identity(4));
        Map<String, Tensor> rounded = new LinkedHashMap<>();
        for (Parameter parameter : net.parameters()) {
            Tensor noise = Tensor.randn(Rng.seeded(3).stream(parameter.name().hashCode()), DType.F32,
                    parameter.value().shape()).mul(0.2);
            rounded.put("net." + parameter.name(), parameter.value().detach().add(noise).to(DType.BF16));
        }
        Safetensors.write(folder.resolve("net.safetensors"), rounded, Map.of());
        Map<String, Tensor> tokenizer = new LinkedHashMap<>();
        vae.parameters().forEach(parameter -> tokenizer.put(parameter.name(), parameter.value()));
        Safetensors.write(folder.resolve("vae.safetensors"), tokenizer, Map.of());
    }
}
