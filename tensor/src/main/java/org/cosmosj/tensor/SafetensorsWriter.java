package org.cosmosj.tensor;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cosmosj.tensor.internal.Json;

/** Writes one safetensors file. */
final class SafetensorsWriter {
    private static final int ALIGNMENT = 64;

    private final Path file;
    /** Wide elements first, so that every tensor is aligned to its elements; then by name. */
    private final List<TensorSpec> ordered;
    private final Map<String, String> metadata;

    SafetensorsWriter(Path file, Collection<TensorSpec> specs, Map<String, String> metadata) {
        this.file = file;
        this.metadata = new TreeMap<>(metadata);
        this.ordered = specs.stream().sorted(Comparator.comparingInt((TensorSpec spec) -> -spec.dtype().byteSize())
                .thenComparing(TensorSpec::key)).toList();
    }

    void write(TensorValues values) throws CheckpointException {
        ByteBuffer header = header();
        CheckpointOutput.write("safetensors", file, channel -> {
            CheckpointOutput.append(channel, header);
            for (TensorSpec spec : ordered) {
                CheckpointOutput.append(channel, spec, values, null);
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
        for (TensorSpec spec : ordered) {
            if (spec.key().equals(SafetensorsHeader.METADATA)) {
                throw new CheckpointException("safetensors " + file + ": a tensor cannot be named "
                        + SafetensorsHeader.METADATA + "; rename it");
            }
            String sizes = spec.shape().toString().replace("(", "").replace(")", "").replace(" ", "");
            json.append(Json.quote(spec.key())).append(":{\"dtype\":\"").append(spec.dtype())
                    .append("\",\"shape\":[").append(sizes).append("],\"data_offsets\":[").append(begin).append(',')
                    .append(begin + spec.byteSize()).append("]},");
            begin += spec.byteSize();
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
