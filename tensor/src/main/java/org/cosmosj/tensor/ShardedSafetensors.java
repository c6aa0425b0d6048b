package org.cosmosj.tensor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
            ShardedSafetensors sharded = open(new Index(index), shards);
            opened = true;
            return sharded;
        } finally {
            if (!opened) {
                shards.values().forEach(Safetensors::close);
            }
        }
    }

    private static ShardedSafetensors open(Index index, Map<String, Safetensors> shards) throws CheckpointException {
        Path folder = index.file.toAbsolutePath().getParent();
        Map<String, Safetensors> byKey = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : index.weightMap().entrySet()) {
            String key = (String) entry.getKey();
            if (!(entry.getValue() instanceof String name) || !isPlainName(name)) {
                throw index.error(key, "weight_map of '" + key + "' is not the name of a file beside the index");
            }
            if (!shards.containsKey(name)) {
                shards.put(name, index.shard(key, folder.resolve(name)));
            }
            if (!shards.get(name).contains(key)) {
                throw index.error(key, "tensor '" + key + "' is not in " + name + " where the index says it is");
            }
            byKey.put(key, shards.get(name));
        }
        for (Map.Entry<String, Safetensors> shard : shards.entrySet()) {
            for (String key : shard.getValue().keys()) {
                if (byKey.get(key) != shard.getValue()) {
                    throw index.error(shard.getKey(), "tensor '" + key + "' of " + shard.getKey()
                            + " is not in the index");
                }
            }
        }
        return new ShardedSafetensors(index.file, shards, byKey);
    }

    private static boolean isPlainName(String name) {
        return !name.isEmpty() && name.length() <= LONGEST_NAME && !name.startsWith(".")
                && name.chars().noneMatch(c -> c == '/' || c == '\\' || c < ' ');
    }

    /** The text of an index; refusals name the byte where a string stands in it. */
    private static final class Index {
        private final Path file;
        private final byte[] bytes;

        Index(Path file) throws CheckpointException {
            this.file = file;
            try {
                long size = Files.size(file);
                if (size > LONGEST_INDEX) {
                    throw new CheckpointException(describe() + "at byte " + LONGEST_INDEX + ": has " + size
                            + " bytes, expected at most " + LONGEST_INDEX);
                }
                this.bytes = Files.readAllBytes(file);
            } catch (CheckpointException e) {
                throw e;
            } catch (IOException e) {
                throw new CheckpointException(describe() + "cannot be read (" + e + ")", e);
            }
        }

        Map<?, ?> weightMap() throws CheckpointException {
            try {
                if (Json.parse(bytes, 0) instanceof Map<?, ?> members
                        && members.get("weight_map") instanceof Map<?, ?> weightMap) {
                    return weightMap;
                }
            } catch (IllegalArgumentException e) {
                throw new CheckpointException(describe() + "is not valid JSON " + e.getMessage(), e);
            }
            throw error("weight_map", "has no object weight_map");
        }

        Safetensors shard(String key, Path shard) throws CheckpointException {
            try {
                return Safetensors.open(shard);
            } catch (CheckpointException e) {
                throw new CheckpointException(error(key, e.getMessage()).getMessage(), e);
            }
        }

        CheckpointException error(String string, String message) {
            return new CheckpointException(describe() + "at byte " + position(string) + ": " + message);
        }

        private String describe() {
            return "sharded safetensors " + file + ": ";
        }

        /** Where a string first stands in quotes; the first byte if it is not there, or is there with escapes only. */
        private int position(String string) {
            byte[] quoted = ('"' + string + '"').getBytes(StandardCharsets.UTF_8);
            int at = 0;
            while (at + quoted.length <= bytes.length
                    && !Arrays.equals(bytes, at, at + quoted.length, quoted, 0, quoted.length)) {
                at++;
            }
            return at + quoted.length <= bytes.length ? at : 0;
        }
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
