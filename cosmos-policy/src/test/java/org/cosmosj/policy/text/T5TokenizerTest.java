package org.cosmosj.policy.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class T5TokenizerTest {
    @TempDir
    private Path folder;

    @Test
    void endsFillsUpAndCuts() throws IOException {
        T5Tokenizer tokenizer = T5Tokenizer.of(GoldenModels.open(folder, GoldenModels.T5));
        int[] whole = tokenizer.encode("pick up the bowl");
        int[] cut = tokenizer.encode("pick up the bowl", 3);

        assertThat(whole).hasSizeGreaterThan(3).endsWith(1);
        assertThat(cut).containsExactly(whole[0], whole[1], 1);
        assertThat(tokenizer.encode("")).containsExactly(1);
        try (Scope _ = Scope.open(Device.cpu(), "test")) {
            TokenBatch batch = tokenizer.encode(List.of("", "pick up the bowl"), 3);
            assertThat(batch.inputIds().toLongArray()).containsExactly(1, 0, 0, whole[0], whole[1], 1);
            assertThat(batch.attentionMask().toFloatArray()).containsExactly(1, 0, 0, 1, 1, 1);
            assertThatIllegalArgumentException().isThrownBy(() -> TokenBatch.padded(List.of(whole), 3, 0))
                    .withMessageContaining("text 0 has " + whole.length + " ids, which do not fit into 3");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> tokenizer.encode("a", 0))
                .withMessageContaining("maxLength 0 leaves no room for </s>");
    }

    @Test
    void extraMarksFollowThePiecesTheFirstLast() throws IOException {
        T5Tokenizer tokenizer = T5Tokenizer.of(GoldenModels.open(folder, GoldenModels.T5));

        assertThat(tokenizer.size()).isEqualTo(289);
        assertThat(tokenizer.extraId(0)).isEqualTo(288);
        assertThat(tokenizer.extraId(99)).isEqualTo(189);
        assertThatIllegalArgumentException().isThrownBy(() -> tokenizer.extraId(100))
                .withMessageContaining("<extra_id_100> is none of 100");
    }

    @Test
    void refusesModelsWithoutT5sMarks() throws IOException {
        SentencePieceModel model = GoldenModels.open(folder, new ProtobufWriter().piece("<unk>", 0, 2).toBytes());

        assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> T5Tokenizer.of(model))
                .withMessageContaining("none of the model's 1 pieces is <pad>");
        assertThatIllegalArgumentException().isThrownBy(() -> new T5Tokenizer(model, 0, 1, 100))
                .withMessageContaining("must be ids of the model's 1 pieces");
    }
}
