package org.cosmosj.policy.text;

import org.cosmosj.policy.text.ProtobufReader.Range;
import org.cosmosj.tensor.CheckpointException;

/**
 * A model's precompiled normalisation: a double-array trie of byte strings, each with its replacement. It is read where
 * it stands in the file: length of the trie in bytes, trie, replacements that each end in a zero byte. Source:
 * {@code google/sentencepiece, normalizer.cc#DecodePrecompiledCharsMap, #NormalizePrefix}; {@code s-yata/darts-clone}.
 */
final class CharacterMap {
    private static final int UNIT_BYTES = 4;
    private static final int IS_LEAF = 1 << 31;
    private static final int HAS_LEAF = 1 << 8;
    private static final int LABEL = IS_LEAF | 0xFF;
    /** Far above what Unicode's compatibility mappings need; keeps a damaged map from blowing texts up. */
    private static final int LONGEST_REPLACEMENT = 1024;

    private final byte[] file;
    private final int trieStart;
    private final int units;
    private final Range replacements;

    private CharacterMap(byte[] file, int trieStart, int units, Range replacements) {
        this.file = file;
        this.trieStart = trieStart;
        this.units = units;
        this.replacements = replacements;
    }

    /**
     * Checks the map once, so that looking something up can neither fail nor leave it.
     *
     * @param model the message it stands in, for errors
     * @param file the file
     * @param range where the map stands
     */
    static CharacterMap of(ProtobufReader model, byte[] file, Range range) throws CheckpointException {
        if (range.length() < UNIT_BYTES) {
            throw model.broken(range.start(), "a character map of " + range.length() + " bytes has no trie");
        }
        int trieBytes = ProtobufReader.littleEndian(file, range.start());
        int start = range.start() + UNIT_BYTES;
        if (trieBytes < UNIT_BYTES || trieBytes % UNIT_BYTES != 0 || trieBytes > range.end() - start) {
            throw model.broken(range.start(), "the trie of the character map has " + Integer.toUnsignedString(trieBytes)
                    + " bytes, expected a multiple of " + UNIT_BYTES + " up to " + (range.end() - start));
        }
        CharacterMap map = new CharacterMap(file, start, trieBytes / UNIT_BYTES,
                new Range(start + trieBytes, range.end()));
        map.check(model);
        return map;
    }

    private void check(ProtobufReader model) throws CheckpointException {
        for (int node = 0; node < units; node++) {
            int unit = unit(node);
            boolean inner = (unit & IS_LEAF) == 0 && (unit & HAS_LEAF) != 0;
            int leaf = node ^ offset(unit);
            if (inner && (leaf >= units || !isReplacement(unit(leaf) & ~IS_LEAF))) {
                throw model.broken(trieStart + node * UNIT_BYTES, "the character map points outside itself");
            }
        }
    }

    /** Whether a zero-terminated text of sensible length stands there. */
    private boolean isReplacement(int value) {
        if (value >= replacements.length()) {
            return false;
        }
        int start = replacements.start() + value;
        int limit = Math.min(replacements.end(), start + LONGEST_REPLACEMENT);
        int end = start;
        while (end < limit && file[end] != 0) {
            end++;
        }
        return end < limit;
    }

    private int unit(int node) {
        return ProtobufReader.littleEndian(file, trieStart + node * UNIT_BYTES);
    }

    private static int offset(int unit) {
        return unit >>> 10 << ((unit & 1 << 9) >>> 6);
    }

    /**
     * The longest entry that a text begins with.
     *
     * @return its replacement and, in {@link Entry#length}, how many bytes it replaces; null if there is none
     */
    Entry longest(byte[] text, int start, int end) {
        Entry found = null;
        int node = offset(unit(0));
        for (int at = start; at < end; at++) {
            int label = text[at] & 0xFF;
            node ^= label;
            if (node >= units || (unit(node) & LABEL) != label) {
                return found;
            }
            int unit = unit(node);
            node ^= offset(unit);
            if ((unit & HAS_LEAF) != 0) {
                found = new Entry(at + 1 - start, replacement(unit(node) & ~IS_LEAF));
            }
        }
        return found;
    }

    private Range replacement(int value) {
        int start = replacements.start() + value;
        int end = start;
        while (file[end] != 0) {
            end++;
        }
        return new Range(start, end);
    }

    /**
     * What is replaced by what.
     *
     * @param length bytes of the text
     * @param replacement where the new bytes stand in the file
     */
    record Entry(int length, Range replacement) {}
}
