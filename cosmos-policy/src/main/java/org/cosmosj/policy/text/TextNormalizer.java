package org.cosmosj.policy.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.cosmosj.policy.text.ProtobufReader.Range;

/**
 * Replaces characters by the model's map and makes spaces part of words. Works on bytes of UTF-8, as the reference
 * does. Source: {@code google/sentencepiece, normalizer.cc#Normalize}.
 */
final class TextNormalizer {
    private static final byte[] ESCAPED_SPACE = "\u2581".getBytes(StandardCharsets.UTF_8);
    private static final byte[] SPACE = {' '};
    private static final byte[] REPLACEMENT_CHARACTER = "\uFFFD".getBytes(StandardCharsets.UTF_8);

    private final byte[] file;
    private final NormalizerSpec spec;
    private final TrainerSpec training;
    private final PieceIndex userDefined;

    /**
     * Makes a normaliser.
     *
     * @param file the model's file, in which replacements stand
     * @param spec what to do
     * @param training on which side of a word its space stands
     * @param userDefined pieces that are left as they are
     */
    TextNormalizer(byte[] file, NormalizerSpec spec, TrainerSpec training, PieceIndex userDefined) {
        this.file = file;
        this.spec = spec;
        this.training = training;
        this.userDefined = userDefined;
    }

    /** A stretch of some bytes that stands for the first characters of a text. */
    private record Prefix(int consumed, byte[] bytes, int start, int end) {
        boolean isSpace() {
            return end - start == 1 && bytes[start] == ' ';
        }
    }

    byte[] normalize(byte[] text) {
        int at = 0;
        while (spec.removeExtraWhitespaces() && at < text.length && prefix(text, at).isSpace()) {
            at += prefix(text, at).consumed();
        }
        if (at == text.length) {
            return new byte[0];
        }
        byte[] space = spec.escapeWhitespaces() ? ESCAPED_SPACE : SPACE;
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length + 2 * space.length);
        if (spec.addDummyPrefix() && !training.whitespaceAsSuffix()) {
            out.writeBytes(space);
        }
        boolean afterSpace = spec.removeExtraWhitespaces();
        while (at < text.length) {
            Prefix prefix = prefix(text, at);
            afterSpace = append(prefix, afterSpace, space, out) && spec.removeExtraWhitespaces();
            at += prefix.consumed();
        }
        byte[] normalized = spec.removeExtraWhitespaces() ? withoutEnd(out, space) : out.toByteArray();
        return spec.addDummyPrefix() && training.whitespaceAsSuffix() ? joined(normalized, space) : normalized;
    }

    /** Appends without the spaces that follow a space; says whether the text now ends in one. */
    private static boolean append(Prefix prefix, boolean afterSpace, byte[] space, ByteArrayOutputStream out) {
        int from = prefix.start();
        while (afterSpace && from < prefix.end() && prefix.bytes()[from] == ' ') {
            from++;
        }
        for (int i = from; i < prefix.end(); i++) {
            if (prefix.bytes()[i] == ' ') {
                out.writeBytes(space);
            } else {
                out.write(prefix.bytes()[i]);
            }
        }
        return from == prefix.end() ? afterSpace : prefix.bytes()[prefix.end() - 1] == ' ';
    }

    private static byte[] withoutEnd(ByteArrayOutputStream out, byte[] space) {
        byte[] all = out.toByteArray();
        int length = all.length;
        while (endsWith(all, length, space)) {
            length -= space.length;
        }
        return Arrays.copyOf(all, length);
    }

    private static boolean endsWith(byte[] text, int length, byte[] end) {
        return length >= end.length
                && Arrays.equals(text, length - end.length, length, end, 0, end.length);
    }

    private static byte[] joined(byte[] text, byte[] end) {
        byte[] all = Arrays.copyOf(text, text.length + end.length);
        System.arraycopy(end, 0, all, text.length, end.length);
        return all;
    }

    /** What the first characters of the rest of a text become: the longest that the map or a piece knows, else one. */
    private Prefix prefix(byte[] text, int at) {
        int whole = longestUserDefined(text, at);
        if (whole > 0) {
            return new Prefix(whole, text, at, at + whole);
        }
        CharacterMap.Entry entry = spec.map() == null ? null : spec.map().longest(text, at, text.length);
        if (entry != null) {
            Range replacement = entry.replacement();
            return new Prefix(entry.length(), file, replacement.start(), replacement.end());
        }
        if ((text[at] & 0xC0) == 0x80) { // inside a character, where only a damaged map can lead
            return new Prefix(1, REPLACEMENT_CHARACTER, 0, REPLACEMENT_CHARACTER.length);
        }
        int length = Math.min(Utf8.length(text[at]), text.length - at);
        return new Prefix(length, text, at, at + length);
    }

    private int longestUserDefined(byte[] text, int at) {
        int longest = 0;
        if (!userDefined.isEmpty()) {
            PieceIndex.Match match = userDefined.new Match(text, at, text.length);
            while (match.next()) {
                longest = match.length();
            }
        }
        return longest;
    }
}
