package org.cosmosj.tensor.pickle;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.cosmosj.tensor.CheckpointException;

/** A position in the bytes of a pickle; every read is checked against their end. */
final class PickleInput {
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble BIG_ENDIAN_DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final char REPLACEMENT = '\uFFFD';

    private final String where;
    private final MemorySegment data;
    private final PickleBudget budget;
    private long at;
    private long opcodeAt;
    private int opcode = -1;

    /** @param budget learns what was read */
    PickleInput(String where, MemorySegment data, long start, PickleBudget budget) {
        this.where = where;
        this.data = data;
        this.budget = budget;
        this.at = start;
    }

    long position() {
        return at;
    }

    long size() {
        return data.byteSize();
    }

    int opcode() throws CheckpointException {
        opcodeAt = at;
        opcode = -1;
        opcode = u8();
        return opcode;
    }

    int u8() throws CheckpointException {
        return data.get(ValueLayout.JAVA_BYTE, advance(1)) & 0xFF;
    }

    int u16() throws CheckpointException {
        return data.get(U16, advance(2)) & 0xFFFF;
    }

    int i32() throws CheckpointException {
        return data.get(I32, advance(4));
    }

    long u32() throws CheckpointException {
        return i32() & 0xFFFF_FFFFL;
    }

    /** A length; one that does not fit 63 bits is negative and refused by {@link #skip}. */
    long u64() throws CheckpointException {
        return data.get(I64, advance(8));
    }

    double float64() throws CheckpointException {
        return data.get(BIG_ENDIAN_DOUBLE, advance(8));
    }

    PickleBytes bytes(long length) throws CheckpointException {
        long start = skip(length);
        return new PickleBytes(data.asSlice(start, length), start);
    }

    String text(long length, Charset charset) throws CheckpointException {
        if (length > Integer.MAX_VALUE / 4) {
            throw error("a string of " + length + " bytes is longer than any that is expected here");
        }
        byte[] bytes = data.asSlice(advance(length), length).toArray(ValueLayout.JAVA_BYTE);
        String text = new String(bytes, charset);
        if (text.indexOf(REPLACEMENT) >= 0) { // stands for damage, unless it was written itself
            try {
                charset.newDecoder().decode(ByteBuffer.wrap(bytes));
            } catch (CharacterCodingException e) {
                throw error("a string is not valid " + charset, e);
            }
        }
        return text;
    }

    /** Up to a line feed, which is consumed. */
    String line() throws CheckpointException {
        long start = at;
        while (u8() != '\n') {
            if (at - start > 1000) {
                throw error("a name is longer than 1000 bytes");
            }
        }
        byte[] bytes = data.asSlice(start, at - start - 1).toArray(ValueLayout.JAVA_BYTE);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    void requireAhead(long length) throws CheckpointException {
        long start = at;
        skip(length);
        at = start;
    }

    private long advance(long length) throws CheckpointException {
        long start = skip(length);
        budget.read(length);
        return start;
    }

    private long skip(long length) throws CheckpointException {
        long left = data.byteSize() - at;
        if (length < 0 || length > left) {
            throw error("needs " + Long.toUnsignedString(length) + " bytes but " + left
                    + " are left; the file is truncated or damaged");
        }
        long start = at;
        at += length;
        return start;
    }

    CheckpointException error(String what) {
        return error(what, null);
    }

    CheckpointException error(String what, Throwable cause) {
        String operation = opcode < 0 ? "" : "opcode " + PickleOpcodes.name(opcode) + ": ";
        return new CheckpointException("pickle " + where + ": at byte " + opcodeAt + ": " + operation + what, cause);
    }
}
