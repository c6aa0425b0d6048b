package org.cosmosj.libero.mujoco;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.cosmosj.libero.mujoco.StructTable.Field;
import org.cosmosj.libero.mujoco.StructTable.Kind;

/**
 * A struct in native memory, read and written by field names. Every array segment has the length that the headers
 * give, so that a wrong layout ends in an exception rather than elsewhere in memory.
 */
@SuppressWarnings("restricted") // native memory and functions
final class NativeStruct {

    private final StructTable table;
    private final String type;
    private final MemorySegment memory;
    private final Arena life;
    private final ToLongFunction<String> sizes;
    private final Map<String, MemorySegment> arrays = new HashMap<>();

    /**
     * Wraps a struct.
     *
     * @param table  layouts
     * @param type   name of the struct
     * @param memory its first byte
     * @param life   after its end no access succeeds
     * @param sizes  number of a size or constant that extents name
     */
    NativeStruct(StructTable table, String type, MemorySegment memory, Arena life, ToLongFunction<String> sizes) {
        this.table = table;
        this.type = type;
        this.memory = memory.reinterpret(table.struct(type).size(), life, null);
        this.life = life;
        this.sizes = sizes;
    }

    MemorySegment memory() {
        return memory;
    }

    Optional<Field> find(String path) {
        return table.find(type, path);
    }

    /** An integer field, whatever its width. */
    long integer(String path) {
        Field field = table.field(type, path);
        return switch (field.kind()) {
            case I64 -> memory.get(JAVA_LONG_UNALIGNED, field.offset());
            case I32 -> memory.get(JAVA_INT_UNALIGNED, field.offset());
            default -> memory.get(JAVA_BYTE, field.offset()) & 255;
        };
    }

    /** The elements of an array: those a pointer points at, or those in the struct. */
    MemorySegment array(String path) {
        return arrays.computeIfAbsent(path, this::locate);
    }

    private MemorySegment locate(String path) {
        Field field = table.field(type, path);
        long element = field.kind() == Kind.STRUCT ? table.struct(field.struct()).size() : field.kind().bytes;
        if (!field.pointer()) {
            return memory.asSlice(field.offset(), element * field.count());
        }
        MemorySegment target = memory.get(ADDRESS, field.offset());
        return target.address() == 0
                ? MemorySegment.NULL
                : target.reinterpret(length(path, field) * element, life, null);
    }

    private long length(String path, Field field) {
        if (field.extent().isEmpty()) {
            throw new MujocoException("MuJoCo " + table.version() + ": the headers do not say how long " + type + "."
                    + path + " is");
        }
        long length = 1;
        for (String factor : field.extent().split("[ *]")) {
            length *= Character.isDigit(factor.charAt(0)) ? Long.parseLong(factor) : sizes.applyAsLong(factor);
        }
        return length;
    }

    /** All elements of an array or scalar as float64; bytes count from 0 to 255. */
    double[] numbers(String path) {
        Field field = table.field(type, path);
        MemorySegment from = array(path);
        if (field.kind().bytes == 0) {
            throw new MujocoException("MuJoCo " + table.version() + ": " + type + "." + path + " holds no numbers");
        }
        double[] numbers = new double[Math.toIntExact(from.byteSize() / field.kind().bytes)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = switch (field.kind()) {
                case F64 -> from.get(JAVA_DOUBLE_UNALIGNED, 8L * i);
                case F32 -> from.get(JAVA_FLOAT_UNALIGNED, 4L * i);
                case I64 -> from.get(JAVA_LONG_UNALIGNED, 8L * i);
                case I32 -> from.get(JAVA_INT_UNALIGNED, 4L * i);
                default -> from.get(JAVA_BYTE, i) & 255;
            };
        }
        return numbers;
    }
}
