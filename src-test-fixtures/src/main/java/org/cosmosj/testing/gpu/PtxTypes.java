package org.cosmosj.testing.gpu;

import java.util.Map;

/** The scalar types of PTX that are understood, and what they are in C++. */
final class PtxTypes {
    private record Type(String cpp, int bytes) {}

    private static final Map<String, Type> TYPES = Map.ofEntries(
            Map.entry("pred", new Type("bool", 1)),
            Map.entry("u8", new Type("uint8_t", 1)), Map.entry("s8", new Type("int8_t", 1)),
            Map.entry("b8", new Type("uint8_t", 1)),
            Map.entry("u16", new Type("uint16_t", 2)), Map.entry("s16", new Type("int16_t", 2)),
            Map.entry("b16", new Type("uint16_t", 2)),
            Map.entry("u32", new Type("uint32_t", 4)), Map.entry("s32", new Type("int32_t", 4)),
            Map.entry("b32", new Type("uint32_t", 4)), Map.entry("f32", new Type("float", 4)),
            Map.entry("u64", new Type("uint64_t", 8)), Map.entry("s64", new Type("int64_t", 8)),
            Map.entry("b64", new Type("uint64_t", 8)), Map.entry("f64", new Type("double", 8)));

    private PtxTypes() {}

    private static Type of(String ptx) {
        Type type = TYPES.get(ptx);
        if (type == null) {
            throw new IllegalArgumentException("PTX type ." + ptx + " is not understood");
        }
        return type;
    }

    /** The C++ type. */
    static String cpp(String ptx) {
        return of(ptx).cpp();
    }

    /** Its size. */
    static int bytes(String ptx) {
        return of(ptx).bytes();
    }
}
