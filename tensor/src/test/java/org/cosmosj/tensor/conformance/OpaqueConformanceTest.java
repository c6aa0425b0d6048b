package org.cosmosj.tensor.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Safetensors;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.internal.cpu.CpuBackend;
import org.cosmosj.tensor.spi.Backend;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No op looks into device memory: all of them run where the host cannot. */
class OpaqueConformanceTest extends BackendConformance {
    private static final Device OPAQUE = new Device(Device.Kind.TEST, 3);

    @BeforeAll
    static void register() {
        Backends.register(new OpaqueBackend(OPAQUE, CpuBackend.vector(OPAQUE)));
    }

    @Override
    protected Device device() {
        return OPAQUE;
    }

    @Override
    protected List<Check> checks() {
        return ConformanceSuite.checksInOneArrangement();
    }

    @Test
    void readsAndWritesCheckpoints(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("model.safetensors");
        try (Scope _ = Scope.open(OPAQUE, "checkpoint")) {
            Safetensors.write(file, Map.of("a", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2).transpose(0, 1)), Map.of());
            try (Safetensors read = Safetensors.open(file)) {
                assertThat(read.tensor("a").device()).isEqualTo(OPAQUE);
                assertThat(read.tensor("a").toFloatArray()).containsExactly(1, 3, 2, 4);
            }
        }
    }

    @Test
    void aWriteOutsideABufferIsFound() {
        Backend backend = Backends.of(OPAQUE);
        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> {
            try (Scope _ = Scope.open(OPAQUE, "stray")) {
                Tensor a = Tensor.zeros(DType.F32, Shape.of(7));
                Tensor b = Tensor.zeros(DType.F32, Shape.of(8));
                backend.elementwise().affine(b.operand(), 1, 0, a.operand().reshape(8));
            }
        }).withMessageContaining("exceeds its buffer of 28 bytes");
    }
}
