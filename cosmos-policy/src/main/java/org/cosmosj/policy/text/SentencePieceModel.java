package org.cosmosj.policy.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import org.cosmosj.tensor.CheckpointException;

/**
 * A sentencepiece model of the unigram kind, such as T5's {@code spiece.model}: normalises a text and cuts it into the
 * pieces whose log probabilities have the largest sum. Immutable and safe for several threads. Source:
 * {@code google/sentencepiece} 0.2, {@code sentencepiece_processor.cc}, {@code unigram_model.cc}.
 */
public final class SentencePieceModel {
    private static final long LARGEST_FILE = 256L << 20;
    private static final int TRAINER_SPEC = 2;
    private static final int NORMALIZER_SPEC = 3;
    private static final int BYTE_VALUES = 256;

    private final Vocabulary vocabulary;
    private final PieceIndex reserved;
    private final PieceIndex matchable;
    private final TextNormalizer normalizer;
    private final UnigramSegmenter segmenter;
    private final int unknownId;
    /** Ids by byte, or null without byte fallback. */
    private final int[] byteIds;

    /**
     * Reads a model.
     *
     * @param what for messages, such as {@code sentencepiece FILE}
     * @param file contents of the file, kept and never changed
     */
    SentencePieceModel(String what, byte[] file) throws CheckpointException {
        NormalizerSpec normalization = NormalizerSpec.DEFAULT;
        TrainerSpec training = TrainerSpec.DEFAULT;
        ProtobufReader model = new ProtobufReader(what, file);
        while (model.next()) {
            switch (model.field()) {
                case TRAINER_SPEC -> {
                    int outer = model.enter();
                    training = TrainerSpec.read(model);
                    model.leave(outer);
                }
                case NORMALIZER_SPEC -> {
                    int outer = model.enter();
                    normalization = NormalizerSpec.read(model, file);
                    model.leave(outer);
                }
                default -> model.skip();
            }
        }
        if (!training.isUnigram()) {
            throw new CheckpointException(what + ": the model is of type " + training.modelType()
                    + ", expected 1 (unigram); other kinds are not supported, T5 is of this one");
        }
        this.vocabulary = Vocabulary.read(what, file);
        this.reserved = PieceIndex.of(what, vocabulary, PieceType.UNKNOWN, PieceType.CONTROL, PieceType.BYTE);
        this.matchable =
                PieceIndex.of(what, vocabulary, PieceType.NORMAL, PieceType.USER_DEFINED, PieceType.UNUSED);
        this.unknownId = unknown(what);
        this.byteIds = training.byteFallback() ? byteIds(what) : null;
        this.normalizer = new TextNormalizer(file, normalization, training,
                PieceIndex.of(what, vocabulary, PieceType.USER_DEFINED));
        this.segmenter = new UnigramSegmenter(vocabulary, matchable, unknownId);
    }

    /**
     * Reads a model file.
     *
     * @param file such as {@code spiece.model}
     * @return the model, which does not need the file any more
     * @throws CheckpointException if it cannot be read, is damaged or of another kind than unigram
     */
    public static SentencePieceModel open(Path file) throws CheckpointException {
        String what = "sentencepiece " + file;
        try {
            long size = Files.size(file);
            if (size > LARGEST_FILE) {
                throw new CheckpointException(what + ": has " + size + " bytes, expected at most " + LARGEST_FILE
                        + "; give the path of a sentencepiece model");
            }
            return new SentencePieceModel(what, Files.readAllBytes(file));
        } catch (CheckpointException e) {
            throw e;
        } catch (IOException e) {
            throw new CheckpointException(what + ": cannot be read (" + e + "); give the path of a readable file", e);
        }
    }

    private int unknown(String what) throws CheckpointException {
        int found = -1;
        for (int id = 0; id < vocabulary.size(); id++) {
            if (vocabulary.type(id) == PieceType.UNKNOWN) {
                if (found >= 0) {
                    throw new CheckpointException(what + ": pieces " + found + " and " + id
                            + " both stand for what is unknown, expected one; the file is damaged, fetch it again");
                }
                found = id;
            }
        }
        if (found < 0) {
            throw new CheckpointException(what + ": none of " + vocabulary.size()
                    + " pieces stands for what is unknown; the file is damaged or no sentencepiece model, fetch it"
                    + " again");
        }
        return found;
    }

    private int[] byteIds(String what) throws CheckpointException {
        int[] ids = new int[BYTE_VALUES];
        byte[] text = {'<', '0', 'x', 0, 0, '>'};
        for (int value = 0; value < BYTE_VALUES; value++) {
            text[3] = hexDigit(value >> 4);
            text[4] = hexDigit(value & 0xF);
            ids[value] = reserved.find(text);
            if (ids[value] < 0 || vocabulary.type(ids[value]) != PieceType.BYTE) {
                throw new CheckpointException(what + ": unknown characters become bytes, but there is no piece "
                        + new String(text, StandardCharsets.US_ASCII) + " for one; the file is damaged, fetch it"
                        + " again");
            }
        }
        return ids;
    }

    private static byte hexDigit(int value) {
        return (byte) Character.toUpperCase(Character.forDigit(value, 16));
    }

    /**
     * Number of pieces; ids are below it.
     *
     * @return the number
     */
    public int size() {
        return vocabulary.size();
    }

    /**
     * The text of a piece, in which U+2581 stands for a space.
     *
     * @param id in [0, size)
     * @return the text
     */
    public String piece(int id) {
        return vocabulary.text(id);
    }

    /**
     * The score of a piece.
     *
     * @param id in [0, size)
     * @return its log probability; 0 for marks
     */
    public float score(int id) {
        return vocabulary.score(id);
    }

    /**
     * What a piece is.
     *
     * @param id in [0, size)
     * @return its type
     */
    public PieceType type(int id) {
        return vocabulary.type(id);
    }

    /**
     * The piece of a text; a mark comes before a piece that matches text.
     *
     * @param piece the text, in which U+2581 stands for a space
     * @return its id, or nothing if there is none
     */
    public OptionalInt id(String piece) {
        byte[] text = Utf8.encode(piece);
        int mark = reserved.find(text);
        int id = mark < 0 ? matchable.find(text) : mark;
        return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /**
     * The piece that stands for what no other covers.
     *
     * @return its id
     */
    public int unknownId() {
        return unknownId;
    }

    /**
     * Cuts a text into pieces. Neighbouring unknown characters become one unknown piece, or bytes if the model has
     * pieces for them; marks such as {@code </s>} are neither added nor recognised.
     *
     * @param text any text
     * @return ids of the pieces
     * @throws IllegalArgumentException if the text holds half a surrogate pair
     */
    public int[] encode(String text) {
        byte[] normalized = normalizer.normalize(Utf8.encode(text));
        UnigramSegmenter.Segments segments = segmenter.segment(normalized);
        int[] ids = new int[normalized.length];
        int count = 0;
        boolean afterUnknown = false;
        for (int i = 0; i < segments.count(); i++) {
            boolean unknown = segments.id(i) == unknownId;
            if (unknown && byteIds != null) {
                for (int at = segments.start(i); at < segments.start(i + 1); at++) {
                    ids[count++] = byteIds[normalized[at] & 0xFF];
                }
            } else if (!unknown || !afterUnknown) {
                ids[count++] = segments.id(i);
            }
            afterUnknown = unknown;
        }
        return Arrays.copyOf(ids, count);
    }
}
