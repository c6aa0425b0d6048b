package org.cosmosj.tensor;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.cosmosj.tensor.spi.Backend;
import org.cosmosj.tensor.spi.Layout;

/** A read-only mapping of a whole file; it ends when the file and all tensors that are views of it are closed. */
final class MappedFile implements AutoCloseable {
    private final String format;
    private final Path path;
    private Arena arena;
    private MemorySegment bytes;
    /** The open file and each of its living tensors. */
    private long users = 1;
    private boolean open = true;

    private MappedFile(String format, Path path, Arena arena, MemorySegment bytes) {
        this.format = format;
        this.path = path;
        this.arena = arena;
        this.bytes = bytes;
    }

    /** Reads the table of contents of a mapped file. */
    interface Reader<T> {
        T read(MappedFile file) throws CheckpointException;
    }

    /**
     * Maps a file and reads it; the mapping ends if that fails. The table is read by one thread, whose mapping ends
     * without stopping all others, so that refusing a file is cheap; then the file is mapped for all threads.
     */
    static <T> T open(String format, Path path, Reader<T> reader) throws CheckpointException {
        checkPlatform(format, path);
        Arena forTable = Arena.ofConfined();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = channel.size();
            MappedFile file = new MappedFile(format, path, forTable, map(channel, size, forTable));
            T result = reader.read(file);
            Arena forTensors = Arena.ofShared();
            file.bytes = map(channel, size, forTensors);
            file.arena = forTensors;
            return result;
        } catch (CheckpointException e) {
            throw e;
        } catch (IOException e) {
            throw unreadable(format, path, e);
        } finally {
            forTable.close();
        }
    }

    static MappedFile map(String format, Path path) throws CheckpointException {
        checkPlatform(format, path);
        Arena arena = Arena.ofShared();
        boolean mapped = false;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            MemorySegment bytes = map(channel, channel.size(), arena);
            mapped = true;
            return new MappedFile(format, path, arena, bytes);
        } catch (IOException e) {
            throw unreadable(format, path, e);
        } finally {
            if (!mapped) {
                arena.close();
            }
        }
    }

    private static MemorySegment map(FileChannel channel, long size, Arena arena) throws IOException {
        return channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
    }

    private static void checkPlatform(String format, Path path) throws CheckpointException {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new CheckpointException(
                    format + " " + path + ": the format is little-endian, this machine is not");
        }
        if (!Files.isRegularFile(path)) {
            throw new CheckpointException(format + " " + path + ": "
                    + (Files.exists(path) ? "is not a regular file" : "no such file") + "; give the path of a file");
        }
    }

    private static CheckpointException unreadable(String format, Path path, IOException e) {
        return new CheckpointException(format + " " + path + ": cannot be read (" + e
                + "); check the file's permissions", e);
    }

    Path path() {
        return path;
    }

    MemorySegment bytes() {
        return bytes;
    }

    long size() {
        return bytes.byteSize();
    }

    CheckpointException error(String what) {
        return new CheckpointException(format + " " + path + ": " + what);
    }

    CheckpointException error(long offset, String what) {
        return error("at byte " + offset + ": " + what);
    }

    /**
     * A tensor of the current scope: on the CPU a view of the mapping, elsewhere a copy.
     *
     * @param dtype element type
     * @param begin first byte of the first element, within the file
     * @param layout with offset 0, within the file
     */
    Tensor tensor(DType dtype, long begin, Layout layout) {
        Backend backend = Scope.current().backend();
        retain();
        boolean owned = false;
        try {
            if (layout.shape().numel() == 0) {
                return Tensor.empty(dtype, layout.shape());
            }
            MemorySegment data = bytes.asSlice(begin, span(layout) * dtype.byteSize());
            if (data.address() % dtype.byteSize() == 0) {
                Storage storage = new Storage(backend, backend.adopt(data), this::release);
                owned = true;
                return Tensor.ofStorage(storage, dtype, layout);
            }
            return copy(data, dtype, layout); // kernels assume element alignment, which not every writer gives
        } finally {
            if (!owned) {
                release();
            }
        }
    }

    /** A tensor of the current scope that copies memory from anywhere, such as what was decoded from the file. */
    Tensor copy(MemorySegment data, DType dtype, Layout layout) {
        if (layout.shape().numel() == 0) {
            return Tensor.empty(dtype, layout.shape());
        }
        Backend backend = Scope.current().backend();
        long skipped = layout.offset() * dtype.byteSize();
        MemorySegment part = data.asSlice(skipped, span(layout) * dtype.byteSize());
        Storage storage = Storage.allocate(backend, part.byteSize());
        Tensor copy = Tensor.ofStorage(storage, dtype, new Layout(layout.shape(), layout.strides(), 0));
        backend.upload(part, storage.buffer, 0);
        return copy;
    }

    /** Elements from the first to the last, both included. */
    private static long span(Layout layout) {
        long last = 0;
        for (int axis = 0; axis < layout.shape().rank(); axis++) {
            last += (layout.shape().size(axis) - 1) * layout.stride(axis);
        }
        return last + 1;
    }

    private synchronized void retain() {
        if (!open) {
            throw new IllegalStateException(format + " " + path
                    + ": is closed; read tensors before closing it");
        }
        users++;
    }

    private synchronized void release() {
        if (--users == 0) {
            arena.close();
        }
    }

    @Override
    public synchronized void close() {
        if (open) {
            open = false;
            release();
        }
    }
}
