package org.cosmosj.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cosmosj.tensor.pickle.PickleArguments;
import org.cosmosj.tensor.pickle.PickleBytes;
import org.cosmosj.tensor.pickle.PickleStream;
import org.cosmosj.tensor.pickle.PickleTypes;

/**
 * The value that {@code torch.save} wrote into a part of a file: a zip archive, the stream of several pickles that
 * PyTorch wrote before 1.6, or a plain pickle whose tensors are such streams. Source:
 * {@code torch/serialization.py#_load, #_legacy_load}, {@code torch/storage.py#_load_from_bytes}.
 */
final class TorchFile {
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final long PROTOCOL = 1001;
    private static final byte[] ZIP = {'P', 'K', 3, 4};
    private static final ValueLayout.OfLong COUNT =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MappedFile file;
    private final TorchTypes types;
    private final PickleTypes names;
    private final Map<String, TorchStorage> storages = new LinkedHashMap<>();
    private PickleStream outermost;
    /** The same bytes may be mentioned many times. */
    private final Map<PickleBytes, TorchStorage> nested = new HashMap<>();

    private TorchFile(MappedFile file) {
        this.file = file;
        this.types = new TorchTypes(file.size());
        this.names = types.types();
    }

    /** A stream of one storage inside another file. */
    private TorchFile(TorchFile outer) {
        this.file = outer.file;
        this.types = outer.types;
        this.names = outer.names;
    }

    static Object read(MappedFile file, long start, long length) throws CheckpointException {
        boolean zip = length >= ZIP.length
                && MemorySegment.ofArray(ZIP).mismatch(file.bytes().asSlice(start, ZIP.length)) < 0;
        TorchFile torch = new TorchFile(file);
        return zip ? torch.archive(start, length) : torch.stream(start, length);
    }

    // ---- zip archive ----------------------------------------------------------------------------------------------

    private Object archive(long start, long length) throws CheckpointException {
        Map<String, ZipDirectory.Entry> entries = ZipDirectory.read(file, start, length);
        List<String> tables = entries.keySet().stream()
                .filter(name -> name.endsWith("/data.pkl") && name.indexOf('/') == name.lastIndexOf('/')).toList();
        if (tables.size() != 1) {
            throw file.error(start,
                    "is a zip archive with " + tables.size() + " entries */data.pkl, expected 1; it was not"
                            + " written by torch.save");
        }
        String table = tables.getFirst();
        String root = table.substring(0, table.length() - "data.pkl".length());
        ZipDirectory.Entry order = entries.get(root + "byteorder");
        if (order != null && !new String(ZipDirectory.verified(file, "byteorder", order)
                .toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII).equals("little")) {
            throw file.error(order.begin(), "byte order is not little; save the file on a little-endian machine");
        }
        MemorySegment pickle = ZipDirectory.verified(file, table, entries.get(table));
        PickleStream stream = new PickleStream(file.path() + " (" + table + ")", pickle, names,
                id -> archived(id, root, entries), file.size());
        return stream.next();
    }

    private TorchStorage archived(PickleArguments id, String root, Map<String, ZipDirectory.Entry> entries) {
        TorchTypes.Identified found = TorchTypes.Identified.of(id);
        TorchStorage storage = known(found);
        if (!storage.isPlaced()) {
            ZipDirectory.Entry entry = entries.get(root + "data/" + found.key());
            if (entry == null) {
                throw new IllegalArgumentException("storage has no entry in the archive");
            }
            if (entry.size() != storage.byteSize()) {
                throw new IllegalArgumentException("storage of " + storage.byteSize() + " bytes, but its entry has "
                        + entry.size());
            }
            storage.placeAt(entry.begin());
        }
        return storage;
    }

    /** The storage of that key; identifiers repeat for tensors that share it. */
    private TorchStorage known(TorchTypes.Identified found) {
        TorchStorage storage = storages.computeIfAbsent(found.key(), _ -> found.storage());
        if (storage.element() != found.storage().element() || storage.byteSize() != found.storage().byteSize()) {
            throw new IllegalArgumentException("storage appears with two types or sizes");
        }
        return storage;
    }

    // ---- streams --------------------------------------------------------------------------------------------------

    private Object stream(long start, long length) throws CheckpointException {
        PickleStream stream = new PickleStream(file.path().toString(), file.bytes().asSlice(start, length),
                types.types(this::nested), this::streamed, file.size());
        outermost = stream;
        Object first = stream.next();
        if (MAGIC.equals(first)) {
            return rest(stream, new Part(file.bytes().asSlice(start, length), start));
        }
        if (stream.position() != length) {
            throw file.error(start + stream.position(), (length - stream.position())
                    + " bytes follow the pickle; this is no file of torch.save");
        }
        if (!storages.isEmpty()) {
            throw file.error(start + stream.position(),
                    "mentions storages that it does not hold; it is a part of a file of torch.save");
        }
        return first;
    }

    /** A storage inside a plain pickle, as a stream of its own. */
    private Object nested(PickleArguments arguments) throws CheckpointException {
        PickleBytes bytes = arguments.bytes(0);
        TorchStorage earlier = nested.get(bytes);
        if (earlier != null) {
            return earlier;
        }
        // A file of its own: keys of storages are unique in one stream only, and streams nest no deeper.
        TorchFile inner = new TorchFile(this);
        Part part = new Part(bytes.data(), bytes.offset());
        PickleStream stream = outermost.nested(file.path() + (part.isText()
                ? " (stream in a text)"
                : " (stream at byte " + bytes.offset() + ")"), bytes.data(), names, inner::streamed);
        if (!MAGIC.equals(stream.next()) || !(inner.rest(stream, part) instanceof TorchStorage storage)) {
            throw new IllegalArgumentException("nested stream is no storage that torch.save wrote");
        }
        nested.put(bytes, storage);
        return storage;
    }

    /**
     * Where a stream stands.
     *
     * @param data its bytes
     * @param start of its first byte in the file, or -1 if it was decoded from a text
     */
    private record Part(MemorySegment data, long start) {
        boolean isText() {
            return start < 0;
        }
    }

    private CheckpointException error(Part part, long at, String what) {
        return part.isText()
                ? file.error("stream in a text: at byte " + at + " of the stream: " + what)
                : file.error(part.start() + at, what);
    }

    private TorchStorage streamed(PickleArguments id) {
        return known(TorchTypes.Identified.of(id));
    }

    /** What follows the magic number: protocol, system, value, keys of storages, their data. */
    private Object rest(PickleStream stream, Part part) throws CheckpointException {
        if (!Long.valueOf(PROTOCOL).equals(stream.next())) {
            throw error(part, 0, "the stream is not of protocol " + PROTOCOL);
        }
        if (!(stream.next() instanceof Map<?, ?> system) || !Boolean.TRUE.equals(system.get("little_endian"))) {
            throw error(part, 0, "the stream was not written on a little-endian machine");
        }
        Object value = stream.next();
        if (!(stream.next() instanceof List<?> keys)) {
            throw error(part, stream.position(), "the stream has no list of storages");
        }
        List<TorchStorage> placed = new ArrayList<>();
        long at = stream.position();
        long length = part.data().byteSize();
        for (Object key : keys) {
            TorchStorage storage = key instanceof String name ? storages.get(name) : null;
            if (storage == null || storage.isPlaced()) {
                throw error(part, at, "data of a storage that no tensor uses, or twice");
            }
            long left = length - at - Long.BYTES;
            if (left < storage.byteSize()) {
                throw error(part, at, "a storage of " + storage.byteSize() + " bytes needs more than the " + left
                        + " that are left; the file is truncated");
            }
            int size = storage.element() == null ? 1 : storage.element().byteSize();
            if (part.data().get(COUNT, at) != storage.byteSize() / size) {
                throw error(part, at, "a storage does not have the size that its tensors expect");
            }
            if (part.isText()) {
                storage.placeIn(part.data().asSlice(at + Long.BYTES, storage.byteSize()));
            } else {
                storage.placeAt(part.start() + at + Long.BYTES);
            }
            placed.add(storage);
            at += Long.BYTES + storage.byteSize();
        }
        if (at != length || placed.size() != storages.size()) {
            throw error(part, at, (length - at) + " bytes are left over after " + placed.size() + " of "
                    + storages.size() + " storages");
        }
        return value;
    }
}
