package org.cosmosj.tensor;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Opcodes of a pickle. Source: {@code Lib/pickletools.py}. */
final class PickleOutput {
    /** Makes a tuple of the last value. */
    static final String TUPLE1 = "\u0085";
    /** The value {@code True}. */
    static final String TRUE = "\u0088";
    /** The value {@code False}. */
    static final String FALSE = "\u0089";

    private static final int PROTO = 0x80;
    private static final int LONG1 = 0x8a;
    private static final int STACK_GLOBAL = 0x93;
    private static final int BINBYTES8 = 0x8e;
    private static final int BINUNICODE8 = 0x8d;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    PickleOutput protocol(int number) {
        out.write(PROTO);
        out.write(number);
        return this;
    }

    /** Opcodes without operands, and operands that are plain bytes. */
    PickleOutput opcodes(String latin1) {
        out.writeBytes(latin1.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    PickleOutput integer(long value) {
        if (value == (value & 0xFF)) {
            out.write('K');
            return littleEndian(value, 1);
        }
        if (value == (value & 0xFFFF)) {
            out.write('M');
            return littleEndian(value, 2);
        }
        if (value == (int) value) {
            out.write('J');
            return littleEndian(value, 4);
        }
        return integer(BigInteger.valueOf(value));
    }

    PickleOutput integer(BigInteger value) {
        byte[] bigEndian = value.toByteArray();
        out.write(LONG1);
        out.write(bigEndian.length);
        for (int i = bigEndian.length - 1; i >= 0; i--) {
            out.write(bigEndian[i]);
        }
        return this;
    }

    PickleOutput text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        length('X', BINUNICODE8, utf8.length);
        out.writeBytes(utf8);
        return this;
    }

    /** Something that a module names; protocol 4. */
    PickleOutput name(String module, String name) {
        text(module).text(name);
        out.write(STACK_GLOBAL);
        return this;
    }

    /** Announces bytes, which follow. */
    PickleOutput bytesOf(long count) {
        length('B', BINBYTES8, count);
        return this;
    }

    private void length(int opcode, int wideOpcode, long count) {
        boolean wide = count > 0xFFFFFFFFL;
        out.write(wide ? wideOpcode : opcode);
        littleEndian(count, wide ? Long.BYTES : Integer.BYTES);
    }

    PickleOutput littleEndian(long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            out.write((int) (value >>> 8 * i));
        }
        return this;
    }

    ByteBuffer buffer() {
        return ByteBuffer.wrap(out.toByteArray());
    }
}
