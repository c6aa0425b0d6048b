package org.cosmosj.policy.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.cosmosj.tensor.CheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SentencePieceModelTest {
    private static final int NORMAL = 1;
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;
    private static final int UNUSED = 5;

    @TempDir
    private Path folder;

    @Test
    void takesTheSegmentationWithTheLargestSum() throws IOException {
        SentencePieceModel model = GoldenModels.open(folder, new ProtobufWriter().piece("<unk>", 0, UNKNOWN)
                .piece("a", -1, NORMAL).piece("b", -1, NORMAL).piece("ab", -2.5, NORMAL).piece("bb", -1.5, NORMAL)
                .piece("\u2581", -1, NORMAL).toBytes());

        assertThat(model.encode("ab")).containsExactly(5, 1, 2);
        assertThat(model.encode("abb")).containsExactly(5, 1, 4);
    }

    /** Sums that are equal in float and differ in double. */
    @Test
    void ofEquallyGoodSegmentationsTakesTheOneWithTheLongestLastPieces() throws IOException {
        SentencePieceModel model = GoldenModels.open(folder, new ProtobufWriter().piece("<unk>", 0, UNKNOWN)
                .piece("x", -2.7, NORMAL).piece("xxx", -4.4, NORMAL).piece("\u2581", -2, NORMAL).toBytes());

        assertThat(model.encode("x".repeat(10))).containsExactly(3, 1, 2, 2, 2);
    }

    @Test
    void joinsUnknownNeighboursAndNeverTakesMarksOrUnusedPieces() throws IOException {
        SentencePieceModel model = GoldenModels.open(folder, new ProtobufWriter().piece("<unk>", 0, UNKNOWN)
                .piece("</s>", 0, CONTROL).piece("a", -1, NORMAL).piece("aa", -1, UNUSED).piece("\u2581", -1, NORMAL)
                .toBytes());

        assertThat(model.encode("aa\u4e0a\u4e0b\ud83e\udd63a</s>")).containsExactly(4, 2, 2, 0, 2, 0);
        assertThat(model.id("</s>")).hasValue(1);
        assertThat(model.id("aaa")).isEmpty();
        assertThat(model.unknownId()).isZero();
    }

    @Test
    void keepsUserDefinedPiecesWholeWhateverTheyCost() throws IOException {
        SentencePieceModel model = GoldenModels.open(folder, new ProtobufWriter().piece("<unk>", 0, UNKNOWN)
                .piece("a", -1, NORMAL).piece("b", -1, NORMAL).piece("ab", -100, USER_DEFINED)
                .piece("\u2581", -1, NORMAL).toBytes());

        assertThat(model.encode("aba ab")).containsExactly(4, 3, 1, 4, 3);
        assertThat(model.type(3)).isEqualTo(PieceType.USER_DEFINED);
        assertThat(model.piece(3)).isEqualTo("ab");
        assertThat(model.score(3)).isEqualTo(-100);
    }

    /** A character that begins longer pieces only can still stand alone, as unknown. */
    @Test
    void positionsInsideAPieceAreReachedByUnknownCharacters() throws IOException {
        SentencePieceModel model = GoldenModels.open(folder, new ProtobufWriter().piece("<unk>", 0, UNKNOWN)
                .piece("ab", -5, NORMAL).piece("b", -1, NORMAL).piece("\u2581", -1, NORMAL).toBytes());

        assertThat(model.encode("ab")).containsExactly(3, 1);
        assertThat(model.encode("aab")).containsExactly(3, 0, 1);
    }

    @Test
    void refusesHalfASurrogatePair() throws IOException {
        SentencePieceModel model = GoldenModels.open(folder, GoldenModels.T5);

        assertThatIllegalArgumentException().isThrownBy(() -> model.encode("bowl \ud83e"))
                .withMessageContaining("half a surrogate pair");
    }

    @Test
    void refusesModelsItCannotRead() {
        assertBroken(new byte[0]).withMessageContaining("none of 0 pieces stands for what is unknown");
        assertBroken(new ProtobufWriter().piece("a", 0, UNKNOWN).piece("b", 0, UNKNOWN).toBytes())
                .withMessageContaining("pieces 0 and 1 both stand for what is unknown");
        assertBroken(new ProtobufWriter().piece("a", 0, UNKNOWN).piece("b", 0, NORMAL).piece("b", 0, UNUSED).toBytes())
                .withMessageContaining("pieces 1 and 2 are both 'b'");
        assertBroken(new ProtobufWriter().piece("", 0, UNKNOWN).toBytes())
                .withMessageContaining("at byte 2: piece 0 has no text");
        assertBroken(new ProtobufWriter().piece("a", Double.NaN, UNKNOWN).toBytes())
                .withMessageContaining("piece 0 has score NaN");
        assertBroken(new ProtobufWriter().piece("a", 0, 7).toBytes())
                .withMessageContaining("piece 0 has type 7, expected 1 to 6");
        assertBroken(new ProtobufWriter().message(2, new ProtobufWriter().varint(3, 2)).toBytes())
                .withMessageContaining("the model is of type 2, expected 1 (unigram)");
        assertBroken(new ProtobufWriter().piece("a", 0, UNKNOWN)
                .message(2, new ProtobufWriter().varint(35, 1)).toBytes())
                .withMessageContaining("there is no piece <0x00> for one");
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> SentencePieceModel.open(folder.resolve("none")))
                .withMessageContaining("cannot be read");
    }

    @Test
    void believesNoLength() {
        assertBroken(new ProtobufWriter().raw(1 << 3 | 2).raw(1L << 40).toBytes())
                .withMessageContaining("at byte 1: field 1 of 1099511627776 bytes, but 0 are left");
        assertBroken(new ProtobufWriter().raw(1 << 3 | 2).raw(-1).toBytes())
                .withMessageContaining("field 1 of 18446744073709551615 bytes, but 0 are left");
        byte[] endless = new byte[12];
        Arrays.fill(endless, (byte) -1);
        assertBroken(endless).withMessageContaining("at byte 10: an integer has more than 10 bytes");
        assertBroken(new ProtobufWriter().raw(1 << 3 | 3).toBytes())
                .withMessageContaining("wire type 3 of field 1 is unknown");
        assertBroken(new ProtobufWriter().raw(0).toBytes()).withMessageContaining("field number 0 is none");
        assertBroken(new ProtobufWriter().varint(2, 5).toBytes())
                .withMessageContaining("field 2 has wire type 0, expected 2 for bytes");
        assertBroken(new ProtobufWriter().raw(9 << 3 | 1).raw(5).toBytes())
                .withMessageContaining("a value (field 9) needs 8 bytes, but 1 are left");
    }

    @Test
    void refusesCharacterMapsThatLeadOutOfThemselves() {
        assertBroken(map(4, 0)).withMessageContaining("a character map of 2 bytes has no trie");
        assertBroken(map(8, 12, 0)).withMessageContaining("the trie of the character map has 12 bytes");
        assertBroken(map(12, 4, 1 << 8 | 4 << 10, 0)).withMessageContaining("the character map points outside itself");
        assertBroken(map(16, 8, 1 << 8 | 1 << 10, 1 << 31 | 3, 0x61616161))
                .withMessageContaining("the character map points outside itself");
    }

    private static byte[] map(int size, int... words) {
        ByteBuffer map = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : words) {
            map.putInt(word);
        }
        byte[] bytes = Arrays.copyOf(map.array(), size == 4 ? 2 : size);
        return new ProtobufWriter().message(3, new ProtobufWriter().bytes(2, bytes)).toBytes();
    }

    private ThrowableAssertAlternative<CheckpointException> assertBroken(byte[] model) {
        return assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> GoldenModels.open(folder, model))
                .withMessageStartingWith("sentencepiece " + folder.resolve("spiece.model") + ": ");
    }
}
