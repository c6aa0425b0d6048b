package org.cosmosj.tensor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cosmosj.tensor.pickle.Pickle;
import org.cosmosj.tensor.pickle.PickleArguments;
import org.cosmosj.tensor.pickle.PickleObject;
import org.cosmosj.tensor.pickle.PickleTypes;

/**
 * The table of contents of a distributed checkpoint. Source: {@code torch/distributed/checkpoint/metadata.py},
 * {@code filesystem.py#_StorageInfo}.
 *
 * @param tensors what can be read, by name
 * @param others what cannot, described
 */
record DistributedMetadata(Map<String, Entry> tensors, Map<String, String> others) {
    /**
     * A tensor.
     *
     * @param dtype element type
     * @param shape sizes of the whole
     * @param pieces what it is joined from
     */
    record Entry(DType dtype, Shape shape, List<Piece> pieces) {
        private static final int MOST_PIECES = 4096;

        /** Requires that the pieces tile the tensor and lie inside of their files. */
        void check(Path folder, String key, Map<String, MappedFile> files) throws CheckpointException {
            long elements = 0;
            long fileBytes = files.values().stream().mapToLong(MappedFile::size).sum();
            boolean valid = pieces.size() <= MOST_PIECES;
            for (int i = 0; valid && i < pieces.size(); i++) {
                Piece piece = pieces.get(i);
                long size = files.get(piece.file()).size();
                valid = piece.begin() >= 0 && piece.length() >= 0 && piece.begin() <= size
                        && piece.length() <= size - piece.begin() && piece.isInside(shape);
                for (int other = 0; valid && other < i; other++) {
                    valid = piece.isApartFrom(pieces.get(other));
                }
                elements += valid ? piece.shape().numel() : 0;
            }
            if (!valid || elements != shape.numel() || elements > fileBytes / dtype.byteSize()) {
                throw new CheckpointException("distributed checkpoint " + folder + ": the " + pieces.size()
                        + " pieces of '" + key + "' do not tile " + shape + " or are outside of their files");
            }
        }
    }

    /**
     * A part of a tensor, saved as a file of its own inside a larger one.
     *
     * @param offsets its first element in the whole
     * @param shape its sizes
     * @param file name of the file
     * @param begin first byte there
     * @param length bytes there
     */
    record Piece(long[] offsets, Shape shape, String file, long begin, long length) {
        boolean isInside(Shape whole) {
            boolean inside = offsets.length == whole.rank() && shape.rank() == whole.rank();
            for (int axis = 0; inside && axis < offsets.length; axis++) {
                inside = offsets[axis] >= 0 && offsets[axis] <= whole.size(axis)
                        && shape.size(axis) <= whole.size(axis) - offsets[axis];
            }
            return inside;
        }

        boolean isApartFrom(Piece other) {
            boolean apart = shape.numel() == 0 || other.shape.numel() == 0;
            for (int axis = 0; axis < offsets.length; axis++) {
                apart |= offsets[axis] + shape.size(axis) <= other.offsets[axis]
                        || other.offsets[axis] + other.shape.size(axis) <= offsets[axis];
            }
            return apart;
        }
    }

    private static final String MODULE = "torch.distributed.checkpoint.metadata";
    private static final PickleTypes TYPES = types();

    private static PickleTypes types() {
        PickleTypes types = new TorchTypes(0).types().withConstructor("torch.serialization", "_get_layout",
                arguments -> arguments.string(0));
        for (String name : List.of("Metadata", "MetadataIndex", "TensorStorageMetadata", "TensorProperties",
                "ChunkStorageMetadata", "BytesStorageMetadata", "StorageMeta", "_MEM_FORMAT_ENCODING")) {
            types = types.withData(MODULE, name);
        }
        return types.withData("torch.distributed.checkpoint.filesystem", "_StorageInfo")
                .withData("pathlib", "PosixPath").withData("pathlib._local", "PosixPath");
    }

    static DistributedMetadata read(Path file) throws CheckpointException {
        Object root = Pickle.read(file, TYPES);
        try {
            return read(map(field(root, "Metadata", "state_dict_metadata")),
                    map(field(root, "Metadata", "storage_data")));
        } catch (IllegalArgumentException e) {
            throw new CheckpointException("distributed checkpoint " + file + ": " + e.getMessage(), e);
        }
    }

    private static DistributedMetadata read(Map<?, ?> stateDict, Map<?, ?> storageData) {
        Map<Place, PickleObject> places = new HashMap<>();
        storageData.forEach((index, info) -> {
            Object offset = field(index, "MetadataIndex", "offset");
            places.put(new Place(string(field(index, "MetadataIndex", "fqn")),
                    offset == null ? List.of() : boxed(offset)), (PickleObject) info(info));
        });
        Map<String, Entry> tensors = new LinkedHashMap<>();
        Map<String, String> others = new LinkedHashMap<>();
        stateDict.forEach((key, value) -> {
            if (key instanceof String name && value instanceof PickleObject object
                    && object.className().equals(MODULE + ".TensorStorageMetadata")) {
                TorchElement element = element(object);
                if (element.dtype() != null) {
                    tensors.put(name, entry(name, element.dtype(), object, places));
                } else {
                    others.put(name, element.torchName() + " tensor, which is not read");
                }
            } else {
                others.put(key instanceof String name ? name : "(a key)", PickleArguments.typeOf(value));
            }
        });
        return new DistributedMetadata(tensors, others);
    }

    /** Where a piece is looked up: the tensor and the piece's first element, none for a scalar. */
    private record Place(String key, List<Long> offset) {}

    private static Entry entry(String key, DType dtype, PickleObject object, Map<Place, PickleObject> places) {
        List<Piece> pieces = new ArrayList<>();
        for (Object chunk : list(object.field("chunks"))) {
            Object offsets = field(chunk, "ChunkStorageMetadata", "offsets");
            PickleObject info = places.get(new Place(key, boxed(offsets)));
            if (info == null) {
                throw new IllegalArgumentException("a piece of '" + key + "' is in no file");
            }
            pieces.add(new Piece(integers(offsets), shape(field(chunk, "ChunkStorageMetadata", "sizes")),
                    plainName(info), integer(info.field("offset")), integer(info.field("length"))));
        }
        return new Entry(dtype, shape(object.field("size")), pieces);
    }

    /** (dtype, layout, requires_grad, memory format, pin_memory). */
    private static TorchElement element(PickleObject tensor) {
        Object properties = tensor.field("properties");
        if (properties instanceof PickleObject object && object.state() instanceof List<?> fields && !fields.isEmpty()
                && fields.getFirst() instanceof TorchElement element) {
            return element;
        }
        throw new IllegalArgumentException("a tensor has no properties with a dtype");
    }

    Set<String> files() {
        Set<String> files = new LinkedHashSet<>();
        tensors.values().forEach(entry -> entry.pieces().forEach(piece -> files.add(piece.file())));
        return files;
    }

    private static Object info(Object value) {
        if (value instanceof PickleObject object && object.className().endsWith("._StorageInfo")) {
            List<?> transforms = object.field("transform_descriptors") instanceof List<?> list ? list : List.of();
            if (!transforms.isEmpty()) {
                throw new IllegalArgumentException("pieces are compressed; save them without transforms");
            }
            return object;
        }
        throw new IllegalArgumentException("storage_data holds " + PickleArguments.typeOf(value));
    }

    private static String plainName(PickleObject info) {
        String name = string(info.field("relative_path"));
        if (name.isEmpty() || name.startsWith(".") || name.chars().anyMatch(c -> c == '/' || c == '\\' || c < ' ')) {
            throw new IllegalArgumentException("a piece is not in a file of the folder");
        }
        return name;
    }

    // ---- checked access -------------------------------------------------------------------------------------------

    private static Object field(Object object, String className, String name) {
        if (object instanceof PickleObject instance && instance.className().equals(MODULE + "." + className)) {
            return instance.field(name);
        }
        throw new IllegalArgumentException("expected " + className + ", got " + PickleArguments.typeOf(object));
    }

    private static Map<?, ?> map(Object value) {
        return one(value, Map.class, "a dict");
    }

    private static List<?> list(Object value) {
        return one(value, List.class, "a list");
    }

    private static String string(Object value) {
        return one(value, String.class, "a string");
    }

    private static long integer(Object value) {
        return one(value, Long.class, "an integer");
    }

    private static long[] integers(Object value) {
        List<?> list = list(value);
        if (list.size() > 64) {
            throw new IllegalArgumentException("sizes of " + list.size() + " axes");
        }
        return PickleArguments.integers(list, "a piece");
    }

    private static List<Long> boxed(Object value) {
        return Arrays.stream(integers(value)).boxed().toList();
    }

    private static Shape shape(Object value) {
        return Shape.of(integers(value));
    }

    private static <T> T one(Object value, Class<T> type, String expected) {
        return new PickleArguments("metadata", Collections.singletonList(value)).as(0, type, expected);
    }
}
