package org.cosmosj.tensor.pickle;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * UTF-8 text that stands for bytes: what protocol 2, which has none, passes to {@code _codecs.encode}. It is not
 * decoded to a string on the way, which for the storage of a tensor would take several times its size.
 *
 * @param utf8 the text in the input
 */
record PickleText(MemorySegment utf8) {
    private static final int ASCII = 0x80;

    /**
     * The characters as bytes.
     *
     * @throws IllegalArgumentException if one is above 255 or the text is no UTF-8
     */
    byte[] latin1() {
        long size = utf8.byteSize();
        long count = 0;
        for (long at = 0; at < size; at++) {
            count += (utf8.get(ValueLayout.JAVA_BYTE, at) & 0xC0) == ASCII ? 0 : 1; // continuations start no character
        }
        byte[] bytes = new byte[Math.toIntExact(count)];
        long at = 0;
        for (int i = 0; i < bytes.length; i++) {
            int first = utf8.get(ValueLayout.JAVA_BYTE, at++) & 0xFF;
            if (first < ASCII) {
                bytes[i] = (byte) first;
                continue;
            }
            int second = at < size ? utf8.get(ValueLayout.JAVA_BYTE, at++) & 0xFF : 0;
            if ((first & 0xFE) != 0xC2 || (second & 0xC0) != ASCII) {
                throw new IllegalArgumentException("_codecs.encode: byte " + (at - 1) + " of the text belongs to no"
                        + " latin1 character");
            }
            bytes[i] = (byte) ((first & 3) << 6 | second & 0x3F);
        }
        if (at != size) {
            throw new IllegalArgumentException("_codecs.encode: byte " + at + " of the text starts no character");
        }
        return bytes;
    }
}
