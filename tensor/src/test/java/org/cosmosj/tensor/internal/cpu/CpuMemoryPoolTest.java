package org.cosmosj.tensor.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.OutOfDeviceMemoryException;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CpuMemoryPoolTest {
    private static Stream<Pages> pages() {
        return SystemPages.isUsable() ? Stream.of(Pages.JAVA, new SystemPages()) : Stream.of(Pages.JAVA);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void aFreedBlockIsTakenAgain(Pages pages) {
        CpuMemoryPool pool = new CpuMemoryPool(Long.MAX_VALUE, pages);
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

    @ParameterizedTest
    @MethodSource("pages")
    void blocksAreAlignedAndDoNotOverlap(Pages pages) {
        CpuMemoryPool pool = new CpuMemoryPool(Long.MAX_VALUE, pages);
        List<CpuBuffer> buffers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            buffers.add(pool.allocate(i * 37L % 9000));
        }
        buffers.add(pool.allocate(3_000_001));
        buffers.add(pool.allocate(3_000_001));
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
        CpuMemoryPool pool = new CpuMemoryPool(10_000, Pages.JAVA);
        pool.allocate(4096);

        assertThatExceptionOfType(OutOfDeviceMemoryException.class).isThrownBy(() -> pool.allocate(8000))
                .withMessage("cpu memory: 8000 bytes asked, 4096 bytes live in 1 buffers, 4194304 bytes reserved, the"
                        + " limit is 10000 bytes (cosmosj.memory.limit); use a smaller batch or close scopes earlier");
        assertThat(pool.use().liveBytes()).as("a refused block is not counted").isEqualTo(4096);
        pool.allocate(4096);
    }

    @Test
    void whatIsRefusedNamesTheScopesThatHoldMemory() {
        try (Scope _ = Scope.open(Device.cpu(), "train-step"); Scope _ = Scope.inner("block")) {
            Tensor.zeros(DType.F32, Shape.of(1000));
            long before = CpuMemoryPool.PROCESS.use().liveBytes();
            long reserved = CpuMemoryPool.PROCESS.use().reservedBytes();

            assertThatExceptionOfType(OutOfDeviceMemoryException.class)
                    .isThrownBy(() -> Tensor.empty(DType.F32, Shape.of(1L << 50)))
                    .withMessageStartingWith("cpu memory: 4503599627370496 bytes asked, ")
                    .withMessageContaining("the limit is ").withMessageContaining("(cosmosj.memory.limit)")
                    .withMessageEndingWith("held by scopes block (1 tensors, 4000 bytes) < train-step (0 tensors, 0"
                            + " bytes)");
            assertThat(CpuMemoryPool.PROCESS.use().liveBytes()).isEqualTo(before);
            assertThat(CpuMemoryPool.PROCESS.use().reservedBytes()).isEqualTo(reserved);
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void whatTheSystemRefusesIsNotCounted(Pages pages) {
        CpuMemoryPool pool = new CpuMemoryPool(Long.MAX_VALUE, pages);

        assertThatExceptionOfType(OutOfDeviceMemoryException.class).isThrownBy(() -> pool.allocate(1L << 50))
                .withMessageStartingWith("cpu memory: 1125899906842624 bytes asked, 0 bytes live in 0 buffers")
                .withMessageContaining("the system gave no more (");
        assertThat(pool.use().liveBytes()).isZero();
        assertThat(pool.use().reservedBytes()).isZero();
    }

    @Test
    void beforeTheLimitFreeBlocksOfOtherSizesGoBackToTheSystem() {
        assumeTrue(SystemPages.isUsable(), "this system's memory cannot be given back");
        long mebibyte = 1 << 20;
        CpuMemoryPool pool = new CpuMemoryPool(100 * mebibyte, new SystemPages());
        CpuBuffer kept = pool.allocate(8 * mebibyte);
        kept.segment().fill((byte) 7);
        for (long size = 40; size <= 80; size += 10) {
            CpuBuffer buffer = pool.allocate(size * mebibyte);
            buffer.segment().fill((byte) 1);
            pool.release(buffer);

            assertThat(pool.use().reservedBytes()).isLessThanOrEqualTo(100 * mebibyte);
        }

        assertThat(kept.segment().get(ValueLayout.JAVA_BYTE, 8 * mebibyte - 1)).isEqualTo((byte) 7);
        pool.release(kept);
    }

    @Test
    void trimmingGivesLargeFreeBlocksBackAndKeepsTheOthers() {
        assumeTrue(SystemPages.isUsable(), "this system's memory cannot be given back");
        long mebibyte = 1 << 20;
        CpuMemoryPool pool = new CpuMemoryPool(Long.MAX_VALUE, new SystemPages());
        CpuBuffer kept = pool.allocate(8 * mebibyte);
        kept.segment().fill((byte) 3);
        pool.release(pool.allocate(16 * mebibyte));
        pool.release(pool.allocate(32 * mebibyte));

        assertThat(pool.trim()).isEqualTo(48 * mebibyte);

        assertThat(pool.use().reservedBytes()).isEqualTo(8 * mebibyte);
        assertThat(pool.trim()).isZero();
        assertThat(kept.segment().get(ValueLayout.JAVA_BYTE, 5 * mebibyte)).isEqualTo((byte) 3);
        pool.release(kept);
    }

    @Test
    void manyThreadsShareIt() throws InterruptedException, ExecutionException {
        CpuMemoryPool pool = new CpuMemoryPool(Long.MAX_VALUE, Pages.best());
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
                        assertThat(buffer.segment().get(ValueLayout.JAVA_BYTE, i % 64))
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
