package org.cosmosj.tensor;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.cosmosj.tensor.spi.Backend;

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
public final class Safetensors implements TensorSource, AutoCloseable {
    private final Path file;
    private final SafetensorsHeader header;
    private final Arena arena;
    private final MemorySegment bytes;
    /** The open file and each of its living tensors; the mapping ends with the last. */
    private long users = 1;
    private boolean open = true;

    private Safetensors(Path file, SafetensorsHeader header, Arena arena, MemorySegment bytes) {
        this.file = file;
        this.header = header;
        this.arena = arena;
        this.bytes = bytes;
    }

    /**
     * Maps a file and checks its header.
     *
     * @param file what to read
     * @return the open file
     * @throws CheckpointException if it cannot be read or its header contradicts the file
     */
    public static Safetensors open(Path file) throws CheckpointException {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new CheckpointException("safetensors " + file + ": the format is little-endian, this machine is not");
        }
        if (!Files.isRegularFile(file)) {
            throw new CheckpointException("safetensors " + file + ": "
                    + (Files.exists(file) ? "is not a regular file" : "no such file") + "; give the path of a file");
        }
        Arena arena = Arena.ofShared();
        boolean opened = false;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            Safetensors result = new Safetensors(file, SafetensorsHeader.read(file, bytes), arena, bytes);
            opened = true;
            return result;
        } catch (CheckpointException e) {
            throw e;
        } catch (IOException e) {
            throw new CheckpointException("safetensors " + file + ": cannot be read (" + e
                    + "); check the file's permissions", e);
        } finally {
            if (!opened) {
                arena.close();
            }
        }
    }

    /**
     * Writes tensors to a file, so that a failure at any moment leaves the old file as it was: the data go to a new
     * file beside it, are forced to disk, and replace the old file in one step. The same values give the same bytes.
     *
     * @param file where to; its folder must exist
     * @param tensors by name, of any dtype, device and layout
     * @param metadata strings kept beside the tensors
     * @throws CheckpointException if the file cannot be written
     * @throws ClosedTensorException if a tensor is closed
     */
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata)
            throws CheckpointException {
        new SafetensorsWriter(file, tensors, metadata).write();
    }

    /**
     * The file's own notes.
     *
     * @return the {@code __metadata__} strings, empty if there are none
     */
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

    /**
     * Sizes of a tensor, without touching its data.
     *
     * @param key its name
     * @return the shape
     * @throws IllegalArgumentException if there is none of that name
     */
    public Shape shape(String key) {
        return entry(key).shape();
    }

    /**
     * Element type of a tensor, without touching its data.
     *
     * @param key its name
     * @return the dtype
     * @throws IllegalArgumentException if there is none of that name
     */
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
        Backend backend = Scope.current().backend();
        retain();
        boolean owned = false;
        try {
            MemorySegment data = bytes.asSlice(header.dataStart() + entry.begin(), entry.end() - entry.begin());
            Tensor tensor;
            if (data.byteSize() > 0 && data.address() % entry.dtype().byteSize() == 0) {
                Storage storage = new Storage(backend, backend.adopt(data), this::release);
                owned = true;
                tensor = Tensor.ofStorage(storage, entry.dtype(), entry.shape());
            } else {
                // Kernels assume element alignment, which a header of odd length does not give.
                tensor = Tensor.empty(entry.dtype(), entry.shape());
                backend.upload(data, tensor.storage.buffer, 0);
            }
            return tensor;
        } finally {
            if (!owned) {
                release();
            }
        }
    }

    @Override
    public String describe() {
        return file.toString();
    }

    private SafetensorsHeader.Entry entry(String key) {
        SafetensorsHeader.Entry entry = header.entries().get(key);
        if (entry == null) {
            throw new IllegalArgumentException("safetensors " + file + ": no tensor '" + key + "' among "
                    + header.entries().size() + nearest(key));
        }
        return entry;
    }

    private String nearest(String key) {
        String best = null;
        int longest = 0;
        for (String candidate : header.entries().keySet()) {
            int common = 0;
            while (common < Math.min(key.length(), candidate.length())
                    && key.charAt(common) == candidate.charAt(common)) {
                common++;
            }
            if (common > longest) {
                longest = common;
                best = candidate;
            }
        }
        return best == null ? "" : "; the nearest is '" + best + "'";
    }

    private synchronized void retain() {
        if (!open) {
            throw new IllegalStateException("safetensors " + file + ": is closed; read tensors before closing it");
        }
        users++;
    }

    private synchronized void release() {
        if (--users == 0) {
            arena.close();
        }
    }

    /** Ends reading; tensors made before stay valid. A second call does nothing. */
    @Override
    public synchronized void close() {
        if (open) {
            open = false;
            release();
        }
    }
}
