package org.cosmosj.libero.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Element types of the HDF5 files that are written here, with their datatype message.
 * Source: HDF5 File Format Specification 3.0, section IV.A.2.d.
 */
enum Hdf5Type {
    /** Unsigned byte. */
    U8(1),
    /** 64-bit integer. */
    I64(8),
    /** IEEE double. */
    F64(8),
    /** h5py's bool: an enumeration of int8 with the members FALSE and TRUE. */
    BOOL(1),
    /** UTF-8 string of any length, stored in the global heap. */
    STRING(16),
    /** Unsigned bytes of any length, stored in the global heap. */
    BYTES(16);

    private static final int FIXED_POINT = 0x10;
    private static final int FLOATING_POINT = 0x11;
    private static final int FIXED_STRING = 0x13;
    private static final int ENUMERATION = 0x18;
    private static final int VARIABLE_LENGTH = 0x19;
    private static final int SIGNED = 8;

    /** Bytes per element in the dataset itself. */
    final int size;

    Hdf5Type(int size) {
        this.size = size;
    }

    byte[] message() {
        return switch (this) {
            case U8 -> fixedPoint(1, 0);
            case I64 -> fixedPoint(8, SIGNED);
            case F64 -> littleEndian(20).put((byte) FLOATING_POINT).put((byte) 0x20).put((byte) 63).put((byte) 0)
                    .putInt(8).putShort((short) 0).putShort((short) 64).put((byte) 52).put((byte) 11).put((byte) 0)
                    .put((byte) 52).putInt(1023).array();
            case BOOL -> littleEndian(38).put((byte) ENUMERATION).put((byte) 2).putShort((short) 0).putInt(1)
                    .put(fixedPoint(1, SIGNED)).put(padded("FALSE")).put(padded("TRUE")).put((byte) 0).put((byte) 1)
                    .array();
            case STRING -> littleEndian(16).put((byte) VARIABLE_LENGTH).put((byte) 1).put((byte) 1).put((byte) 0)
                    .putInt(size).put((byte) FIXED_STRING).put((byte) 0x10).putShort((short) 0).putInt(1).array();
            case BYTES -> littleEndian(20).put((byte) VARIABLE_LENGTH).put(new byte[3]).putInt(size)
                    .put(fixedPoint(1, 0)).array();
        };
    }

    private static byte[] fixedPoint(int bytes, int sign) {
        return littleEndian(12).put((byte) FIXED_POINT).put((byte) sign).putShort((short) 0).putInt(bytes)
                .putShort((short) 0).putShort((short) (8 * bytes)).array();
    }

    private static byte[] padded(String name) {
        byte[] bytes = (name + "\0").getBytes(StandardCharsets.UTF_8);
        return java.util.Arrays.copyOf(bytes, (bytes.length + 7) / 8 * 8);
    }

    static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
