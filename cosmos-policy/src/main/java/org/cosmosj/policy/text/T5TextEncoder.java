package org.cosmosj.policy.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cosmosj.policy.JsonFields;
import org.cosmosj.tensor.Checkpoint;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.Tensor;

/**
 * Turns instructions into the text that the policy attends to. Source: {@code get_t5_emb.py}, {@code
 * t5_embedding_utils.py}; spec 04 section 15.
 *
 * @param tokenizer cuts instructions into tokens
 * @param encoder embeds tokens
 * @param tokens S, to which instructions are cut or filled up with zeros
 */
public record T5TextEncoder(T5Tokenizer tokenizer, T5Encoder encoder, int tokens) {
    /** Text tokens of all released policies. */
    public static final int POLICY_TOKENS = 512;

    /** Checks that the parts fit. */
    public T5TextEncoder {
        if (tokens < 1) {
            throw new IllegalArgumentException("T5 text: " + tokens + " tokens, expected at least 1");
        }
        if (tokenizer.model().size() > encoder.config().vocabSize()) {
            throw new IllegalArgumentException("T5 text: the tokenizer has " + tokenizer.model().size()
                    + " pieces but the encoder a table of " + encoder.config().vocabSize()
                    + "; take both from the same model");
        }
    }

    /**
     * Opens a folder as Hugging Face lays it out: {@code config.json} and {@code model.safetensors}, its shards with
     * their index, or {@code pytorch_model.bin}. Matrices stay in the mapped files, so that the encoder of an 11B model
     * needs the memory of what it works on.
     *
     * @param folder the model
     * @param tokenizer its sentencepiece model
     * @param tokens S
     * @return the encoder, in the current scope
     * @throws CheckpointException if a file is missing or damaged
     * @throws IllegalArgumentException if configuration, weights and tokenizer do not fit together
     */
    public static T5TextEncoder open(Path folder, Path tokenizer, int tokens) throws CheckpointException {
        T5Tokenizer pieces = T5Tokenizer.of(SentencePieceModel.open(tokenizer));
        T5Config config = T5Config.of(JsonFields.parse(folder.resolve("config.json").toString(), config(folder)));
        try (Checkpoint weights = Checkpoint.open(weights(folder))) {
            return new T5TextEncoder(pieces, T5Encoder.loadInPlace(config, weights), tokens);
        }
    }

    private static String config(Path folder) throws CheckpointException {
        Path file = folder.resolve("config.json");
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new CheckpointException("T5 " + file + ": cannot be read (" + e
                    + "); give a folder of config.json and weights", e);
        }
    }

    /** A file of all weights, or the folder of an index. */
    private static Path weights(Path folder) {
        return List.of("model.safetensors", "pytorch_model.bin").stream().map(folder::resolve)
                .filter(Files::exists).findFirst().orElse(folder);
    }

    /**
     * Encodes instructions, each the same whatever it is encoded with.
     *
     * @param instructions B instructions
     * @return (B, S, D), F32; zeros behind the last token
     */
    public Tensor encode(List<String> instructions) {
        return encoder.embed(instructions.stream().map(text -> tokenizer.encode(text, tokens)).toList(), tokens);
    }
}
