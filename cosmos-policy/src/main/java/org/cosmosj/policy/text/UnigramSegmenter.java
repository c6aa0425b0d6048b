package org.cosmosj.policy.text;

import java.util.Arrays;

/**
 * Finds the segmentation with the largest sum of scores. A character that no piece covers alone counts as unknown, ten
 * below the worst score. Sums are rounded to float before they are compared, and the first of equal ones is kept, as in
 * the reference: with other roundings another of two equally good segmentations wins. Source:
 * {@code google/sentencepiece, unigram_model.cc#EncodeOptimized}.
 */
final class UnigramSegmenter {
    private static final float UNKNOWN_PENALTY = 10;
    /** Keeps a user-defined piece just below the pieces it would otherwise be cut into. */
    private static final double USER_DEFINED_PENALTY = 0.1;

    private final Vocabulary vocabulary;
    private final PieceIndex pieces;
    private final int unknownId;
    private final float unknownScore;
    private final float maxScore;

    UnigramSegmenter(Vocabulary vocabulary, PieceIndex pieces, int unknownId) {
        this.vocabulary = vocabulary;
        this.pieces = pieces;
        this.unknownId = unknownId;
        float min = Float.MAX_VALUE;
        float max = Float.MIN_NORMAL; // not the lowest number: the reference starts here too
        for (int id = 0; id < vocabulary.size(); id++) {
            if (vocabulary.type(id) == PieceType.NORMAL) {
                min = Math.min(min, vocabulary.score(id));
                max = Math.max(max, vocabulary.score(id));
            }
        }
        this.unknownScore = min - UNKNOWN_PENALTY;
        this.maxScore = max;
    }

    /** The best path to each position of a text; {@code from} is -1 where none ends. */
    private static final class Paths {
        final int[] from;
        final int[] id;
        final float[] score;

        Paths(int length) {
            this.from = new int[length + 1];
            this.id = new int[length + 1];
            this.score = new float[length + 1];
            Arrays.fill(from, -1);
        }

        void offer(int start, int end, int piece, float sum) {
            if (from[end] < 0 || sum > score[end]) {
                from[end] = start;
                id[end] = piece;
                score[end] = sum;
            }
        }
    }

    /** A text cut into pieces. */
    static final class Segments {
        private final int[] ids;
        private final int[] starts;
        private final int first;

        private Segments(Paths best) {
            int length = best.from.length - 1;
            this.ids = new int[length];
            this.starts = new int[length + 1];
            starts[length] = length;
            int next = length;
            for (int end = length; end > 0; end = best.from[end]) {
                next--;
                ids[next] = best.id[end];
                starts[next] = best.from[end];
            }
            this.first = next;
        }

        int count() {
            return ids.length - first;
        }

        int id(int index) {
            return ids[first + index];
        }

        /** Where a piece begins; the text's length for {@code index == count}. */
        int start(int index) {
            return starts[first + index];
        }
    }

    /** Cuts a normalised text. */
    Segments segment(byte[] text) {
        Paths best = new Paths(text.length);
        for (int start = 0; start < text.length;) {
            int character = Math.min(Utf8.length(text[start]), text.length - start);
            boolean covered = false;
            PieceIndex.Match match = pieces.new Match(text, start, text.length);
            while (match.next()) {
                if (vocabulary.type(match.id()) != PieceType.UNUSED) {
                    best.offer(start, start + match.length(), match.id(), (float) (gain(match) + best.score[start]));
                    covered |= match.length() == character;
                }
            }
            if (!covered) {
                best.offer(start, start + character, unknownId, unknownScore + best.score[start]);
            }
            start += character;
        }
        return new Segments(best);
    }

    private double gain(PieceIndex.Match match) {
        return vocabulary.type(match.id()) == PieceType.USER_DEFINED
                ? match.length() * maxScore - USER_DEFINED_PENALTY
                : vocabulary.score(match.id());
    }
}
