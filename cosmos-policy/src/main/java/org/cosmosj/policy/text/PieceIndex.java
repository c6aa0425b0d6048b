package org.cosmosj.policy.text;

import java.util.EnumSet;
import java.util.Set;
import org.cosmosj.tensor.CheckpointException;

/**
 * Some pieces of a vocabulary in the order of their bytes. Pieces that begin at a place of a text are found by
 * narrowing the range of those that share the bytes read so far: a trie that takes four bytes per piece.
 */
final class PieceIndex {
    private final Vocabulary vocabulary;
    private final int[] order;

    private PieceIndex(Vocabulary vocabulary, int[] order) {
        this.vocabulary = vocabulary;
        this.order = order;
    }

    /**
     * Sorts the pieces of some types.
     *
     * @throws CheckpointException if two have the same text
     */
    static PieceIndex of(String what, Vocabulary vocabulary, PieceType first, PieceType... others)
            throws CheckpointException {
        Set<PieceType> types = EnumSet.of(first, others);
        int count = 0;
        for (int id = 0; id < vocabulary.size(); id++) {
            count += types.contains(vocabulary.type(id)) ? 1 : 0;
        }
        int[] order = new int[count];
        int next = 0;
        for (int id = 0; id < vocabulary.size(); id++) {
            if (types.contains(vocabulary.type(id))) {
                order[next++] = id;
            }
        }
        PieceIndex index = new PieceIndex(vocabulary, order);
        index.sort();
        index.requireDistinct(what);
        return index;
    }

    private void requireDistinct(String what) throws CheckpointException {
        for (int i = 1; i < order.length; i++) {
            if (compare(order[i - 1], order[i]) == 0) {
                throw new CheckpointException(what + ": pieces " + Math.min(order[i - 1], order[i]) + " and "
                        + Math.max(order[i - 1], order[i]) + " are both '" + vocabulary.text(order[i])
                        + "'; the file is damaged, fetch it again");
            }
        }
    }

    boolean isEmpty() {
        return order.length == 0;
    }

    /** The id of the piece with a text, or -1. */
    int find(byte[] text) {
        Match match = new Match(text, 0, text.length);
        int found = -1;
        while (match.next()) {
            found = match.length() == text.length ? match.id() : found;
        }
        return found;
    }

    /** Goes through the pieces that stand at a place of a text, the shortest first. */
    final class Match {
        private final byte[] text;
        private final int start;
        private final int end;
        private int depth;
        private int low;
        private int high = order.length;
        private int id;

        /**
         * Stands before the shortest.
         *
         * @param text bytes
         * @param start where pieces begin
         * @param end where the text ends
         */
        Match(byte[] text, int start, int end) {
            this.text = text;
            this.start = start;
            this.end = end;
        }

        /** Moves to the next longer piece; false if there is none. */
        boolean next() {
            while (low < high && start + depth < end) {
                int wanted = text[start + depth] & 0xFF;
                low = firstAtLeast(wanted);
                high = firstAtLeast(wanted + 1);
                depth++;
                if (low < high && vocabulary.length(order[low]) == depth) {
                    id = order[low];
                    return true;
                }
            }
            return false;
        }

        int id() {
            return id;
        }

        /** Bytes of the piece. */
        int length() {
            return depth;
        }

        /** The first position in [low, high) whose byte at the present depth is not below a value, else high. */
        private int firstAtLeast(int value) {
            int from = low;
            int to = high;
            while (from < to) {
                int middle = from + to >>> 1;
                if (byteAt(order[middle], depth) < value) {
                    from = middle + 1;
                } else {
                    to = middle;
                }
            }
            return from;
        }
    }

    /** An unsigned byte; -1 behind the end, so that a piece stands before those it begins. */
    private int byteAt(int piece, int index) {
        return index < vocabulary.length(piece) ? vocabulary.at(piece, index) & 0xFF : -1;
    }

    private int compare(int a, int b) {
        int common = Math.min(vocabulary.length(a), vocabulary.length(b));
        for (int i = 0; i < common; i++) {
            int difference = byteAt(a, i) - byteAt(b, i);
            if (difference != 0) {
                return difference;
            }
        }
        return vocabulary.length(a) - vocabulary.length(b);
    }

    /** Heap sort: in place, and never slow, whatever the file holds. */
    private void sort() {
        for (int i = order.length / 2 - 1; i >= 0; i--) {
            sink(i, order.length);
        }
        for (int last = order.length - 1; last > 0; last--) {
            swap(0, last);
            sink(0, last);
        }
    }

    private void sink(int from, int size) {
        int parent = from;
        int child = 2 * parent + 1;
        while (child < size) {
            if (child + 1 < size && compare(order[child], order[child + 1]) < 0) {
                child++;
            }
            if (compare(order[parent], order[child]) >= 0) {
                return;
            }
            swap(parent, child);
            parent = child;
            child = 2 * parent + 1;
        }
    }

    private void swap(int a, int b) {
        int kept = order[a];
        order[a] = order[b];
        order[b] = kept;
    }
}
