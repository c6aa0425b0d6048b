package org.cosmosj.policy.text;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cosmosj.tensor.Checkpoint;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.PickledTensors;
import org.cosmosj.tensor.Safetensors;
import org.cosmosj.tensor.Tensor;

/**
 * Files of text embeddings: for each instruction, spelled exactly, a tensor (1, S, D), in the reference BF16. They take
 * the place of the encoder when the policy runs. Source: spec 05 section 20.
 */
public enum TextEmbeddings {
    /** The reference's {@code *_t5_embeddings.pkl}. */
    PICKLE(".pkl") {
        @Override
        public void write(Path file, Map<String, Tensor> embeddings) throws CheckpointException {
            PickledTensors.write(file, embeddings);
        }
    },
    /** The same entries without pickle. */
    SAFETENSORS(".safetensors") {
        @Override
        public void write(Path file, Map<String, Tensor> embeddings) throws CheckpointException {
            Safetensors.write(file, embeddings, Map.of());
        }
    };

    private final String suffix;

    TextEmbeddings(String suffix) {
        this.suffix = suffix;
    }

    /**
     * The format that a file's name asks for.
     *
     * @param file its path
     * @return the format
     * @throws IllegalArgumentException if the name has another suffix
     */
    public static TextEmbeddings of(Path file) {
        for (TextEmbeddings format : values()) {
            if (file.getFileName().toString().endsWith(format.suffix)) {
                return format;
            }
        }
        throw new IllegalArgumentException("text embeddings " + file
                + ": the name ends neither in .pkl nor in .safetensors; rename it");
    }

    /**
     * Reads all embeddings, whatever the format; they are read-only and belong to the current scope.
     *
     * @param file what to read
     * @return tensors by instruction, in the order of the file
     * @throws CheckpointException if the file cannot be read or is damaged
     */
    public static Map<String, Tensor> read(Path file) throws CheckpointException {
        Map<String, Tensor> embeddings = new LinkedHashMap<>();
        try (Checkpoint open = Checkpoint.open(file)) {
            open.keys().forEach(instruction -> embeddings.put(instruction, open.tensor(instruction)));
        }
        return embeddings;
    }

    /**
     * Writes embeddings, so that a failure at any moment leaves the old file as it was.
     *
     * @param file where to; its folder must exist
     * @param embeddings tensors by instruction
     * @throws CheckpointException if the file cannot be written
     */
    public abstract void write(Path file, Map<String, Tensor> embeddings) throws CheckpointException;
}
