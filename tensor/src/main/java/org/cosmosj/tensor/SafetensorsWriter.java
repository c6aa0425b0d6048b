package org.cosmosj.tensor;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cosmosj.tensor.internal.Json;

/** Writes one safetensors file beside its target and then renames it. */
final class SafetensorsWriter {
    private static final int ALIGNMENT = 64;

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
        NewFile.write("safetensors", file, channel -> {
            NewFile.append(channel, header);
            for (Map.Entry<String, Tensor> tensor : ordered) {
                NewFile.append(channel, tensor.getValue());
            }
        });
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
}
