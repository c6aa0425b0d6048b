package org.cosmosj.policy.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cosmosj.testing.Golden;

/** Sentencepiece models among the golden files, and models that a test writes piece by piece. */
final class GoldenModels {
    /** T5's kind: character map, space before words, no bytes. */
    static final String T5 = "t5_tokenizer.model";
    /** Byte fallback, user-defined pieces, spaces behind words and kept, no character map. */
    static final String BYTES = "t5_tokenizer_bytes.model";

    private GoldenModels() {}

    static byte[] bytes(String name) {
        try (InputStream in = Golden.class.getResourceAsStream("/golden/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SentencePieceModel open(Path folder, String name) throws IOException {
        return open(folder, bytes(name));
    }

    static SentencePieceModel open(Path folder, byte[] bytes) throws IOException {
        return SentencePieceModel.open(Files.write(folder.resolve("spiece.model"), bytes));
    }
}
