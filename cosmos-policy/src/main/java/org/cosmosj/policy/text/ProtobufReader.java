package org.cosmosj.policy.text;

import org.cosmosj.tensor.CheckpointException;

/**
 * Reads the fields of protobuf messages in the order of the file. No length is believed: each is held against the
 * end of the message that contains it, and nothing is allocated for it. Source: protobuf.dev, "Encoding".
 */
final class ProtobufReader {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;
    private static final int LARGEST_FIELD = (1 << 29) - 1;

    private final String what;
    private final byte[] bytes;
    private int position;
    private int end;
    private int field;
    private int wireType;

    /**
     * Reads a whole file.
     *
     * @param what for messages, such as {@code sentencepiece FILE}
     * @param bytes the message
     */
    ProtobufReader(String what, byte[] bytes) {
        this.what = what;
        this.bytes = bytes;
        this.end = bytes.length;
    }

    /** A range of the file. */
    record Range(int start, int end) {
        int length() {
            return end - start;
        }
    }

    /** Moves to the next field, whose value one of the other methods must then read; false at the message's end. */
    boolean next() throws CheckpointException {
        if (position == end) {
            return false;
        }
        int at = position;
        long tag = readVarint();
        if (tag >>> 3 == 0 || tag >>> 3 > LARGEST_FIELD) {
            throw broken(at, "field number " + (tag >>> 3) + " is none");
        }
        field = (int) (tag >>> 3);
        wireType = (int) (tag & 7);
        return true;
    }

    /** Number of the field that {@link #next} moved to. */
    int field() {
        return field;
    }

    /** Where the next byte stands in the file. */
    int position() {
        return position;
    }

    long varint() throws CheckpointException {
        expect(VARINT, "an integer");
        return readVarint();
    }

    /** An integer, cut to its low 32 bits as protobuf does. */
    int int32() throws CheckpointException {
        return (int) varint();
    }

    boolean bool() throws CheckpointException {
        return varint() != 0;
    }

    float float32() throws CheckpointException {
        expect(FIXED32, "a float");
        require(4, "a float");
        position += 4;
        return Float.intBitsToFloat(littleEndian(bytes, position - 4));
    }

    /** Four bytes as an integer. */
    static int littleEndian(byte[] bytes, int at) {
        return bytes[at] & 0xFF | (bytes[at + 1] & 0xFF) << 8 | (bytes[at + 2] & 0xFF) << 16 | bytes[at + 3] << 24;
    }

    /** Where the bytes or the text of the field stand. */
    Range range() throws CheckpointException {
        int length = length();
        position += length;
        return new Range(position - length, position);
    }

    /**
     * Goes into the message that the field holds, whose fields {@link #next} then reads.
     *
     * @return what {@link #leave} takes
     */
    int enter() throws CheckpointException {
        int outerEnd = end;
        int length = length();
        end = position + length;
        return outerEnd;
    }

    /** Goes on behind a message all of whose fields were read. */
    void leave(int outerEnd) {
        end = outerEnd;
    }

    /** How many bytes the field has; they stand at {@link #position}, and {@link #advance} passes over them. */
    int length() throws CheckpointException {
        expect(BYTES, "bytes");
        int at = position;
        long length = readVarint();
        if (length < 0 || length > end - position) {
            throw broken(at, "field " + field + " of " + Long.toUnsignedString(length) + " bytes, but "
                    + (end - position) + " are left");
        }
        return (int) length;
    }

    /** Passes over a field that this version does not know. */
    void skip() throws CheckpointException {
        switch (wireType) {
            case VARINT -> readVarint();
            case BYTES -> advance(length());
            case FIXED32 -> advance(4);
            case FIXED64 -> advance(8);
            default -> throw broken(position, "wire type " + wireType + " of field " + field
                    + " is unknown, expected 0, 1, 2 or 5");
        }
    }

    /** Passes over bytes. */
    void advance(int count) throws CheckpointException {
        require(count, "a value");
        position += count;
    }

    private void expect(int type, String name) throws CheckpointException {
        if (wireType != type) {
            throw broken(position, "field " + field + " has wire type " + wireType + ", expected " + type + " for "
                    + name);
        }
    }

    private void require(int count, String name) throws CheckpointException {
        if (count > end - position) {
            throw broken(position, name + " (field " + field + ") needs " + count + " bytes, but " + (end - position)
                    + " are left");
        }
    }

    private long readVarint() throws CheckpointException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            require(1, "an integer");
            byte next = bytes[position++];
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw broken(position, "an integer has more than 10 bytes");
    }

    /** An error at a byte of the file. */
    CheckpointException broken(int at, String message) {
        return new CheckpointException(what + ": at byte " + at + ": " + message
                + "; the file is damaged or no sentencepiece model, fetch it again");
    }
}
