package org.cosmosj.tensor;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.cosmosj.tensor.internal.Json;

/** Writes one safetensors file beside its target and then renames it. */
final class SafetensorsWriter {
    private static final int ALIGNMENT = 64;
    private static final long CHUNK_BYTES = 4L << 20;

    private final Path file;
    /** Wide elements first, so that every tensor is aligned to its elements; then by name. */
    private final List<Map.Entry<String, Tensor>> ordered;
    private final Map<String, String> metadata;

    SafetensorsWriter(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
        this.file = file;
        this.metadata = new TreeMap<>(metadata);
        this.ordered = tensors.entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<String, Tensor> e) -> -e.getValue().dtype().byteSize())
                        .thenComparing(Map.Entry::getKey))
                .toList();
    }

    void write() throws CheckpointException {
        ByteBuffer header = header();
        ordered.forEach(tensor -> tensor.getValue().operand());
        Path absolute = target();
        Path part = absolute.resolveSibling("." + absolute.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            try (FileChannel channel =
                    FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                writeFully(channel, header);
                for (Map.Entry<String, Tensor> tensor : ordered) {
                    writeData(channel, tensor.getValue());
                }
                channel.force(true);
            }
            Files.move(part, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            forceFolder(absolute.getParent());
        } catch (IOException e) {
            throw new CheckpointException("safetensors " + file + ": cannot be written (" + e
                    + "); check that the folder exists, is writable and has room. An older file is unchanged", e);
        } finally {
            deletePart(part);
        }
    }

    /** Where the file itself stands, behind links; devices and folders are not replaced. */
    private Path target() throws CheckpointException {
        if (!Files.exists(file)) {
            return file.toAbsolutePath();
        }
        if (!Files.isRegularFile(file)) {
            throw new CheckpointException("safetensors " + file + ": is there already and not a regular file; give the"
                    + " path of a file");
        }
        try {
            return file.toRealPath();
        } catch (IOException e) {
            throw new CheckpointException("safetensors " + file + ": cannot be found again (" + e + ")", e);
        }
    }

    private void deletePart(Path part) throws CheckpointException {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            throw new CheckpointException("safetensors " + file + ": the unfinished file " + part
                    + " cannot be removed; delete it", e);
        }
    }

    private ByteBuffer header() throws CheckpointException {
        StringBuilder json = new StringBuilder("{");
        if (!metadata.isEmpty()) {
            json.append(Json.quote(SafetensorsHeader.METADATA)).append(":{");
            metadata.forEach((key, value) -> json.append(Json.quote(key)).append(':').append(Json.quote(value))
                    .append(','));
            json.setLength(json.length() - 1);
            json.append("},");
        }
        long begin = 0;
        for (Map.Entry<String, Tensor> entry : ordered) {
            if (entry.getKey().equals(SafetensorsHeader.METADATA)) {
                throw new CheckpointException("safetensors " + file + ": a tensor cannot be named "
                        + SafetensorsHeader.METADATA + "; rename it");
            }
            Tensor tensor = entry.getValue();
            String sizes = tensor.shape().toString().replace("(", "").replace(")", "").replace(" ", "");
            json.append(Json.quote(entry.getKey())).append(":{\"dtype\":\"").append(tensor.dtype())
                    .append("\",\"shape\":[").append(sizes).append("],\"data_offsets\":[").append(begin).append(',')
                    .append(begin + tensor.byteSize()).append("]},");
            begin += tensor.byteSize();
        }
        if (json.length() > 1) {
            json.setLength(json.length() - 1);
        }
        return padded(json.append('}'));
    }

    private ByteBuffer padded(CharSequence json) throws CheckpointException {
        ByteBuffer text;
        try {
            text = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(json));
        } catch (CharacterCodingException e) {
            throw new CheckpointException("safetensors " + file + ": a key or a metadata string is not valid Unicode",
                    e);
        }
        int used = SafetensorsHeader.LENGTH_BYTES + text.remaining();
        int padding = (ALIGNMENT - used % ALIGNMENT) % ALIGNMENT;
        if (text.remaining() + padding > SafetensorsHeader.LONGEST) {
            throw new CheckpointException("safetensors " + file + ": the header would have "
                    + (text.remaining() + padding) + " bytes, readers accept " + SafetensorsHeader.LONGEST
                    + "; shorten the metadata");
        }
        ByteBuffer header = ByteBuffer.allocate(used + padding);
        MemorySegment.ofBuffer(header).set(SafetensorsHeader.LENGTH, 0, text.remaining() + padding);
        header.position(SafetensorsHeader.LENGTH_BYTES).put(text);
        while (header.hasRemaining()) {
            header.put((byte) ' ');
        }
        return header.flip();
    }

    private static void writeData(FileChannel channel, Tensor tensor) throws IOException {
        try (Scope _ = Scope.open(tensor.device(), "safetensors write"); Arena arena = Arena.ofConfined()) {
            Tensor dense = tensor.detach().contiguous();
            long start = dense.operand().byteOffset();
            long left = dense.byteSize();
            MemorySegment host = arena.allocate(Math.max(1, Math.min(left, CHUNK_BYTES)));
            while (left > 0) {
                MemorySegment chunk = host.asSlice(0, Math.min(left, CHUNK_BYTES));
                dense.backend().download(dense.storage.buffer, start, chunk);
                writeFully(channel, chunk.asByteBuffer());
                start += chunk.byteSize();
                left -= chunk.byteSize();
            }
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
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
}
