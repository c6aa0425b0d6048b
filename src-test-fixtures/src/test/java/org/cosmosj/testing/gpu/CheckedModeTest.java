package org.cosmosj.testing.gpu;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each kind of mistake that the emulated GPU is there to find, made on purpose in a small kernel. */
@RunsOnGpu(emulatedOnly = true)
class CheckedModeTest {
    private static final int ILLEGAL_ADDRESS = 700;
    private static final int LAUNCH_TIMEOUT = 702;
    private static final int LAUNCH_FAILED = 719;
    /** The address of element tid of the array at %rd0 in %rd9. */
    private static final String ELEMENT = "mov.u32 %r1, %tid.x;\nshl.b32 %r2, %r1, 2;\ncvt.u64.u32 %rd8, %r2;\n"
            + "add.s64 %rd9, %rd0, %rd8;\n";
    private static final String ARRAY = ".shared .align 4 .b8 array[128];\n";
    /** The address of element tid of the shared array in %r9. */
    private static final String SHARED_ELEMENT = "mov.u32 %r1, %tid.x;\nshl.b32 %r2, %r1, 2;\nmov.u32 %r3, array;\n"
            + "add.s32 %r9, %r3, %r2;\n";

    private final EmulatedGpu gpu = EmulatedGpu.start();
    private EmulatedDriver driver;

    @BeforeEach
    void open() {
        driver = new EmulatedDriver();
    }

    @AfterEach
    void close() {
        gpu.set("loop_limit", 200_000_000);
        gpu.set("statistics", 0);
        driver.close();
    }

    private MemorySegment kernel(int parameters, String shared, String body) {
        return driver.kernel(driver.module(PtxText.kernel(parameters, shared, ".loc 1 7 1\n" + body)), "k");
    }

    private long numbers(int count) {
        return driver.upload(driver.arena().allocateFrom(JAVA_INT, new int[count]));
    }

    private void finds(int result, String report, MemorySegment kernel, int blocks, int threads, long... addresses) {
        assertThat(driver.run(kernel, blocks, threads, addresses)).isEqualTo(result);
        assertThat(gpu.takeReport()).contains(report);
        assertThat(driver.call("cuCtxSynchronize")).as("the fault stays").isEqualTo(result);
    }

    @Test
    void accessesBeyondTheEnd() {
        MemorySegment k = kernel(1, "", ELEMENT + "mov.u32 %r4, 1;\nst.global.u32 [%rd9], %r4;\n");

        finds(ILLEGAL_ADDRESS,
                "illegal address in k block (0,0,0) thread (5,0,0) at test.cu:7 (st.global.u32): write of"
                        + " 4 bytes at offset 20 of an allocation of 20 bytes",
                k, 1, 8, numbers(5));
    }

    @Test
    void memoryThatWasFreed() {
        MemorySegment k = kernel(1, "", ELEMENT + "ld.global.u32 %r4, [%rd9];\n");
        long freed = numbers(8);
        driver.succeed("cuMemFree_v2", freed);

        finds(ILLEGAL_ADDRESS, "of an allocation of 32 bytes that was freed", k, 1, 1, freed);
    }

    @Test
    void theNullAddress() {
        MemorySegment k = kernel(1, "", ELEMENT + "ld.global.u32 %r4, [%rd9];\n");

        finds(ILLEGAL_ADDRESS, "at 0, which is not device memory", k, 1, 1, 0);
    }

    @Test
    void misalignedAddresses() {
        MemorySegment k = kernel(1, "", ELEMENT + "ld.global.u32 %r4, [%rd9+2];\n");

        finds(ILLEGAL_ADDRESS, "misaligned address in k", k, 1, 1, numbers(8));
    }

    @Test
    void readsOfWhatWasNeverWritten() {
        MemorySegment k = kernel(1, "", ELEMENT + "ld.global.u32 %r4, [%rd9];\n");
        finds(ILLEGAL_ADDRESS, "uninitialised read in k", k, 1, 1, driver.allocate(32));
    }

    @Test
    void readsOfSharedMemoryThatWasNeverWritten() {
        MemorySegment k = kernel(1, ARRAY, SHARED_ELEMENT + "ld.shared.f32 %f1, [%r9];\n");

        finds(ILLEGAL_ADDRESS, "uninitialised read in k", k, 1, 1, numbers(1));
    }

    @Test
    void sharedMemoryOverruns() {
        MemorySegment k = kernel(1, ARRAY, SHARED_ELEMENT + "mov.f32 %f1, 0f3F800000;\nst.shared.f32 [%r9], %f1;\n");

        finds(ILLEGAL_ADDRESS, "shared memory overrun in k block (0,0,0) thread (32,0,0)", k, 1, 33, numbers(1));
    }

    @Test
    void aMissingBarrier() {
        String barrier = "bar.sync 0;\n";
        String body = SHARED_ELEMENT + "mov.f32 %f1, 0f3F800000;\nst.shared.f32 [%r9], %f1;\n" + barrier
                + "xor.b32 %r4, %r2, 4;\nadd.s32 %r5, %r3, %r4;\nld.shared.f32 %f2, [%r5];\n";
        MemorySegment right = kernel(1, ARRAY, body);
        assertThat(driver.run(right, 1, 32, numbers(1))).isZero();
        MemorySegment racy = kernel(1, ARRAY, body.replace(barrier, ""));

        assertThat(driver.run(racy, 1, 32, numbers(1))).isEqualTo(ILLEGAL_ADDRESS);
        assertThat(gpu.takeReport()).containsAnyOf("data race in k", "uninitialised read in k");
    }

    @Test
    void twoThreadsThatWriteOneNumber() {
        MemorySegment k = kernel(1, "", "mov.u32 %r4, %tid.x;\nst.global.u32 [%rd0], %r4;\n");

        finds(ILLEGAL_ADDRESS, "data race in k block (0,0,0) thread (1,0,0) at test.cu:7 (st.global.u32): write of 4"
                + " bytes at global offset 0, unordered with a write by block 0 thread 0", k, 1, 2, numbers(1));
    }

    @Test
    void twoBlocksThatWriteOneNumber() {
        MemorySegment k = kernel(1, "", "mov.u32 %r4, %ctaid.x;\nst.global.u32 [%rd0], %r4;\n");

        finds(ILLEGAL_ADDRESS, "data race between blocks in k block (1,0,0)", k, 2, 1, numbers(1));
    }

    /** Two launches are ordered. */
    @Test
    void twoLaunchesMayWriteOneNumber() {
        MemorySegment k = kernel(1, "", "mov.u32 %r4, %tid.x;\nst.global.u32 [%rd0], %r4;\n");
        long number = numbers(1);

        assertThat(driver.run(k, 1, 1, number)).isZero();
        assertThat(driver.run(k, 1, 1, number)).isZero();
    }

    @Test
    void barriersThatSomeThreadsMiss() {
        MemorySegment ended = kernel(1, "", "mov.u32 %r1, %tid.x;\nsetp.eq.s32 %p1, %r1, 0;\n@%p1 bra end;\n"
                + "bar.sync 0;\nend:\n");
        finds(LAUNCH_FAILED, "divergent barrier in k block (0,0,0) thread (1,0,0) at test.cu:7 (bar.sync): thread"
                + " (0,0,0) has ended", ended, 1, 2, numbers(1));
    }

    @Test
    void barriersInTwoBranches() {
        MemorySegment other = kernel(1, "", "mov.u32 %r1, %tid.x;\nsetp.eq.s32 %p1, %r1, 0;\n@%p1 bra else;\n"
                + "bar.sync 0;\nbra.uni end;\nelse:\nbar.sync 0;\nend:\n");

        finds(LAUNCH_FAILED, "waits at another one", other, 1, 2, numbers(1));
    }

    @Test
    void exchangesWithLanesThatHaveEnded() {
        MemorySegment k = kernel(1, "", "mov.u32 %r1, %tid.x;\nsetp.eq.s32 %p1, %r1, 3;\n@%p1 bra end;\n"
                + "shfl.sync.bfly.b32 %r2|%p2, %r1, 1, 31, -1;\nend:\n");

        assertThat(driver.run(k, 1, 32, numbers(1))).isEqualTo(LAUNCH_FAILED);
        assertThat(gpu.takeReport()).containsAnyOf("names lane 3, which has ended", "deadlock in k");
    }

    @Test
    void exchangesWithLanesThatDoNotExist() {
        MemorySegment k = kernel(1, "", "mov.u32 %r1, %tid.x;\nshfl.sync.bfly.b32 %r2|%p2, %r1, 1, 31, -1;\n");

        finds(LAUNCH_FAILED, "names lane 8, which does not exist", k, 1, 8, numbers(1));
    }

    @Test
    void loopsWithoutAnEnd() {
        gpu.set("loop_limit", 1000);
        MemorySegment k = kernel(1, "", "again:\nbra.uni again;\n");

        finds(LAUNCH_TIMEOUT, "no end after 1000 jumps backwards", k, 1, 1, numbers(1));
    }

    @Test
    void divisionsByZero() {
        MemorySegment k = kernel(1, "", "mov.u32 %r1, %tid.x;\ndiv.u32 %r2, %r1, %r1;\n");

        finds(LAUNCH_FAILED, "integer division by zero in k", k, 1, 1, numbers(1));
    }

    @Test
    void memoryThatIsFreedTwice() {
        long number = numbers(1);
        driver.succeed("cuMemFree_v2", number);

        assertThat(driver.call("cuMemFree_v2", number)).isEqualTo(1);
        assertThat(gpu.takeReport()).contains("already freed");
        assertThat(driver.call("cuMemFree_v2", number + 4)).isEqualTo(1);
        assertThat(gpu.takeReport()).contains("not an allocation");
    }

    @Test
    void memoryThatIsNotFreed() {
        long before = gpu.liveAllocations();
        long number = numbers(1);
        assertThat(gpu.liveAllocations()).isEqualTo(before + 1);
        driver.succeed("cuMemFree_v2", number);
        assertThat(gpu.liveAllocations()).isEqualTo(before);
    }

    @Test
    void launchesThatNoDeviceCanRun() {
        MemorySegment k = kernel(1, "", "");

        assertThat(driver.run(k, 1, 1025, numbers(1))).isEqualTo(1);
        assertThat(gpu.takeReport()).contains("a grid of (1,1,1) blocks of (1025,1,1) threads is not possible");
        assertThat(driver.run(k, 0, 32, numbers(1))).isEqualTo(1);
        MemorySegment large = kernel(1, ".shared .align 4 .b8 array[49156];\n", "");
        assertThat(driver.run(large, 1, 1, numbers(1))).isEqualTo(1);
    }

    /** A copy on one stream and a kernel on another have no order without an event, whatever order the host used. */
    @Test
    void streamsThatDoNotWaitForEachOther() {
        MemorySegment k = kernel(2, "", "ld.global.u32 %r4, [%rd0];\nst.global.u32 [%rd1], %r4;\n");
        MemorySegment copies = driver.create("cuStreamCreate", 1);
        MemorySegment compute = driver.create("cuStreamCreate", 1);
        MemorySegment event = driver.create("cuEventCreate", 2);
        MemorySegment seven = driver.arena().allocateFrom(JAVA_INT, 7);
        for (boolean waits : new boolean[] {false, true}) {
            long from = numbers(1);
            long to = numbers(1);
            driver.succeed("cuMemcpyHtoDAsync_v2", from, seven, 4L, copies);
            driver.succeed("cuEventRecord", event, copies);
            if (waits) {
                driver.succeed("cuStreamWaitEvent", compute, event, 0);
            }
            assertThat(driver.launch(k, compute, 1, 1, 1, driver.value(from), driver.value(to))).isZero();
            driver.succeed("cuStreamSynchronize", compute);
            MemorySegment out = driver.arena().allocate(JAVA_INT);
            driver.succeed("cuMemcpyDtoH_v2", out, to, 4L);

            assertThat(out.get(JAVA_INT, 0)).isEqualTo(waits ? 7 : 0);
            driver.succeed("cuStreamSynchronize", copies);
        }
        driver.succeed("cuEventDestroy_v2", event);
        driver.succeed("cuStreamDestroy_v2", copies);
        driver.succeed("cuStreamDestroy_v2", compute);
    }

    /** Neighbours share sectors, and a stride of a line wastes three quarters; columns of 32 words share a bank. */
    @Test
    void theCostOfAccessesIsCounted() {
        gpu.set("statistics", 1);
        String strided = "mov.u32 %%r1, %%tid.x;\nshl.b32 %%r2, %%r1, %d;\ncvt.u64.u32 %%rd8, %%r2;\nadd.s64 %%rd9,"
                + " %%rd0, %%rd8;\nld.global.u32 %%r4, [%%rd9];\n";
        assertThat(driver.run(kernel(1, "", strided.formatted(2)), 1, 32, numbers(32))).isZero();
        assertThat(gpu.takeStatistics()).containsExactly(new AccessCount("k", "test.cu:7", "global", "read", 1, 4, 4));
        assertThat(driver.run(kernel(1, "", strided.formatted(5)), 1, 32, numbers(256))).isZero();
        assertThat(gpu.takeStatistics()).containsExactly(new AccessCount("k", "test.cu:7", "global", "read", 1, 32,
                4));
        String column =
                "mov.u32 %%r1, %%tid.x;\nshl.b32 %%r2, %%r1, %d;\nmov.u32 %%r3, wide;\nadd.s32 %%r9, %%r3, %%r2;"
                        + "\nmov.f32 %%f1, 0f3F800000;\nst.shared.f32 [%%r9], %%f1;\n";
        String wide = ".shared .align 4 .b8 wide[4096];\n";
        assertThat(driver.run(kernel(1, wide, column.formatted(2)), 1, 32, numbers(1))).isZero();
        assertThat(gpu.takeStatistics()).containsExactly(new AccessCount("k", "test.cu:7", "shared", "write", 1, 1,
                1));
        assertThat(driver.run(kernel(1, wide, column.formatted(7)), 1, 32, numbers(1))).isZero();
        assertThat(gpu.takeStatistics()).containsExactly(new AccessCount("k", "test.cu:7", "shared", "write", 1, 32,
                1));
    }

    @Test
    void whatIsNotUnderstoodIsAnError() {
        for (String body : List.of("add.sat.s32 %r1, %r1, 1;\n", "bar.sync 1;\n", "mov.u32 %r1, %clock;\n",
                "atom.global.add.u32 %r1, [%rd0], 1;\n", "ld.global.nc.f32 %f1, [%rd0];\n")) {
            String ptx = PtxText.kernel(1, "", body);

            assertThatIllegalArgumentException().isThrownBy(() -> Translation.of(ptx))
                    .withMessageStartingWith("PTX is not understood: " + body.substring(0, body.indexOf(';')));
            assertThat(driver.call("cuModuleLoadData", driver.arena().allocate(8), driver.arena().allocateFrom(ptx)))
                    .isEqualTo(218);
            assertThat(gpu.takeReport()).startsWith("PTX is not understood");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Translation.of(PtxText.HEADER + ".const .b8 x[4];\n"))
                .withMessage("PTX outside of kernels is not understood: .const .b8 x[4];");
    }
}
