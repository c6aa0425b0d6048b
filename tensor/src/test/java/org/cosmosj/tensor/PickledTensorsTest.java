package org.cosmosj.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PickledTensorsTest {
    @TempDir
    private Path folder;

    private Scope scope;

    @BeforeEach
    void open() {
        scope = Scope.open(Device.cpu(), "test");
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void writesAgainWhatPythonWrote() throws IOException {
        Path file = folder.resolve("cache.pkl");
        Map<String, Tensor> cache = new LinkedHashMap<>();
        try (Checkpoint python = Checkpoint.open(CheckpointFiles.resource("t5_cache_4.pkl"))) {
            python.keys().forEach(key -> cache.put(key, python.tensor(key)));
        }

        PickledTensors.write(file, cache);

        try (Checkpoint written = Checkpoint.open(file)) {
            assertThat(written).isInstanceOf(TorchCheckpoint.class);
            assertThat(written.keys()).containsExactlyElementsOf(cache.keySet());
            CheckpointFiles.assertHolds(written, "t5_cache_expected.safetensors", UnaryOperator.identity());
        }
    }

    @Test
    void keepsEveryDtypeShapeAndValue() throws IOException {
        Path file = folder.resolve("all.pkl");
        Tensor values = Tensor.of(new double[] {0, 1, 2.5, 200, 1e-3, 3}, 2, 3);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (DType dtype : DType.values()) {
            tensors.put("of " + dtype, values.to(dtype));
        }
        tensors.put("transposed \u00e9", values.transpose(0, 1));
        tensors.put("scalar", values.sum());
        tensors.put("empty", Tensor.zeros(DType.F32, Shape.of(0, 70_000)));
        tensors.put("long", Tensor.zeros(DType.U8, Shape.of(3, 300, 2)));

        PickledTensors.write(file, tensors);

        try (Checkpoint written = Checkpoint.open(file)) {
            assertThat(written.keys()).containsExactlyElementsOf(tensors.keySet());
            tensors.forEach((name, tensor) -> {
                assertThat(written.dtype(name)).as(name).isEqualTo(tensor.dtype());
                assertThat(written.shape(name)).as(name).isEqualTo(tensor.shape());
                assertThat(written.tensor(name).toDoubleArray()).as(name).isEqualTo(tensor.toDoubleArray());
            });
        }
    }

    @Test
    void aFailureLeavesTheOldFile() throws IOException {
        Path file = folder.resolve("cache.pkl");
        PickledTensors.write(file, Map.of());
        byte[] before = Files.readAllBytes(file);
        Tensor closed = Tensor.zeros(DType.F32, Shape.of(2));
        closed.close();

        assertThatExceptionOfType(ClosedTensorException.class)
                .isThrownBy(() -> PickledTensors.write(file, Map.of("a", closed)));
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> PickledTensors.write(file.resolve("cache.pkl"), Map.of()))
                .withMessageContaining("pickle " + file.resolve("cache.pkl") + ": cannot be written");
        try (Checkpoint empty = Checkpoint.open(file)) {
            assertThat(empty.keys()).isEmpty();
        }
    }
}
