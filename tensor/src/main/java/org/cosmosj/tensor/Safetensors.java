package org.cosmosj.tensor;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.cosmosj.tensor.spi.Layout;

/**
 * A safetensors file, mapped into memory: opening reads the header only, and a CPU tensor is a read-only view of the
 * mapping. The mapping lives until the file and all its tensors are closed, in any order.
 *
 * <pre>{@code
 * try (var scope = Scope.open(Device.cpu(), "load"); var file = Safetensors.open(path)) {
 *     Tensor weight = file.tensor("blocks.0.mlp.layer1.weight").to(DType.F32);
 * }
 * }</pre>
 *
 * <p>Safe for several threads. The file must not be shortened while it is open. Format:
 * {@code huggingface/safetensors}, README.
 */
public final class Safetensors implements Checkpoint {
    private final MappedFile file;
    private final SafetensorsHeader header;

    private Safetensors(MappedFile file, SafetensorsHeader header) {
        this.file = file;
        this.header = header;
    }

    /**
     * Maps a file and checks its header.
     *
     * @param file what to read
     * @return the open file
     * @throws CheckpointException if it cannot be read or its header contradicts the file
     */
    public static Safetensors open(Path file) throws CheckpointException {
        return MappedFile.open("safetensors", file,
                mapped -> new Safetensors(mapped, SafetensorsHeader.read(file, mapped.bytes())));
    }

    /**
     * Writes tensors to a file, so that a failure at any moment leaves the old file as it was: the data go to a new
     * file beside it, are forced to disk, and replace the old file in one step. The same values give the same bytes.
     *
     * @param file where to; missing folders are made
     * @param tensors by name, of any dtype, device and layout
     * @param metadata strings kept beside the tensors
     * @throws CheckpointException if the file cannot be written
     * @throws ClosedTensorException if a tensor is closed
     */
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata)
            throws CheckpointException {
        tensors.values().forEach(Tensor::operand);
        write(file, TensorSpec.of(tensors), metadata, spec -> tensors.get(spec.key()));
    }

    /**
     * Writes tensors that are made one at a time, as {@link #write(Path, Map, Map)} does.
     *
     * @param file where to; missing folders are made
     * @param specs what will be written; the file orders them by element size and name
     * @param metadata strings kept beside the tensors
     * @param values makes each tensor, once, in the order of the file; called in a scope
     * @throws CheckpointException if the file cannot be written
     * @throws ShapeException if a tensor is not what was announced
     */
    public static void write(Path file, Collection<TensorSpec> specs, Map<String, String> metadata,
            TensorValues values) throws CheckpointException {
        new SafetensorsWriter(file, specs, metadata).write(values);
    }

    @Override
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(header.metadata());
    }

    @Override
    public Set<String> keys() {
        return Collections.unmodifiableSet(header.entries().keySet());
    }

    @Override
    public boolean contains(String key) {
        return header.entries().containsKey(key);
    }

    @Override
    public Shape shape(String key) {
        return entry(key).shape();
    }

    @Override
    public DType dtype(String key) {
        return entry(key).dtype();
    }

    /**
     * One tensor, read-only, of the current scope: on the CPU a view of the mapping, on other devices a copy there.
     *
     * @param key its name
     * @return the tensor; {@link Tensor#copy} makes it writable
     * @throws IllegalArgumentException if there is none of that name
     * @throws IllegalStateException if the file was closed
     */
    @Override
    public Tensor tensor(String key) {
        SafetensorsHeader.Entry entry = entry(key);
        return file.tensor(entry.dtype(), header.dataStart() + entry.begin(), Layout.contiguous(entry.shape()));
    }

    @Override
    public String describe() {
        return file.path().toString();
    }

    private SafetensorsHeader.Entry entry(String key) {
        SafetensorsHeader.Entry entry = header.entries().get(key);
        if (entry == null) {
            throw new IllegalArgumentException("safetensors " + describe() + ": no tensor '" + key + "' among "
                    + header.entries().size() + NearestKey.of(key, header.entries().keySet()));
        }
        return entry;
    }

    @Override
    public void close() {
        file.close();
    }
}
