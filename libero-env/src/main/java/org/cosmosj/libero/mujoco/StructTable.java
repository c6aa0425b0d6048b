package org.cosmosj.libero.mujoco;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the fields of MuJoCo's structs stand, what its constants are, and how long its arrays are: for one version of
 * the library on 64-bit System V platforms.
 */
final class StructTable {

    /** What an element of a field is. */
    enum Kind {
        F64(8), F32(4), I64(8), I32(4), U8(1), POINTER(8), STRUCT(0);

        /** Bytes, and alignment; a struct has its own. */
        final int bytes;

        Kind(int bytes) {
            this.bytes = bytes;
        }
    }

    /**
     * A field.
     *
     * @param offset  bytes from the start of the struct
     * @param kind    element type, or what the pointer points at
     * @param struct  name of the struct that {@link Kind#STRUCT} means, else empty
     * @param count   elements in the struct itself
     * @param pointer whether the struct holds a pointer to elements
     * @param extent  what it points at: {@code rows columns}, each a constant or a size of mjModel or mjData; empty if
     *                unknown
     */
    record Field(long offset, Kind kind, String struct, int count, boolean pointer, String extent) {

        Field at(long base) {
            return new Field(base + offset, kind, struct, count, pointer, extent);
        }

        Field withExtent(String known) {
            return new Field(offset, kind, struct, count, pointer, known);
        }
    }

    /** A struct: size, alignment, fields by name in order. */
    static final class Struct {
        private final Map<String, Field> fields = new LinkedHashMap<>();
        private long size;
        private int alignment = 1;

        Map<String, Field> fields() {
            return fields;
        }

        long size() {
            return size;
        }

        int alignment() {
            return alignment;
        }

        void sized(long bytes, int align) {
            size = bytes;
            alignment = align;
        }

        /** Appends a field of known size as a C compiler places it. */
        void append(String name, Kind kind, String struct, int count, boolean pointer, long bytes, int align) {
            long offset = (size + align - 1) / align * align;
            fields.put(name, new Field(offset, kind, struct, count, pointer, ""));
            sized(offset + bytes * count, Math.max(alignment, align));
        }

        /** Pads to the alignment, after the last field. */
        void close() {
            size = (size + alignment - 1) / alignment * alignment;
        }
    }

    private final int version;
    private final Map<String, Long> constants = new LinkedHashMap<>();
    private final Map<String, Struct> structs = new LinkedHashMap<>();

    StructTable(int version) {
        this.version = version;
    }

    /** What {@code mj_version()} returns for the library that this table fits. */
    int version() {
        return version;
    }

    Map<String, Long> constants() {
        return constants;
    }

    Map<String, Struct> structs() {
        return structs;
    }

    /** An enum's or macro's value. */
    int constant(String name) {
        Long value = constants.get(name);
        if (value == null) {
            throw new MujocoException("MuJoCo " + version + " has no constant " + name
                    + "; this version is not supported");
        }
        return Math.toIntExact(value);
    }

    Struct struct(String name) {
        Struct struct = structs.get(name);
        if (struct == null) {
            throw new MujocoException("MuJoCo " + version + " has no struct " + name
                    + "; this version is not supported");
        }
        return struct;
    }

    /** A field by its path, such as {@code opt.timestep}; empty if this version has none. */
    Optional<Field> find(String struct, String path) {
        Struct in = struct(struct);
        Field whole = in.fields().get(path);
        int dot = path.indexOf('.');
        if (whole != null || dot < 0) {
            return Optional.ofNullable(whole);
        }
        Field outer = in.fields().get(path.substring(0, dot));
        if (outer == null || outer.pointer() || outer.struct().isEmpty()) {
            return Optional.empty();
        }
        return find(outer.struct(), path.substring(dot + 1)).map(inner -> inner.at(outer.offset()));
    }

    /** A field by its path. */
    Field field(String struct, String path) {
        return find(struct, path).orElseThrow(() -> new MujocoException("MuJoCo " + version + " has no field "
                + struct + "." + path + "; this version is not supported"));
    }
}
