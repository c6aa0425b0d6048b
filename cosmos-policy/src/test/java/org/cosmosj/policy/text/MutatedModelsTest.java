package org.cosmosj.policy.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.testing.MutationCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MutatedModelsTest {
    private static final String PLACE = "at byte \\d+|pieces? |of type";
    private static final List<String> TEXTS =
            List.of("pick up the black bowl", "  caf\u00e9 \ud83e\udd63\u4e0a \ufb01nd\tmicrowave  ", "xxxxxxxxxxxx");
    /** Protobuf: long and negative varints, extreme numbers, openings of messages, floats that are none. */
    private static final byte[][] TOKENS = tokens("\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\1",
            "\u00ff\u00ff\u00ff\u00ff\u000f", "\n\u0080", "\n\3\n\1x", "\0\0\u0080\177", "\0\0\u00c0\177", "\22\0",
            "\32\0", "<0x41>", "<unk>", "\u00e2\u0096\u0081");

    @TempDir
    private Path folder;

    /** A damaged model is refused by name or cuts texts into pieces it has; it takes no memory beyond its size. */
    @Test
    void damagedModelsAreRefusedOrHarmless() throws IOException {
        MutationCheck.of("model", folder).originals(GoldenModels.bytes(GoldenModels.BYTES)).tokens(TOKENS)
                .refusals(CheckpointException.class, PLACE).run(10_000, MutatedModelsTest::encode);
    }

    /** The same with a model of full size. */
    @Test
    void damagedModelsOfT5AreRefusedOrHarmless() throws IOException {
        MutationCheck.of("t5.model", folder).originals(GoldenModels.bytes(GoldenModels.T5)).tokens(TOKENS)
                .refusals(CheckpointException.class, PLACE).run(200, MutatedModelsTest::encode);
    }

    private static void encode(Path file) throws CheckpointException {
        SentencePieceModel model = SentencePieceModel.open(file);
        for (String text : TEXTS) {
            for (int id : model.encode(text)) {
                assertThat(id).isBetween(0, model.size() - 1);
            }
        }
    }

    private static byte[][] tokens(String... texts) {
        return Arrays.stream(texts).map(text -> text.getBytes(StandardCharsets.ISO_8859_1)).toArray(byte[][]::new);
    }
}
