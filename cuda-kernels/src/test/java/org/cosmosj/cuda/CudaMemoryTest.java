package org.cosmosj.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.Buffer;
import org.cosmosj.testing.gpu.EmulatedGpu;
import org.cosmosj.testing.gpu.RunsOnGpu;
import org.junit.jupiter.api.Test;

@RunsOnGpu
class CudaMemoryTest {
    @Test
    void sizeClassesWasteAtMostAQuarter() {
        assertThat(CudaMemory.sizeClass(0)).isEqualTo(512);
        assertThat(CudaMemory.sizeClass(512)).isEqualTo(512);
        assertThat(CudaMemory.sizeClass(513)).isEqualTo(1024);
        assertThat(CudaMemory.sizeClass(4096)).isEqualTo(4096);
        for (long bytes = 4096; bytes < 1L << 40; bytes = bytes * 9 / 8 + 1) {
            assertThat(CudaMemory.sizeClass(bytes)).isBetween(bytes, bytes * 5 / 4 + 1);
            assertThat(CudaMemory.sizeClass(CudaMemory.sizeClass(bytes))).isEqualTo(CudaMemory.sizeClass(bytes));
        }
    }

    @Test
    void freedBlocksServeTheNextTensorAndLargeOnesCanBeGivenBack() {
        try (OwnBackend own = OwnBackend.with("cosmosj.cuda.pool", "arena")) {
            CudaBackend backend = own.backend();
            CudaBuffer small = (CudaBuffer) backend.allocate(1000);
            long address = small.pointer().address();
            backend.free(small);
            CudaBuffer again = (CudaBuffer) backend.allocate(900);
            assertThat(again.pointer().address()).isEqualTo(address);
            assertThat(again.pointer().address() % 64).isZero();

            Buffer large = backend.allocate(5L << 20);
            long reserved = backend.memory().reservedBytes();
            backend.free(large);
            assertThat(backend.memory().reservedBytes()).isEqualTo(reserved);
            assertThat(backend.trim()).isEqualTo(5L << 20);
            assertThat(backend.memory().reservedBytes()).isEqualTo(reserved - (5L << 20));
            backend.free(again);
            assertThat(backend.memory().liveBytes()).isZero();
        }
    }

    @Test
    void closingGivesEverythingBack() {
        assumeFalse("real".equals(System.getProperty("gpu")),
                "the driver's allocations are counted by the emulated GPU only");
        for (String pool : new String[] {"arena", "direct"}) {
            long before = EmulatedGpu.start().liveAllocations();
            try (OwnBackend own = OwnBackend.with("cosmosj.cuda.pool", pool);
                    Scope _ = Scope.open(own.device(), "work")) {
                Tensor.full(1, DType.F32, Shape.of(1000)).mul(2).sum().toFloatArray();
            }
            assertThat(EmulatedGpu.start().liveAllocations()).as("allocations left by the pool " + pool)
                    .isEqualTo(before);
        }
    }

    /** Three pieces, the last one short, to and from an odd offset. */
    @Test
    void copiesLongerThanOnePieceArrive() {
        int count = (9 << 20) / 4 + 3;
        try (OwnBackend own = new OwnBackend(); Arena arena = Arena.ofConfined()) {
            MemorySegment host = arena.allocate(ValueLayout.JAVA_INT, count);
            for (int i = 0; i < count; i++) {
                host.setAtIndex(ValueLayout.JAVA_INT, i, i * 31);
            }
            Buffer buffer = own.backend().allocate(host.byteSize() + 12);
            own.backend().upload(host, buffer, 12);
            MemorySegment back = arena.allocate(ValueLayout.JAVA_INT, count);
            own.backend().download(buffer, 12, back);

            assertThat(back.mismatch(host)).isEqualTo(-1);
            own.backend().free(buffer);

            Buffer adopted = own.backend().adopt(host);
            assertThat(adopted.readOnly()).isTrue();
            MemorySegment part = arena.allocate(ValueLayout.JAVA_INT, 5);
            own.backend().download(adopted, 400, part);
            assertThat(part.getAtIndex(ValueLayout.JAVA_INT, 4)).isEqualTo(104 * 31);
            own.backend().free(adopted);
            assertThat(own.backend().memory().liveBuffers()).isZero();
        }
    }

    /** An upload comes after the kernels launched before it and before those launched after it. */
    @Test
    void copiesAndKernelsKeepTheirOrder() {
        try (OwnBackend own = new OwnBackend(); Scope _ = Scope.open(own.device(), "order")) {
            Tensor x = Tensor.full(1, DType.F32, Shape.of(1000));
            Tensor before = x.mul(3);
            own.backend().upload(MemorySegment.ofArray(new float[] {5, 6}), x.operand().buffer(), 0);
            Tensor after = x.mul(3);

            assertThat(before.narrow(0, 0, 3).toFloatArray()).containsExactly(3, 3, 3);
            assertThat(after.narrow(0, 0, 3).toFloatArray()).containsExactly(15, 18, 3);
        }
    }

    @Test
    void buffersOfAnotherOpeningAreRefused() {
        try (OwnBackend one = new OwnBackend(); OwnBackend other = new OwnBackend()) {
            Buffer buffer = one.backend().allocate(8);

            assertThatIllegalArgumentException().isThrownBy(() -> other.backend().free(buffer))
                    .withMessageStartingWith("free: a buffer of another device");
            one.backend().free(buffer);
        }
    }
}
