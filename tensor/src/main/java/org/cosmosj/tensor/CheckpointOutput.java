package org.cosmosj.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.Checksum;

/** Writes checkpoints: replaces their file in one step, and copies tensors into it piece by piece. */
final class CheckpointOutput {
    private static final long CHUNK_BYTES = 4L << 20;

    private CheckpointOutput() {}

    /**
     * Writes and replaces a file.
     *
     * @param format for messages, such as {@code safetensors}
     * @param file where to
     * @param content writes the data
     */
    static void write(String format, Path file, AtomicFile.Content content) throws CheckpointException {
        try {
            AtomicFile.write(file, content);
        } catch (UncheckedIOException e) {
            throw new CheckpointException(format + " " + e.getMessage(), e.getCause());
        }
    }

    /** Writes all that is left in a buffer. */
    static void append(FileChannel channel, ByteBuffer bytes) throws IOException {
        AtomicFile.append(channel, bytes);
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
