package org.cosmosj.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cosmosj.tensor.internal.Json;

/**
 * The header of a safetensors file: 8 bytes length, then JSON with one entry per tensor. Every claim is checked against
 * the file before any tensor is made: as in the reference implementation the tensors tile the data area without gap or
 * overlap.
 *
 * @param metadata the {@code __metadata__} strings
 * @param entries one per tensor, in the order of the header
 * @param dataStart position of the data area in the file, in bytes
 */
record SafetensorsHeader(Map<String, String> metadata, Map<String, Entry> entries, long dataStart) {
    static final int LENGTH_BYTES = 8;
    /** The limit of the reference implementation. */
    static final long LONGEST = 100_000_000;
    static final String METADATA = "__metadata__";
    static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final Set<String> FIELDS = Set.of("dtype", "shape", "data_offsets");

    /**
     * One tensor's place.
     *
     * @param dtype element type
     * @param shape sizes
     * @param begin first byte, counted from the start of the data area
     * @param end byte after the last
     */
    record Entry(DType dtype, Shape shape, long begin, long end) {}

    static SafetensorsHeader read(Path file, MemorySegment bytes) throws CheckpointException {
        return new Reader(file, bytes).read();
    }

    /** Reads one header; every refusal names the file. */
    private record Reader(Path file, MemorySegment bytes) {
        SafetensorsHeader read() throws CheckpointException {
            long fileBytes = bytes.byteSize();
            require(fileBytes >= LENGTH_BYTES, "has " + fileBytes + " bytes, expected at least " + LENGTH_BYTES
                    + "; the file is truncated or empty");
            long length = bytes.get(LENGTH, 0);
            require(length >= 2 && length <= LONGEST, "header length is " + Long.toUnsignedString(length)
                    + " bytes, expected 2 to " + LONGEST + "; this is not a safetensors file");
            require(length <= fileBytes - LENGTH_BYTES, "header needs " + length + " bytes but only "
                    + (fileBytes - LENGTH_BYTES) + " follow; the file is truncated");
            Object json = parse(bytes.asSlice(LENGTH_BYTES, length));
            if (!(json instanceof Map<?, ?> members)) {
                throw refuse("header is not a JSON object");
            }
            Map<String, String> metadata = Map.of();
            Map<String, Entry> entries = new LinkedHashMap<>();
            for (Map.Entry<?, ?> member : members.entrySet()) {
                String key = (String) member.getKey();
                if (key.equals(METADATA)) {
                    metadata = metadata(member.getValue());
                } else {
                    entries.put(key, entry(key, member.getValue()));
                }
            }
            long dataStart = LENGTH_BYTES + length;
            checkTiling(entries, fileBytes - dataStart);
            return new SafetensorsHeader(metadata, entries, dataStart);
        }

        private Object parse(MemorySegment header) throws CheckpointException {
            try {
                return Json.parse(header.toArray(ValueLayout.JAVA_BYTE), LENGTH_BYTES);
            } catch (IllegalArgumentException e) {
                throw new CheckpointException(prefix() + "header is not valid JSON " + e.getMessage(), e);
            }
        }

        private Map<String, String> metadata(Object value) throws CheckpointException {
            Map<String, String> strings = new LinkedHashMap<>();
            if (!(value instanceof Map<?, ?> members)) {
                throw refuse(METADATA + " is not an object of strings");
            }
            for (Map.Entry<?, ?> member : members.entrySet()) {
                if (!(member.getValue() instanceof String string)) {
                    throw refuse(METADATA + " entry '" + member.getKey() + "' is not a string");
                }
                strings.put((String) member.getKey(), string);
            }
            return strings;
        }

        private Entry entry(String key, Object value) throws CheckpointException {
            if (!(value instanceof Map<?, ?> fields) || !fields.keySet().equals(FIELDS)) {
                throw refuse(key, "entry has not exactly the fields dtype, shape and data_offsets");
            }
            DType dtype = dtype(key, fields.get("dtype"));
            long[] sizes = numbers(key, "shape", fields.get("shape"));
            long[] offsets = numbers(key, "data_offsets", fields.get("data_offsets"));
            if (offsets.length != 2 || offsets[0] > offsets[1]) {
                throw refuse(key, "data_offsets " + fields.get("data_offsets") + " are not [begin, end]");
            }
            try {
                Shape shape = Shape.of(sizes);
                long need = Math.multiplyExact(shape.numel(), (long) dtype.byteSize());
                if (offsets[1] - offsets[0] != need) {
                    throw refuse(key, "data_offsets hold " + (offsets[1] - offsets[0]) + " bytes but " + dtype + " "
                            + shape + " takes " + need);
                }
                return new Entry(dtype, shape, offsets[0], offsets[1]);
            } catch (ShapeException | ArithmeticException e) {
                throw new CheckpointException(prefix() + at(key) + "tensor '" + key + "': shape "
                        + fields.get("shape") + " is larger than any file", e);
            }
        }

        private DType dtype(String key, Object value) throws CheckpointException {
            for (DType dtype : DType.values()) {
                if (dtype.name().equals(value)) {
                    return dtype;
                }
            }
            throw refuse(key, "dtype " + value + " is not supported, expected one of "
                    + List.of(DType.values()) + "; convert the tensor");
        }

        private long[] numbers(String key, String field, Object value) throws CheckpointException {
            if (!(value instanceof List<?> list)) {
                throw refuse(key, field + " is not a list");
            }
            long[] numbers = new long[list.size()];
            for (int i = 0; i < numbers.length; i++) {
                if (!(list.get(i) instanceof Long number) || number < 0) {
                    throw refuse(key, field + " " + list + " are not integers of at least 0");
                }
                numbers[i] = number;
            }
            return numbers;
        }

        private void checkTiling(Map<String, Entry> entries, long dataBytes) throws CheckpointException {
            List<Map.Entry<String, Entry>> ordered = new ArrayList<>(entries.entrySet());
            ordered.sort(Comparator.comparingLong((Map.Entry<String, Entry> e) -> e.getValue().begin())
                    .thenComparingLong(e -> e.getValue().end()));
            long end = 0;
            String before = "the start";
            for (Map.Entry<String, Entry> next : ordered) {
                Entry entry = next.getValue();
                if (entry.end() > dataBytes) {
                    throw refuse(next.getKey(), "data ends at byte " + entry.end() + " but the file holds " + dataBytes
                            + " bytes of data; the file is truncated");
                }
                if (entry.begin() != end) {
                    throw refuse(next.getKey(), "data starts at byte " + entry.begin() + ", expected " + end + " where "
                            + before + " ends; tensors must not overlap or leave gaps");
                }
                end = entry.end();
                before = "'" + next.getKey() + "'";
            }
            require(end == dataBytes, "tensors take " + end + " bytes but the file holds " + dataBytes
                    + " bytes of data; the file is damaged");
        }

        private void require(boolean holds, String message) throws CheckpointException {
            if (!holds) {
                throw refuse(message);
            }
        }

        private CheckpointException refuse(String key, String message) {
            return new CheckpointException(prefix() + at(key) + "tensor '" + key + "': " + message);
        }

        private CheckpointException refuse(String message) {
            return new CheckpointException(prefix() + "at byte 0: " + message);
        }

        /** Where a key stands, searched only for messages. */
        private String at(String key) {
            byte[] quoted = Json.quote(key).getBytes(StandardCharsets.UTF_8);
            MemorySegment wanted = MemorySegment.ofArray(quoted);
            for (long at = LENGTH_BYTES; at <= bytes.byteSize() - quoted.length; at++) {
                if (bytes.get(ValueLayout.JAVA_BYTE, at) == '"'
                        && wanted.mismatch(bytes.asSlice(at, quoted.length)) < 0) {
                    return "at byte " + at + ": ";
                }
            }
            return "at byte " + LENGTH_BYTES + ": "; // written with escapes
        }

        private String prefix() {
            return "safetensors " + file + ": ";
        }
    }
}
