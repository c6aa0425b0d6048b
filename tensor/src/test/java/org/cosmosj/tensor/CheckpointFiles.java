package org.cosmosj.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** The checkpoints that PyTorch wrote for these tests, and comparisons of all of their bits. */
final class CheckpointFiles {
    private CheckpointFiles() {}

    static Path resource(String name) {
        try {
            return Path.of(CheckpointFiles.class.getResource("/checkpoints/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Every tensor of a safetensors file stands under its name in {@code actual}, bit for bit. */
    static void assertHolds(Checkpoint actual, String expectedFile, UnaryOperator<String> name) throws IOException {
        try (Safetensors expected = Safetensors.open(resource(expectedFile))) {
            assertThat(expected.keys()).isNotEmpty();
            for (String key : expected.keys()) {
                String found = name.apply(key);
                assertThat(actual.contains(found)).as(found).isTrue();
                assertThat(actual.dtype(found)).as(found).isEqualTo(expected.dtype(key));
                assertThat(actual.shape(found)).as(found).isEqualTo(expected.shape(key));
                assertThat(bits(actual.tensor(found))).as(found).isEqualTo(bits(expected.tensor(key)));
            }
        }
    }

    static byte[] bits(Tensor tensor) {
        Tensor dense = tensor.contiguous();
        ByteBuffer bytes = ByteBuffer.allocate((int) dense.byteSize()).order(ByteOrder.nativeOrder());
        dense.backend().download(dense.storage.buffer, dense.operand().byteOffset(),
                MemorySegment.ofBuffer(bytes));
        return bytes.array();
    }
}
