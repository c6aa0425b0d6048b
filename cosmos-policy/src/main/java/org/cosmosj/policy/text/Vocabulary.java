package org.cosmosj.policy.text;

import java.nio.charset.StandardCharsets;
import org.cosmosj.tensor.CheckpointException;

/** The pieces of a model. Their texts stay in the bytes of the file; a piece's id is its position there. */
final class Vocabulary {
    private static final int PIECES = 1;
    private static final int TEXT = 1;
    private static final int SCORE = 2;
    private static final int TYPE = 3;
    private static final PieceType[] TYPES = PieceType.values();

    private final byte[] file;
    private final int[] starts;
    private final int[] lengths;
    private final float[] scores;
    private final byte[] types;

    private Vocabulary(byte[] file, int size) {
        this.file = file;
        this.starts = new int[size];
        this.lengths = new int[size];
        this.scores = new float[size];
        this.types = new byte[size];
    }

    /** Reads the pieces of a model file. */
    static Vocabulary read(String what, byte[] file) throws CheckpointException {
        Vocabulary vocabulary = new Vocabulary(file, count(new ProtobufReader(what, file)));
        ProtobufReader model = new ProtobufReader(what, file);
        int id = 0;
        while (model.next()) {
            if (model.field() == PIECES) {
                int outer = model.enter();
                vocabulary.read(id++, model);
                model.leave(outer);
            } else {
                model.skip();
            }
        }
        return vocabulary;
    }

    private static int count(ProtobufReader model) throws CheckpointException {
        int count = 0;
        while (model.next()) {
            count += model.field() == PIECES ? 1 : 0;
            model.skip();
        }
        return count;
    }

    private void read(int id, ProtobufReader piece) throws CheckpointException {
        int at = piece.position();
        while (piece.next()) {
            switch (piece.field()) {
                case TEXT -> {
                    lengths[id] = piece.length();
                    starts[id] = piece.position();
                    piece.advance(lengths[id]);
                }
                case SCORE -> scores[id] = piece.float32();
                case TYPE -> types[id] = type(id, piece);
                default -> piece.skip();
            }
        }
        if (lengths[id] == 0) {
            throw piece.broken(at, "piece " + id + " has no text");
        }
        if (!Float.isFinite(scores[id])) {
            throw piece.broken(at, "piece " + id + " has score " + scores[id] + ", expected a number");
        }
    }

    private static byte type(int id, ProtobufReader piece) throws CheckpointException {
        int at = piece.position();
        long number = piece.varint();
        if (number < 1 || number > TYPES.length) {
            throw piece.broken(at, "piece " + id + " has type " + number + ", expected 1 to " + TYPES.length);
        }
        return (byte) (number - 1);
    }

    int size() {
        return scores.length;
    }

    int length(int id) {
        return lengths[id];
    }

    /** A byte of a piece's text. */
    byte at(int id, int index) {
        return file[starts[id] + index];
    }

    float score(int id) {
        return scores[id];
    }

    PieceType type(int id) {
        return TYPES[types[id]];
    }

    String text(int id) {
        return new String(file, starts[id], lengths[id], StandardCharsets.UTF_8);
    }
}
