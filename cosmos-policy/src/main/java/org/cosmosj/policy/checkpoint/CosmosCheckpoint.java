package org.cosmosj.policy.checkpoint;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.cosmosj.nn.Rounding;
import org.cosmosj.nn.Weights;
import org.cosmosj.policy.CosmosDiT;
import org.cosmosj.policy.CosmosDiTConfig;
import org.cosmosj.tensor.Checkpoint;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.TensorSource;
import org.cosmosj.tensor.TensorSpec;
import org.cosmosj.vae.LatentStatistics;
import org.cosmosj.vae.WanVae;
import org.cosmosj.vae.WanVaeConfig;

/**
 * Loads the reference's checkpoints into this library's models, from any format of {@link Checkpoint#open}. Keys that
 * the reference leaves out are left out; a missing, unexpected or misshapen one is an error that lists them (the
 * reference's non-strict loader keeps random weights instead). Source: spec 01 sections 14 and 15, spec 02 section 11.
 *
 * <pre>{@code
 * CosmosDiT network = CosmosCheckpoint.openNetwork(Path.of("policy.pt"), CosmosDiTConfig.COSMOS_PREDICT2_2B);
 * }</pre>
 */
public final class CosmosCheckpoint {
    private CosmosCheckpoint() {}

    /**
     * The parameters of the network in an open checkpoint, under their keys without {@code net.}.
     *
     * @param file an open checkpoint
     * @param config sizes
     * @param rounding {@link Rounding#BFLOAT16} rounds wider weights as the reference does on loading
     * @return a view of the checkpoint
     * @throws CheckpointException listing what is missing, unexpected or misshapen
     */
    public static TensorSource network(Checkpoint file, CosmosDiTConfig config, Rounding rounding)
            throws CheckpointException {
        return parameters(file, Inventory.network(config), Inventory.NETWORK, rounding);
    }

    /**
     * The parameters of the tokenizer in an open checkpoint.
     *
     * @param file an open checkpoint
     * @param config sizes; what differs is listed here for the full size, and found by {@link WanVae} for others
     * @param rounding {@link Rounding#BFLOAT16} rounds wider weights as the reference does on loading
     * @return a view of the checkpoint
     * @throws CheckpointException listing what is missing, unexpected or misshapen
     */
    public static TensorSource tokenizer(Checkpoint file, WanVaeConfig config, Rounding rounding)
            throws CheckpointException {
        if (config.withTemporalWindow(WanVaeConfig.WAN_2_1.temporalWindow()).equals(WanVaeConfig.WAN_2_1)) {
            return parameters(file, Inventory.named(Inventory.WAN_VAE), "", rounding);
        }
        Map<String, String> keys = new LinkedHashMap<>();
        file.keys().forEach(key -> keys.put(key, key));
        return new Parameters(file, keys, rounding);
    }

    /**
     * Builds a network of copied, trainable weights.
     *
     * @param path a checkpoint of any format
     * @param config sizes
     * @param dtype F32 or F64
     * @param rounding as in {@link #network}
     * @return the network; its parameters belong to the current scope
     * @throws CheckpointException if the checkpoint cannot be read or does not fit
     */
    public static CosmosDiT loadNetwork(Path path, CosmosDiTConfig config, DType dtype, Rounding rounding)
            throws CheckpointException {
        try (Checkpoint file = Checkpoint.open(path)) {
            return CosmosDiT.load(config, network(file, config, rounding), dtype);
        }
    }

    /**
     * Builds a network around the bf16 matrices of a mapped file, which takes no memory of its own and cannot be
     * trained.
     *
     * @param path a checkpoint of any format
     * @param config sizes
     * @return the network; it belongs to the current scope
     * @throws CheckpointException if the checkpoint cannot be read or does not fit
     */
    public static CosmosDiT openNetwork(Path path, CosmosDiTConfig config) throws CheckpointException {
        try (Checkpoint file = Checkpoint.open(path)) {
            return CosmosDiT.loadInPlace(config, network(file, config, Rounding.BFLOAT16));
        }
    }

    /**
     * Builds the full-size tokenizer.
     *
     * @param path a checkpoint of any format
     * @param statistics normalisation of the latents
     * @param dtype F32 or F64
     * @param rounding as in {@link #tokenizer}
     * @return the tokenizer; its parameters belong to the current scope
     * @throws CheckpointException if the checkpoint cannot be read or does not fit
     */
    public static WanVae loadTokenizer(Path path, LatentStatistics statistics, DType dtype, Rounding rounding)
            throws CheckpointException {
        try (Checkpoint file = Checkpoint.open(path)) {
            return new WanVae(Weights.of(tokenizer(file, WanVaeConfig.WAN_2_1, rounding), dtype), WanVaeConfig.WAN_2_1,
                    statistics);
        }
    }

    private static TensorSource parameters(Checkpoint file, Inventory inventory, String prefix, Rounding rounding)
            throws CheckpointException {
        InventoryDifferences differences = inventory.compare(file);
        if (!differences.isEmpty()) {
            boolean lacksPrefix = !prefix.isEmpty() && file.keys().stream().noneMatch(key -> key.startsWith(prefix));
            throw new CheckpointException("checkpoint " + file.describe() + ": " + differences
                    + (lacksPrefix ? "; the network's keys start with " + prefix : ""));
        }
        Map<String, String> keys = new LinkedHashMap<>();
        for (TensorSpec spec : inventory.parameters()) {
            keys.put(spec.key().substring(prefix.length()), spec.key());
        }
        return new Parameters(file, keys, rounding);
    }

    /** Only what a model takes, under the model's names. */
    private record Parameters(Checkpoint file, Map<String, String> fileKeys, Rounding rounding)
            implements
                TensorSource {
        @Override
        public Set<String> keys() {
            return fileKeys.keySet();
        }

        @Override
        public boolean contains(String key) {
            return fileKeys.containsKey(key);
        }

        @Override
        public Tensor tensor(String key) {
            Tensor stored = file.tensor(fileKeys.getOrDefault(key, key));
            Tensor rounded = rounding == Rounding.BFLOAT16 ? stored.to(DType.BF16) : stored;
            return rounded.contiguous();
        }

        @Override
        public String describe() {
            return file.describe();
        }
    }
}
