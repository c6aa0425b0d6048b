package org.cosmosj.policy.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Texts as bytes of UTF-8. */
final class Utf8 {
    private Utf8() {}

    /** Bytes of the character that a byte begins; 1 for a byte that begins none. */
    static int length(byte first) {
        return switch (first >> 4 & 0xF) {
            case 0xC, 0xD -> 2;
            case 0xE -> 3;
            case 0xF -> 4;
            default -> 1;
        };
    }

    /**
     * The bytes of a text.
     *
     * @throws IllegalArgumentException if it holds half a surrogate pair, which is no character
     */
    static byte[] encode(String text) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            return Arrays.copyOf(bytes.array(), bytes.limit());
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("text '" + text + "' holds half a surrogate pair, which is no"
                    + " character; remove it", e);
        }
    }
}
