package org.cosmosj.tensor;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cosmosj.tensor.pickle.PickleArguments;
import org.cosmosj.tensor.pickle.PickleObject;

/**
 * A file that {@code torch.save} wrote from a flat dict of tensors ({@code .pt}, {@code .pth}), as a zip archive or as
 * the stream of PyTorch before 1.6, or a pickle of such a dict, such as the reference's caches of text embeddings.
 * Tensors that share a storage share the mapped memory; offsets and strides are kept. Nothing in the file is executed:
 * see {@link org.cosmosj.tensor.pickle}.
 *
 * <pre>{@code
 * try (var scope = Scope.open(Device.cpu(), "load"); var file = TorchCheckpoint.open(Path.of("policy.pt"))) {
 *     Tensor weight = file.tensor("net.x_embedder.proj.1.weight");
 * }
 * }</pre>
 */
public final class TorchCheckpoint implements Checkpoint {
    private final MappedFile file;
    private final Map<String, TorchTensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> others = new LinkedHashMap<>();

    private TorchCheckpoint(MappedFile file) throws CheckpointException {
        this.file = file;
        if (!(TorchFile.read(file, 0, file.size()) instanceof Map<?, ?> entries)) {
            throw file.error(0, "holds no dict of tensors; save model.state_dict()");
        }
        entries.forEach((key, value) -> {
            if (key instanceof String name && value instanceof TorchTensor tensor && tensor.element().dtype() != null) {
                tensors.put(name, tensor);
            } else {
                others.put(key instanceof String name ? name : "(" + PickleArguments.typeOf(key) + ")",
                        describe(value));
            }
        });
    }

    private static String describe(Object value) {
        return switch (value) {
            case TorchTensor tensor -> tensor + ", which is not read";
            case Map<?, ?> map -> "a dict of " + map.size() + " entries";
            case PickleObject object -> "a " + object.className();
            case null, default -> PickleArguments.typeOf(value);
        };
    }

    /**
     * Maps a file and reads its table of tensors.
     *
     * @param file what to read
     * @return the open file
     * @throws CheckpointException if it cannot be read, is damaged, holds no dict, or mentions a class that is not
     *     allowed; the message names file, offset, opcode and class
     */
    public static TorchCheckpoint open(Path file) throws CheckpointException {
        return MappedFile.open("torch", file, TorchCheckpoint::new);
    }

    /**
     * Writes a dict of tensors that {@code torch.load} and {@link #open} read, as a zip archive. As in
     * {@link Safetensors#write(Path, Map, Map)} a failure leaves an older file as it was.
     *
     * @param file where to; missing folders are made
     * @param tensors by name, of any dtype, device and layout; written dense, each with a storage of its own
     * @throws CheckpointException if the file cannot be written
     */
    public static void write(Path file, Map<String, Tensor> tensors) throws CheckpointException {
        tensors.values().forEach(Tensor::operand);
        write(file, TensorSpec.of(tensors), spec -> tensors.get(spec.key()));
    }

    /**
     * Writes tensors that are made one at a time, as {@link #write(Path, Map)} does.
     *
     * @param file where to; missing folders are made
     * @param specs what will be written, in this order, under different names
     * @param values makes each tensor, once, in order; called in a scope
     * @throws CheckpointException if the file cannot be written
     * @throws ShapeException if a tensor is not what was announced
     */
    public static void write(Path file, Collection<TensorSpec> specs, TensorValues values)
            throws CheckpointException {
        List<TensorSpec> ordered = List.copyOf(specs);
        CheckpointOutput.write("torch", file, target -> new TorchWriter(target).write(ordered, values));
    }

    /**
     * Names of all tensors; entries of other kinds stand in {@link #others}.
     *
     * @return the keys, in the order of the file
     */
    @Override
    public Set<String> keys() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    @Override
    public boolean contains(String key) {
        return tensors.containsKey(key);
    }

    @Override
    public Shape shape(String key) {
        return entry(key).shape();
    }

    @Override
    public DType dtype(String key) {
        return entry(key).element().dtype();
    }

    @Override
    public Map<String, String> others() {
        return Collections.unmodifiableMap(others);
    }

    /**
     * One tensor, read-only, of the current scope: on the CPU a view of the mapping, on other devices a copy there.
     *
     * @param key its name
     * @return the tensor, of the strides it was saved with; {@link Tensor#copy} makes it writable and dense
     * @throws IllegalArgumentException if there is none of that name
     * @throws IllegalStateException if the file was closed
     */
    @Override
    public Tensor tensor(String key) {
        return entry(key).read(file);
    }

    private TorchTensor entry(String key) {
        TorchTensor tensor = tensors.get(key);
        if (tensor == null) {
            throw new IllegalArgumentException("torch " + describe() + ": no tensor '" + key + "' among "
                    + tensors.size() + (others.containsKey(key) ? "; it is " + others.get(key) : "")
                    + NearestKey.of(key, tensors.keySet()));
        }
        return tensor;
    }

    @Override
    public String describe() {
        return file.path().toString();
    }

    @Override
    public void close() {
        file.close();
    }
}
