package org.cosmosj.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Safetensors;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.TensorSource;
import org.cosmosj.tensor.spi.Backend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightsTest {
    private static final int IN = 300;
    private static final int OUT = 520;
    private static final long MATRIX_BYTES = (long) IN * OUT * DType.F32.byteSize();

    @TempDir
    private Path folder;

    private final Backend cpu = Backends.of(Device.cpu());
    private Scope scope;

    @BeforeEach
    void open() {
        scope = Scope.open(Device.cpu(), "test");
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 7, 131})
    void multipliesByMatricesOfAFileWithoutWideningThem(long rows) throws CheckpointException {
        Tensor x = Tensor.randn(Rng.seeded(1), DType.F32, Shape.of(rows, IN));
        long before = cpu.memory().liveBytes();
        Linear inPlace;
        Linear widened;
        try (Safetensors file = save(DType.BF16)) {
            inPlace = new Linear(Weights.inPlace(file, DType.F32), IN, OUT);
            assertThat(cpu.memory().liveBytes()).as("bytes held").isEqualTo(before);
            widened = new Linear(Weights.of(file, DType.F32), IN, OUT);
        }

        cpu.resetPeak();
        long live = cpu.memory().liveBytes();
        Tensor y = inPlace.forward(x);
        long peak = cpu.memory().peakBytes() - live;

        assertThat(y.toFloatArray()).isEqualTo(widened.forward(x).toFloatArray());
        assertThat(peak).as("bytes beside the result").isLessThan(MATRIX_BYTES / 2 + rows * OUT * 4);
    }

    @ParameterizedTest
    @EnumSource(names = {"BF16", "F16", "F32", "F64"})
    void leavesInPlaceWhatProductsRead(DType stored) throws CheckpointException {
        try (Safetensors file = save(stored)) {
            Weights weights = Weights.inPlace(file, DType.F32);
            Parameter matrix = weights.matrix("weight", Shape.of(OUT, IN), Initializer.ONES);
            Parameter gain = weights.parameter("gain", Shape.of(IN), Initializer.ONES);

            boolean readable = stored == DType.BF16 || stored == DType.F32;
            assertThat(matrix.value().dtype()).isEqualTo(stored == DType.BF16 ? DType.BF16 : DType.F32);
            assertThat(matrix.value().toFloatArray()).isEqualTo(file.tensor("weight").toFloatArray());
            assertThat(gain.value().dtype()).isEqualTo(DType.F32);
            gain.value().fill(0);
            if (readable) {
                assertThatThrownBy(() -> matrix.value().fill(0)).isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageContaining("is read-only memory of a file");
            } else {
                matrix.value().fill(0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BF16", "F32", "F64"})
    void leavesInPlaceWhatConvolutionsRead(DType stored) throws CheckpointException {
        try (Safetensors file = save(stored)) {
            Parameter kernel = Weights.inPlace(file, DType.F32).kernel("weight", Shape.of(OUT, IN), Initializer.ONES);

            assertThat(kernel.value().dtype()).isEqualTo(DType.F32);
            assertThat(kernel.value().toFloatArray()).isEqualTo(file.tensor("weight").toFloatArray());
            if (stored == DType.F32) {
                assertThatThrownBy(() -> kernel.value().fill(0)).isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageContaining("is read-only memory of a file");
            } else {
                kernel.value().fill(0);
            }
        }
    }

    @Test
    void namesTheKeysThatNothingWasMadeFrom() throws CheckpointException {
        try (Safetensors file = save(DType.F32)) {
            Weights weights = Weights.of(file, DType.F32);
            assertThat(weights.unusedKeys()).containsExactly("gain", "weight");

            weights.matrix("weight", Shape.of(OUT, IN), Initializer.ONES);

            assertThat(weights.unusedKeys()).containsExactly("gain");
            assertThat(weights.at("block").unusedKeys()).isEmpty();
            assertThat(Weights.random(Rng.seeded(1), DType.F32).unusedKeys()).isEmpty();
        }
    }

    @Test
    void copiesMatricesThatAreStoredByColumns() throws CheckpointException {
        try (Safetensors file = save(DType.BF16)) {
            TensorSource byColumns = new ByColumns(file);
            Parameter matrix = Weights.inPlace(byColumns, DType.F32).matrix("weight", Shape.of(IN, OUT),
                    Initializer.ONES);

            assertThat(matrix.value().dtype()).isEqualTo(DType.BF16);
            assertThat(matrix.value().toFloatArray()).isEqualTo(byColumns.tensor("weight").toFloatArray());
        }
    }

    private record ByColumns(TensorSource source) implements TensorSource {
        @Override
        public Set<String> keys() {
            return source.keys();
        }

        @Override
        public boolean contains(String key) {
            return source.contains(key);
        }

        @Override
        public Tensor tensor(String key) {
            return source.tensor(key).transpose(0, 1);
        }

        @Override
        public String describe() {
            return source.describe();
        }
    }

    @Test
    void keepsNothingButWhatItConverted() throws CheckpointException {
        long before = cpu.memory().liveBytes();
        int owned = scope.live();
        try (Safetensors file = save(DType.BF16)) {
            Weights.of(file, DType.F32).matrix("weight", Shape.of(OUT, IN), Initializer.ONES);
        }

        assertThat(scope.live()).isEqualTo(owned + 1);
        assertThat(cpu.memory().liveBytes() - before).isBetween(MATRIX_BYTES, MATRIX_BYTES * 5 / 4);
    }

    private Safetensors save(DType dtype) throws CheckpointException {
        Path path = folder.resolve(dtype + ".safetensors");
        try (Scope _ = Scope.inner("save")) {
            Tensor matrix = Tensor.randn(Rng.seeded(2), DType.F32, Shape.of(OUT, IN)).to(dtype);
            Tensor gain = Tensor.randn(Rng.seeded(3), DType.F32, Shape.of(IN)).to(dtype);
            Safetensors.write(path, Map.of("weight", matrix, "gain", gain), Map.of());
        }
        return Safetensors.open(path);
    }
}
