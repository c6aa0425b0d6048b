package org.cosmosj.policy.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cosmosj.policy.CosmosDiTConfig;
import org.cosmosj.tensor.Checkpoint;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.TensorSpec;

/**
 * The tensors of a kind of checkpoint, as the reference writes it. The inventories of the full-size network and
 * tokenizer were listed from the reference's own modules. Source: spec 01 section 14, spec 02 section 11.
 */
public final class Inventory {
    /** Name of the full-size network, {@code net.*}. */
    public static final String DIT_2B = "dit-2b";
    /** Name of the full-size tokenizer, without prefix. */
    public static final String WAN_VAE = "wan-vae";
    /** Where regular weights stand in a checkpoint of the network; the reference drops everything else. */
    static final String NETWORK = "net.";

    private static final String EXTRA_STATE = "_extra_state";

    private final String name;
    private final String prefix;
    private final Map<String, TensorSpec> required = new LinkedHashMap<>();
    private final Map<String, TensorSpec> optional = new LinkedHashMap<>();

    private Inventory(String name, String prefix) {
        this.name = name;
        this.prefix = prefix;
    }

    /**
     * A full-size inventory.
     *
     * @param name {@link #DIT_2B} or {@link #WAN_VAE}
     * @return the inventory
     * @throws IllegalArgumentException if the name is another
     */
    public static Inventory named(String name) {
        return switch (name) {
            case DIT_2B -> read(name, "dit_2b.json", NETWORK, DType.BF16);
            case WAN_VAE -> read(name, "wan_vae.json", "", DType.F32);
            default -> throw new IllegalArgumentException("inventory '" + name + "' is unknown; use " + DIT_2B + " or "
                    + WAN_VAE);
        };
    }

    /** Files hold the network in bf16 and the tokenizer in float32; counters stay integers. */
    private static Inventory read(String name, String resource, String prefix, DType floats) {
        Inventory inventory = new Inventory(name, prefix);
        try (InputStream in = Inventory.class.getResourceAsStream(resource)) {
            JsonNode json = new ObjectMapper().readTree(in);
            Set<String> buffers = new HashSet<>();
            json.path("buffers").forEach(buffer -> buffers.add(buffer.asText()));
            json.path("state_dict").properties().forEach(entry -> {
                List<Long> sizes = new ArrayList<>();
                entry.getValue().path(0).forEach(size -> sizes.add(size.asLong()));
                DType dtype = entry.getValue().path(1).asText().equals("int64") ? DType.I64 : floats;
                Shape shape = Shape.of(sizes.stream().mapToLong(Long::longValue).toArray());
                inventory.add(buffers.contains(entry.getKey()) ? inventory.optional : inventory.required,
                        entry.getKey(), dtype, shape);
            });
        } catch (IOException e) { // a resource of this class
            throw new UncheckedIOException(e);
        }
        return inventory;
    }

    /**
     * The network of any sizes.
     *
     * @param config sizes
     * @return its inventory, equal to {@link #DIT_2B} for {@link CosmosDiTConfig#COSMOS_PREDICT2_2B}
     */
    public static Inventory network(CosmosDiTConfig config) {
        Inventory inventory = new Inventory("network of " + config.numBlocks() + " blocks", NETWORK);
        long width = config.modelChannels();
        long patch = (long) config.patchSpatial() * config.patchSpatial();
        long head = width / config.numHeads();
        inventory.weight("x_embedder.proj.1", width, (config.inChannels() + 2) * patch);
        inventory.weight("t_embedder.1.linear_1", width, width);
        inventory.weight("t_embedder.1.linear_2", 3 * width, width);
        inventory.weight("t_embedding_norm", width);
        for (int block = 0; block < config.numBlocks(); block++) {
            inventory.block("blocks." + block + ".", config, width, head);
        }
        inventory.weight("final_layer.linear", config.outChannels() * patch, width);
        inventory.modulation("final_layer.adaln_modulation", 2 * width, config);
        for (String counter : List.of("video_sample_counter", "image_sample_counter", "iteration")) {
            inventory.add(inventory.optional, "accum_" + counter, DType.I64, Shape.SCALAR);
        }
        inventory.add(inventory.optional, "accum_train_in_hours", DType.BF16, Shape.SCALAR);
        long spatial = head / 6; // pairs of each spatial axis
        int side = Math.max(config.maxImgH(), config.maxImgW()) / config.patchSpatial();
        long longest = Math.max(config.maxFrames(), side);
        inventory.add(inventory.optional, "pos_embedder.seq", DType.BF16, Shape.of(longest));
        inventory.add(inventory.optional, "pos_embedder.dim_spatial_range", DType.BF16, Shape.of(spatial));
        inventory.add(inventory.optional, "pos_embedder.dim_temporal_range", DType.BF16,
                Shape.of(head / 2 - 2 * spatial));
        return inventory;
    }

    private void block(String path, CosmosDiTConfig config, long width, long head) {
        for (String attention : List.of("self_attn", "cross_attn")) {
            long context = attention.equals("self_attn") ? width : config.crossattnEmbChannels();
            weight(path + attention + ".q_proj", width, width);
            weight(path + attention + ".k_proj", width, context);
            weight(path + attention + ".v_proj", width, context);
            weight(path + attention + ".output_proj", width, width);
            weight(path + attention + ".q_norm", head);
            weight(path + attention + ".k_norm", head);
        }
        long hidden = Math.round(config.mlpRatio() * width);
        weight(path + "mlp.layer1", hidden, width);
        weight(path + "mlp.layer2", width, hidden);
        for (String part : List.of("self_attn", "cross_attn", "mlp")) {
            modulation(path + "adaln_modulation_" + part, 3 * width, config);
        }
    }

    private void modulation(String path, long out, CosmosDiTConfig config) {
        weight(path + ".1", config.adalnLoraDim(), config.modelChannels());
        weight(path + ".2", out, config.adalnLoraDim());
    }

    private void weight(String path, long... sizes) {
        add(required, path + ".weight", DType.BF16, Shape.of(sizes));
    }

    private void add(Map<String, TensorSpec> part, String key, DType dtype, Shape shape) {
        part.put(key, new TensorSpec(prefix + key, dtype, shape));
    }

    /**
     * What this lists.
     *
     * @return such as {@code dit-2b}
     */
    public String name() {
        return name;
    }

    /**
     * Everything that a file of the reference holds.
     *
     * @return parameters, then counters and buffers, under the keys of the file
     */
    public List<TensorSpec> tensors() {
        List<TensorSpec> all = new ArrayList<>(required.values());
        all.addAll(optional.values());
        return all;
    }

    /**
     * The tensors that a model is built from.
     *
     * @return the parameters, under the keys of the file
     */
    public List<TensorSpec> parameters() {
        return List.copyOf(required.values());
    }

    /**
     * Compares a checkpoint with this list, as the reference's loader reads it: a checkpoint of the network may hold
     * anything outside of {@code net.}, {@code _extra_state} of any layer, and its counters and buffers or not; one of
     * the tokenizer holds exactly the listed keys.
     *
     * @param checkpoint an open checkpoint
     * @return what differs
     */
    public InventoryDifferences compare(Checkpoint checkpoint) {
        List<String> unexpected = new ArrayList<>();
        List<String> misshapen = new ArrayList<>();
        List<String> ignored = new ArrayList<>();
        Set<String> missing = new LinkedHashSet<>(required.keySet());
        for (String key : checkpoint.keys()) {
            if (isIgnored(key)) {
                ignored.add(key);
                continue;
            }
            String inside = key.substring(prefix.length());
            TensorSpec spec = required.containsKey(inside) ? required.get(inside) : optional.get(inside);
            missing.remove(inside);
            if (spec == null) {
                unexpected.add(key + " " + checkpoint.shape(key));
            } else if (!checkpoint.shape(key).equals(spec.shape())) {
                misshapen.add(key + " " + checkpoint.shape(key) + ", expected " + spec.shape());
            }
        }
        checkpoint.others().forEach((key, what) -> {
            if (isIgnored(key)) {
                ignored.add(key);
            } else {
                unexpected.add(key + ", " + what);
            }
        });
        return new InventoryDifferences(name, missing.stream().map(key -> prefix + key + " "
                + required.get(key).shape()).toList(), unexpected, misshapen, ignored);
    }

    private boolean isIgnored(String key) {
        return !prefix.isEmpty() && (!key.startsWith(prefix) || key.contains(EXTRA_STATE));
    }
}
