package org.cosmosj.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.cosmosj.tensor.internal.Json;

/**
 * Safetensors files that an index ({@code model.safetensors.index.json}) joins: {@code weight_map} names the file of
 * each tensor. Format: Hugging Face transformers.
 */
public final class ShardedSafetensors implements Checkpoint {
    private static final long LONGEST_INDEX = 64L << 20;
    /** What file systems allow; a longer name would be copied several times only to be found missing. */
    private static final int LONGEST_NAME = 255;

    private final Path index;
    private final Map<String, Safetensors> shards;
    private final Map<String, Safetensors> byKey;

    private ShardedSafetensors(Path index, Map<String, Safetensors> shards, Map<String, Safetensors> byKey) {
        this.index = index;
        this.shards = shards;
        this.byKey = byKey;
    }

    /**
     * Maps all files of an index and checks that each holds exactly the tensors that the index says.
     *
     * @param path the index, or a folder that holds one
     * @return the open files
     * @throws CheckpointException if a file is missing, cannot be read or contradicts the index
     */
    public static ShardedSafetensors open(Path path) throws CheckpointException {
        Path index = Files.isDirectory(path) ? CheckpointFormat.index(path) : path;
        if (index == null) {
            throw new CheckpointException("sharded safetensors " + path + ": no index in this folder");
        }
        Map<String, Safetensors> shards = new LinkedHashMap<>();
        boolean opened = false;
        try {
            ShardedSafetensors sharded = open(index, weightMap(index), shards);
            opened = true;
            return sharded;
        } finally {
            if (!opened) {
                shards.values().forEach(Safetensors::close);
            }
        }
    }

    private static ShardedSafetensors open(Path index, Map<?, ?> weightMap, Map<String, Safetensors> shards)
            throws CheckpointException {
        Path folder = index.toAbsolutePath().getParent();
        Map<String, Safetensors> byKey = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : weightMap.entrySet()) {
            String key = (String) entry.getKey();
            if (!(entry.getValue() instanceof String name) || !isPlainName(name)) {
                throw error(index, "weight_map of '" + key + "' is not the name of a file beside the index");
            }
            if (!shards.containsKey(name)) {
                shards.put(name, shard(index, folder.resolve(name)));
            }
            if (!shards.get(name).contains(key)) {
                throw error(index, "tensor '" + key + "' is not in " + name + " where the index says it is");
            }
            byKey.put(key, shards.get(name));
        }
        for (Map.Entry<String, Safetensors> shard : shards.entrySet()) {
            for (String key : shard.getValue().keys()) {
                if (byKey.get(key) != shard.getValue()) {
                    throw error(index, "tensor '" + key + "' of " + shard.getKey() + " is not in the index");
                }
            }
        }
        return new ShardedSafetensors(index, shards, byKey);
    }

    private static Safetensors shard(Path index, Path file) throws CheckpointException {
        try {
            return Safetensors.open(file);
        } catch (CheckpointException e) {
            throw new CheckpointException("sharded safetensors " + index + ": " + e.getMessage(), e);
        }
    }

    private static boolean isPlainName(String name) {
        return !name.isEmpty() && name.length() <= LONGEST_NAME && !name.startsWith(".")
                && name.chars().noneMatch(c -> c == '/' || c == '\\' || c < ' ');
    }

    private static Map<?, ?> weightMap(Path index) throws CheckpointException {
        try {
            if (Files.size(index) > LONGEST_INDEX) {
                throw error(index, "has " + Files.size(index) + " bytes, expected at most " + LONGEST_INDEX);
            }
            if (Json.parse(Files.readAllBytes(index), 0) instanceof Map<?, ?> members
                    && members.get("weight_map") instanceof Map<?, ?> weightMap) {
                return weightMap;
            }
            throw error(index, "at byte 0: has no object weight_map");
        } catch (IllegalArgumentException e) {
            throw new CheckpointException("sharded safetensors " + index + ": is not valid JSON " + e.getMessage(), e);
        } catch (CheckpointException e) {
            throw e;
        } catch (IOException e) {
            throw new CheckpointException("sharded safetensors " + index + ": cannot be read (" + e + ")", e);
        }
    }

    private static CheckpointException error(Path index, String message) {
        return new CheckpointException("sharded safetensors " + index + ": " + message);
    }

    @Override
    public Set<String> keys() {
        return Collections.unmodifiableSet(byKey.keySet());
    }

    @Override
    public boolean contains(String key) {
        return byKey.containsKey(key);
    }

    @Override
    public Shape shape(String key) {
        return shard(key).shape(key);
    }

    @Override
    public DType dtype(String key) {
        return shard(key).dtype(key);
    }

    @Override
    public Tensor tensor(String key) {
        return shard(key).tensor(key);
    }

    private Safetensors shard(String key) {
        Safetensors shard = byKey.get(key);
        if (shard == null) {
            throw new IllegalArgumentException("sharded safetensors " + index + ": no tensor '" + key + "' among "
                    + byKey.size() + NearestKey.of(key, byKey.keySet()));
        }
        return shard;
    }

    @Override
    public String describe() {
        return index.toString();
    }

    @Override
    public void close() {
        shards.values().forEach(Safetensors::close);
    }
}
