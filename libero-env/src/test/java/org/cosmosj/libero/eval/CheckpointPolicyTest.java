package org.cosmosj.libero.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.cosmosj.libero.EpisodeId;
import org.cosmosj.libero.render.Picture;
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
import org.cosmosj.policy.query.MakeObservationCommand;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Safetensors;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.vae.LatentStatistics;
import org.cosmosj.vae.WanVae;
import org.cosmosj.vae.WanVaeConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CheckpointPolicyTest {

    private static final String TOLD = "push the block";
    private static final CosmosDiTConfig NET = new CosmosDiTConfig(4, 4, 16, 16, 16, 2, 24, 2, 2, 2, 6, 4, 3, 3, 1,
            Rounding.FLOAT32, 1, Rounding.FLOAT32, Rounding.FLOAT32);
    private static final WanVaeConfig VAE =
            new WanVaeConfig(4, 4, List.of(1, 2, 2, 2), 1, List.of(false, true, true), 16);
    private static final CosmosPolicyConfig CONFIG = new CosmosPolicyConfig(LatentLayout.LIBERO, NET, VAE,
            Rounding.BFLOAT16, new Sizes(32, 3, 7, 9, 4), DiffusionConfig.RELEASED, SamplingConfig.RELEASED,
            ObjectiveFlags.NONE, Crop.CENTRE, Rounding.FLOAT32);

    @TempDir
    private Path folder;

    @BeforeEach
    void writeFiles() throws IOException {
        Files.writeString(folder.resolve("policy.json"), CONFIG.toJson());
        try (Scope _ = Scope.open(Device.cpu(), "test files")) {
            Weights net = Weights.random(Rng.seeded(1), DType.F32);
            new CosmosDiT(NET, net);
            write("net.safetensors", "net.", net);
            Weights vae = Weights.random(Rng.seeded(2), DType.F32);
            new WanVae(vae, VAE, LatentStatistics.identity(4));
            write("vae.safetensors", "", vae);
        }
        assertThat(new CommandLine(new MakeObservationCommand()).execute(folder.resolve("more").toString(), "--config",
                folder.resolve("policy.json").toString(), "--instruction", TOLD)).isZero();
    }

    private void write(String file, String prefix, Weights weights) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        weights.parameters().forEach(each -> tensors.put(prefix + each.name(), each.value().detach()
                .add(Tensor.randn(Rng.seeded(3).stream(each.name().hashCode()), DType.F32, each.value().shape())
                        .mul(0.2))));
        Safetensors.write(folder.resolve(file), tensors, Map.of());
    }

    private CheckpointPolicy open() {
        return new CheckpointPolicy(new CheckpointPolicy.Files(folder.resolve("net.safetensors"),
                folder.resolve("vae.safetensors"), folder.resolve("more/t5.safetensors"),
                folder.resolve("more/dataset_statistics.json")), CONFIG, 2);
    }

    private static ChunkPolicy.Question question(int episode, long seed, String told, ChunkPolicy.Wanted wanted) {
        byte[] rgb = new byte[3 * 40 * 40];
        new Random(episode).nextBytes(rgb);
        Picture picture = new Picture(40, 40, rgb);
        double[] proprio = new double[9];
        proprio[2] = 0.1 * episode;
        return new ChunkPolicy.Question(new EpisodeId("libero_spatial", "a", episode, seed), 0, told, picture,
                picture.flippedVertically(), proprio, wanted);
    }

    @Test
    void answersSeveralRobotsAsEachAlone() {
        List<ChunkPolicy.Question> questions = List.of(question(0, 195, TOLD, ChunkPolicy.Wanted.ACTIONS),
                question(1, 196, TOLD, ChunkPolicy.Wanted.ACTIONS), question(2, 195, TOLD, ChunkPolicy.Wanted.ACTIONS),
                question(0, 196, TOLD, ChunkPolicy.Wanted.ACTIONS),
                question(0, 195, TOLD, ChunkPolicy.Wanted.PICTURES));
        try (CheckpointPolicy policy = open()) {
            List<ChunkPolicy.Answer> together = policy.answer(questions);
            for (int i = 0; i < questions.size(); i++) {
                ChunkPolicy.Answer alone = policy.answer(List.of(questions.get(i))).getFirst();
                assertThat(together.get(i).actions()).isDeepEqualTo(alone.actions()).hasDimensions(3, 7);
                assertThat(together.get(i).value()).isEqualTo(alone.value()).isBetween(0.0, 1.0);
            }
            assertThat(together.get(0).actions()).isDeepEqualTo(together.get(4).actions());
            assertThat(together.get(0).actions()[0][0]).isNotEqualTo(together.get(2).actions()[0][0]);
            assertThat(together.get(0).actions()[0][0]).isNotEqualTo(together.get(3).actions()[0][0]);
            assertThat(together.get(0).future()).isEmpty();
            assertThat(together.get(4).future().orElseThrow().height()).isEqualTo(32);
        }
    }

    @Test
    void namesTheInstructionThatIsNotEmbedded() {
        try (CheckpointPolicy policy = open()) {
            assertThatThrownBy(() -> policy.answer(List.of(question(0, 195, "fly", ChunkPolicy.Wanted.ACTIONS))))
                    .isInstanceOf(IllegalStateException.class).hasMessageContaining("\"fly\"")
                    .hasMessageContaining("t5.safetensors");
        }
    }
}
