package org.cosmosj.policy.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cosmosj.nn.Rounding;
import org.cosmosj.nn.Weights;
import org.cosmosj.policy.CosmosDiT;
import org.cosmosj.policy.CosmosDiTConfig;
import org.cosmosj.tensor.Checkpoint;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Safetensors;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.TensorSpec;
import org.cosmosj.tensor.TorchCheckpoint;
import org.cosmosj.tensor.spi.Command;
import org.cosmosj.vae.WanVaeConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CosmosCheckpointTest {
    private static final CosmosDiTConfig TINY = new CosmosDiTConfig(4, 4, 16, 16, 16, 2, 24, 2, 2, 2, 6, 4, 3, 3, 1,
            Rounding.FLOAT32, 1, Rounding.FLOAT32, Rounding.FLOAT32);

    @TempDir
    Path folder;

    private Scope scope;
    private CosmosDiT network;

    @BeforeEach
    void makeNetwork() {
        scope = Scope.open(Device.cpu(), "checkpoint");
        network = new CosmosDiT(TINY, Weights.random(Rng.seeded(1), DType.F32));
    }

    @AfterEach
    void closeScope() {
        scope.close();
    }

    @Test
    void inventoriesListTheReleasedParameters() {
        Inventory dit = Inventory.named(Inventory.DIT_2B);
        Inventory vae = Inventory.named(Inventory.WAN_VAE);

        assertThat(dit.tensors()).hasSize(574);
        assertThat(dit.parameters()).hasSize(567);
        assertThat(elements(dit)).isEqualTo(1_956_413_440L);
        assertThat(vae.tensors()).hasSize(194).isEqualTo(vae.parameters());
        assertThat(elements(vae)).isEqualTo(126_892_531L);
        assertThat(Inventory.network(CosmosDiTConfig.COSMOS_PREDICT2_2B).tensors())
                .containsExactlyInAnyOrderElementsOf(dit.tensors());
    }

    private static long elements(Inventory inventory) {
        return inventory.parameters().stream().mapToLong(spec -> spec.shape().numel()).sum();
    }

    @Test
    void theInventoryOfANetworkIsWhatItIsBuiltFrom() {
        assertThat(Inventory.network(TINY).parameters()).containsExactlyInAnyOrderElementsOf(network.parameters()
                .stream().map(p -> new TensorSpec("net." + p.name(), DType.BF16, p.value().shape())).toList());
    }

    @Test
    void loadsANetworkAndLeavesOutWhatTheReferenceLeavesOut() throws IOException {
        Map<String, Tensor> tensors = tensors();
        tensors.put("net.t_embedding_norm._extra_state", Tensor.of(new byte[] {1}, 1));
        tensors.put("net.accum_iteration", Tensor.of(new long[] {7}));
        tensors.put("net.pos_embedder.seq", Tensor.zeros(DType.F32, Shape.of(16)));
        tensors.put("net_ema.x_embedder.proj.1.weight", Tensor.of(new float[] {1}, 1));
        tensors.put("conditioner.weight", Tensor.of(new float[] {1}, 1));
        Path file = folder.resolve("policy.pt");
        TorchCheckpoint.write(file, tensors);

        CosmosDiT exact = CosmosCheckpoint.loadNetwork(file, TINY, DType.F32, Rounding.FLOAT32);
        CosmosDiT rounded = CosmosCheckpoint.loadNetwork(file, TINY, DType.F32, Rounding.BFLOAT16);
        CosmosDiT inPlace = CosmosCheckpoint.openNetwork(file, TINY);

        for (int i = 0; i < network.parameters().size(); i++) {
            Parameter original = network.parameters().get(i);
            float[] bf16 = original.value().detach().to(DType.BF16).toFloatArray();
            assertThat(exact.parameters().get(i).value().toFloatArray()).as(original.name())
                    .isEqualTo(original.value().toFloatArray());
            assertThat(rounded.parameters().get(i).value().toFloatArray()).as(original.name()).isEqualTo(bf16);
            assertThat(inPlace.parameters().get(i).value().toFloatArray()).as(original.name()).isEqualTo(bf16);
        }
    }

    @Test
    void listsWhatIsMissingUnexpectedAndMisshapen() throws IOException {
        Map<String, Tensor> tensors = tensors();
        tensors.remove("net.blocks.1.mlp.layer2.weight");
        tensors.put("net.blocks.2.mlp.layer2.weight", Tensor.of(new float[] {1}, 1));
        tensors.put("net.t_embedding_norm.weight", Tensor.of(new float[] {1, 2}, 2));
        Path file = folder.resolve("policy.safetensors");
        Safetensors.write(file, tensors, Map.of());

        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> CosmosCheckpoint.openNetwork(file, TINY))
                .withMessage("checkpoint " + file + ": expected network of 2 blocks: 1 missing"
                        + " (net.blocks.1.mlp.layer2.weight (24, 48)); 1 unexpected"
                        + " (net.blocks.2.mlp.layer2.weight (1)); 1 misshapen (net.t_embedding_norm.weight (2),"
                        + " expected (24))");
    }

    @Test
    void saysThatThePrefixIsMissing() throws IOException {
        Path file = folder.resolve("policy.safetensors");
        Safetensors.write(file, Map.of("x_embedder.proj.1.weight", Tensor.of(new float[] {1}, 1)), Map.of());

        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> CosmosCheckpoint.openNetwork(file, TINY))
                .withMessageEndingWith("; the network's keys start with net.");
        try (Checkpoint opened = Checkpoint.open(file)) {
            assertThatExceptionOfType(CheckpointException.class)
                    .isThrownBy(() -> CosmosCheckpoint.tokenizer(opened, WanVaeConfig.WAN_2_1,
                            Rounding.FLOAT32))
                    .withMessageContaining("expected wan-vae: 194 missing (").withMessageContaining("1 unexpected (x_");
        }
    }

    @Test
    void convertsBetweenFormatsAndDtypes() throws IOException {
        Path safetensors = folder.resolve("a.safetensors");
        Path torch = folder.resolve("a.pt");
        Safetensors.write(safetensors, Map.of("w", Tensor.of(new float[] {1.00390625f, -2}, 2), "n",
                Tensor.of(new long[] {3}, 1)), Map.of("note", "kept"));

        assertThat(run(new ConvertCommand(), safetensors.toString(), torch.toString(), "--dtype", "bf16"))
                .startsWith("0\n" + torch + ": 2 tensors, 0.0 MB in ");
        try (Checkpoint read = Checkpoint.open(torch)) {
            assertThat(read).isInstanceOf(TorchCheckpoint.class);
            assertThat(read.dtype("w")).isEqualTo(DType.BF16);
            assertThat(read.tensor("w").toFloatArray()).containsExactly(1, -2);
            assertThat(read.tensor("n").toLongArray()).containsExactly(3);
        }
        assertThat(run(new ConvertCommand(), torch.toString(), folder.resolve("a.bin").toString()))
                .startsWith("2\n").contains("ends in none of .safetensors, .pt and .pth");
        assertThat(run(new ConvertCommand(), torch.toString(), torch.toString(), "--dtype", "int4"))
                .startsWith("2\n").contains("dtype 'int4' is unknown");
    }

    @Test
    void inspectsAndCompares() throws IOException {
        Path file = folder.resolve("policy.safetensors");
        Safetensors.write(file, tensors(), Map.of("note", "tiny"));

        assertThat(run(new InspectCommand(), file.toString())).startsWith("0\n")
                .contains("net.blocks.0.cross_attn.k_norm.weight").contains("F32   (72, 24)")
                .contains("note note = tiny").contains("dtype  F32: 47 tensors, ").contains("prefix net.blocks.*: ")
                .contains("total  47 tensors, ");
        assertThat(run(new InspectCommand(), file.toString(), "--expect", "dit-2b")).startsWith("1\n")
                .contains("missing    net.blocks.27.mlp.layer2.weight (2048, 8192)")
                .contains("misshapen  net.blocks.0.mlp.layer1.weight (48, 24), expected (8192, 2048)")
                .contains("dit-2b: 520 missing, 0 unexpected, 47 misshapen, 0 ignored");
        assertThat(run(new InspectCommand(), file.toString(), "--expect", "gpt")).startsWith("2\n")
                .contains("inventory 'gpt' is unknown; use dit-2b or wan-vae");
    }

    @Test
    void randomWeightsHaveTheMagnitudesOfTheirKind() {
        RandomWeights weights = new RandomWeights(Inventory.named(Inventory.DIT_2B), 5);
        TensorSpec matrix = new TensorSpec("net.x_embedder.proj.1.weight", DType.BF16, Shape.of(2048, 72));
        TensorSpec gain = new TensorSpec("net.t_embedding_norm.weight", DType.BF16, Shape.of(2048));

        assertThat(weights.of(matrix).dtype()).isEqualTo(DType.BF16);
        assertThat(deviation(weights.of(matrix).toFloatArray(), 0)).isBetween(0.115, 0.121); // 1 / sqrt(72)
        assertThat(deviation(weights.of(gain).toFloatArray(), 1)).isBetween(0.045, 0.055);
        assertThat(weights.of(matrix).toFloatArray()).isEqualTo(weights.of(matrix).toFloatArray());
        assertThat(weights.of(new TensorSpec("net.accum_iteration", DType.I64, Shape.SCALAR)).toLongArray())
                .containsExactly(0);
        assertThat(weights.of(new TensorSpec("net.pos_embedder.dim_spatial_range", DType.F32, Shape.of(21)))
                .toFloatArray()).startsWith(0, 2 / 42f).endsWith(40 / 42f);
        assertThat(run(new MakeCheckpointCommand(), "gpt", "--seed", "1", folder.resolve("a.pt").toString()))
                .startsWith("2\n").contains("inventory 'gpt' is unknown");
    }

    private static double deviation(float[] values, double mean) {
        double squares = 0;
        for (float value : values) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / values.length);
    }

    private Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        List<Parameter> parameters = network.parameters();
        parameters.forEach(parameter -> tensors.put("net." + parameter.name(), parameter.value()));
        return tensors;
    }

    /** Exit code, then everything that was printed. */
    private static String run(Command command, String... args) {
        StringWriter text = new StringWriter();
        PrintWriter printer = new PrintWriter(text, true);
        int code = new CommandLine(command).setOut(printer).setErr(printer).execute(args);
        return code + "\n" + text;
    }
}
