package org.cosmosj.tensor;

import java.util.ArrayList;
import java.util.List;
import org.cosmosj.tensor.pickle.PickleArguments;
import org.cosmosj.tensor.pickle.PickleConstructor;
import org.cosmosj.tensor.pickle.PickleTypes;

/**
 * The names that PyTorch's files mention. Source: {@code torch/_utils.py}, {@code torch/serialization.py}.
 *
 * @param fileBytes size of the file, which bounds its tensors
 */
record TorchTypes(long fileBytes) {
    private static final PickleTypes NAMES = names();

    /** Stands for a storage whose elements are bytes until a tensor says otherwise. */
    private enum Untyped {
        UNTYPED
    }

    private static PickleTypes names() {
        PickleTypes types = PickleTypes.NUMPY.withData("_io", "BytesIO").withData("torch", "device")
                .withConstructor("torch", "Size", TorchTypes::size)
                .withValue("torch.storage", "UntypedStorage", Untyped.UNTYPED)
                .withValue("torch", "UntypedStorage", Untyped.UNTYPED)
                .withConstructor("torch._utils", "_rebuild_parameter", TorchTypes::parameter);
        for (TorchElement element : TorchElement.values()) {
            types = types.withValue("torch", element.torchName(), element);
            if (element.storageClass() != null) {
                types = types.withValue("torch", element.storageClass(), new StorageClass(element));
            }
        }
        return types;
    }

    private record StorageClass(TorchElement element) {}

    /** All names but those of nested streams. */
    PickleTypes types() {
        return NAMES.withConstructor("torch._utils", "_rebuild_tensor_v2", this::rebuild)
                .withConstructor("torch._utils", "_rebuild_tensor", this::rebuild)
                .withConstructor("torch._utils", "_rebuild_tensor_v3", this::rebuildUntyped);
    }

    /** Names of a plain pickle, whose storages are whole streams of their own. */
    PickleTypes types(PickleConstructor loadFromBytes) {
        return types().withConstructor("torch.storage", "_load_from_bytes", loadFromBytes);
    }

    private static List<?> size(PickleArguments arguments) {
        return arguments.list(0);
    }

    private static Object parameter(PickleArguments arguments) {
        return arguments.as(0, TorchTensor.class, "a tensor");
    }

    /** (storage, offset, size, stride, ..). */
    private TorchTensor rebuild(PickleArguments arguments) {
        TorchStorage storage = arguments.as(0, TorchStorage.class, "a typed storage");
        if (storage.element() == null) {
            throw new IllegalArgumentException(arguments.callee() + ": the storage has no element type");
        }
        return rebuild(arguments, storage, storage.element());
    }

    /** (storage, offset, size, stride, requires_grad, hooks, dtype, ..). */
    private TorchTensor rebuildUntyped(PickleArguments arguments) {
        return rebuild(arguments, arguments.as(0, TorchStorage.class, "a storage"),
                arguments.as(6, TorchElement.class, "a dtype"));
    }

    private TorchTensor rebuild(PickleArguments arguments, TorchStorage storage, TorchElement element) {
        return TorchTensor.checked(storage, element, arguments.integer(1), arguments.integers(2),
                arguments.integers(3), fileBytes);
    }

    /**
     * What a persistent identifier {@code ("storage", class, key, location, count, ..)} says of a storage.
     *
     * @param key name of the storage in its file
     * @param storage its type and size, not yet placed
     */
    record Identified(String key, TorchStorage storage) {
        /** The last field is of old streams only. */
        private static final int LONGEST = 6;

        static Identified of(PickleArguments identifier) {
            List<?> fields = identifier.list(0);
            if (fields.size() > LONGEST) {
                throw new IllegalArgumentException("persistent identifier of " + fields.size() + " fields");
            }
            PickleArguments id = new PickleArguments("persistent identifier", new ArrayList<>(fields));
            if (id.size() == LONGEST && id.get(LONGEST - 1) != null) {
                throw new IllegalArgumentException("storages that are views of others are not supported; save again");
            }
            if (!id.string(0).equals("storage")) {
                throw new IllegalArgumentException("persistent identifier is not of a storage");
            }
            TorchElement element = switch (id.get(1)) {
                case StorageClass typed -> typed.element();
                case Untyped _ -> null;
                case null, default -> throw new IllegalArgumentException("persistent identifier has "
                        + PickleArguments.typeOf(id.get(1)) + " for a storage class");
            };
            long count = id.integer(4);
            int size = element == null ? 1 : element.byteSize();
            if (count < 0 || count > Long.MAX_VALUE / size) {
                throw new IllegalArgumentException("storage of " + count + " elements");
            }
            return new Identified(id.string(2), new TorchStorage(element, count * size));
        }
    }
}
