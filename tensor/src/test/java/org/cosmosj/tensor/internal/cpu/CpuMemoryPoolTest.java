package org.cosmosj.tensor.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.OutOfDeviceMemoryException;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.junit.jupiter.api.Test;

class CpuMemoryPoolTest {
    @Test
    void aFreedBlockIsTakenAgain() {
        CpuMemoryPool pool = new CpuMemoryPool(Long.MAX_VALUE);
        for (long bytes : new long[] {0, 1, 100, 5000, 1 << 20, (1 << 20) + 1, 3_000_000}) {
            CpuBuffer first = pool.allocate(bytes);
            long address = first.block.address();
            pool.release(first);
            long reserved = pool.use().reservedBytes();
            CpuBuffer second = pool.allocate(bytes);

            assertThat(second.block.address()).isEqualTo(address);
            assertThat(second.byteSize()).isEqualTo(bytes);
            assertThat(pool.use().reservedBytes()).isEqualTo(reserved);
            pool.release(second);
        }
        assertThat(pool.use().liveBuffers()).isZero();
        assertThat(pool.use().liveBytes()).isZero();
    }

    @Test
    void blocksAreAlignedAndDoNotOverlap() {
        CpuMemoryPool pool = new CpuMemoryPool(Long.MAX_VALUE);
        List<CpuBuffer> buffers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            buffers.add(pool.allocate(i * 37L % 9000));
        }
        buffers.sort(java.util.Comparator.comparingLong(b -> b.block.address()));
        for (int i = 0; i < buffers.size(); i++) {
            assertThat(buffers.get(i).segment().address() % 64).isZero();
            if (i > 0) {
                assertThat(buffers.get(i).block.address()).isGreaterThanOrEqualTo(
                        buffers.get(i - 1).block.address() + buffers.get(i - 1).block.byteSize());
            }
        }
    }

    @Test
    void sizeClassesWasteAtMostAFifth() {
        for (long bytes = 1; bytes < 1L << 40; bytes = bytes * 5 / 4 + 1) {
            long size = CpuMemoryPool.sizeClass(bytes);

            assertThat(size).isGreaterThanOrEqualTo(bytes).isLessThanOrEqualTo(Math.max(bytes * 5 / 4 + 64, 64));
            assertThat(size % 64).isZero();
        }
    }

    @Test
    void theLimitNamesBytesAskedAndLive() {
        CpuMemoryPool pool = new CpuMemoryPool(10_000);
        pool.allocate(4096);

        assertThatExceptionOfType(OutOfDeviceMemoryException.class).isThrownBy(() -> pool.allocate(8000))
                .withMessage("cpu memory: 8000 bytes asked, 4096 bytes live in 1 buffers, 4194304 bytes reserved, the"
                        + " limit is 10000 bytes (cosmosj.memory.limit); use a smaller batch or close scopes earlier");
        assertThat(pool.use().liveBytes()).as("a refused block is not counted").isEqualTo(4096);
        pool.allocate(4096);
    }

    @Test
    void whatTheSystemRefusesNamesTheScopesThatHoldMemory() {
        try (Scope _ = Scope.open(Device.cpu(), "train-step"); Scope _ = Scope.inner("block")) {
            Tensor.zeros(DType.F32, Shape.of(1000));
            long before = CpuMemoryPool.PROCESS.use().liveBytes();
            long reserved = CpuMemoryPool.PROCESS.use().reservedBytes();

            assertThatExceptionOfType(OutOfDeviceMemoryException.class)
                    .isThrownBy(() -> Tensor.empty(DType.F32, Shape.of(1L << 50)))
                    .withMessageStartingWith("cpu memory: 4503599627370496 bytes asked, ")
                    .withMessageContaining("the system gave no more").withMessageContaining("-XX:MaxDirectMemorySize")
                    .withMessageEndingWith("held by scopes block (1 tensors, 4000 bytes) < train-step (0 tensors, 0"
                            + " bytes)");
            assertThat(CpuMemoryPool.PROCESS.use().liveBytes()).isEqualTo(before);
            assertThat(CpuMemoryPool.PROCESS.use().reservedBytes()).isEqualTo(reserved);
        }
    }

    @Test
    void manyThreadsShareIt() throws InterruptedException, ExecutionException {
        CpuMemoryPool pool = new CpuMemoryPool(Long.MAX_VALUE);
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                byte mark = (byte) t;
                all.add(threads.submit(() -> {
                    start.await();
                    for (int i = 0; i < 2000; i++) {
                        CpuBuffer buffer = pool.allocate(64 + i % 700);
                        buffer.segment().fill(mark);
                        assertThat(buffer.segment().get(java.lang.foreign.ValueLayout.JAVA_BYTE, i % 64))
                                .isEqualTo(mark);
                        pool.release(buffer);
                    }
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> one : all) {
                one.get();
            }
        }
        assertThat(pool.use().liveBuffers()).isZero();
        assertThat(pool.use().peakBytes()).isLessThanOrEqualTo(4 * 1024);
    }
}
