package org.cosmosj.tensor;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.zip.Checksum;

/**
 * Replaces a file in one step: the data go to a new file beside it, are forced to disk and then take its name, so that
 * a failure at any moment leaves the old file as it was.
 */
final class NewFile {
    private static final long CHUNK_BYTES = 4L << 20;

    private NewFile() {}

    /** Writes what the file holds. */
    interface Content {
        void write(FileChannel channel) throws IOException;
    }

    /**
     * Writes and replaces.
     *
     * @param format for messages, such as {@code safetensors}
     * @param file where to; its folder must exist
     * @param content writes the data
     */
    static void write(String format, Path file, Content content) throws CheckpointException {
        Path absolute = target(format, file);
        Path part = absolute.resolveSibling("." + absolute.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            try (FileChannel channel =
                    FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.write(channel);
                channel.force(true);
            }
            Files.move(part, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            forceFolder(absolute.getParent());
        } catch (IOException e) {
            throw new CheckpointException(format + " " + file + ": cannot be written (" + e
                    + "); check that the folder exists, is writable and has room. An older file is unchanged", e);
        } finally {
            deletePart(format, file, part);
        }
    }

    /** Where the file itself stands, behind links; devices and folders are not replaced. */
    private static Path target(String format, Path file) throws CheckpointException {
        if (!Files.exists(file)) {
            return file.toAbsolutePath();
        }
        if (!Files.isRegularFile(file)) {
            throw new CheckpointException(format + " " + file + ": is there already and not a regular file; give the"
                    + " path of a file");
        }
        try {
            return file.toRealPath();
        } catch (IOException e) {
            throw new CheckpointException(format + " " + file + ": cannot be found again (" + e + ")", e);
        }
    }

    private static void deletePart(String format, Path file, Path part) throws CheckpointException {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            throw new CheckpointException(format + " " + file + ": the unfinished file " + part
                    + " cannot be removed; delete it", e);
        }
    }

    /** Makes the rename itself survive a power cut, where folders can be opened. */
    private static void forceFolder(Path folder) throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Writes all that is left in a buffer. */
    static void append(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Writes a tensor's elements, row-major. */
    static void append(FileChannel channel, Tensor tensor) throws IOException {
        append(channel, tensor, null);
    }

    /**
     * Writes the values that a function makes for an announced tensor, which die here.
     *
     * @param sum takes the bytes; null if nobody asks
     */
    static void append(FileChannel channel, TensorSpec spec, TensorValues values, Checksum sum) throws IOException {
        try (Scope _ = Scope.open(Device.cpu(), "write " + spec.key())) {
            Tensor tensor = values.of(spec);
            spec.check(tensor);
            append(channel, tensor, sum);
        }
    }

    private static void append(FileChannel channel, Tensor tensor, Checksum sum) throws IOException {
        try (Scope _ = Scope.open(tensor.device(), "write"); Arena arena = Arena.ofConfined()) {
            Tensor dense = tensor.detach().contiguous();
            long start = dense.operand().byteOffset();
            long left = dense.byteSize();
            MemorySegment host = arena.allocate(Math.max(1, Math.min(left, CHUNK_BYTES)));
            while (left > 0) {
                MemorySegment chunk = host.asSlice(0, Math.min(left, CHUNK_BYTES));
                dense.backend().download(dense.storage.buffer, start, chunk);
                if (sum != null) {
                    sum.update(chunk.asByteBuffer());
                }
                append(channel, chunk.asByteBuffer());
                start += chunk.byteSize();
                left -= chunk.byteSize();
            }
        }
    }
}
