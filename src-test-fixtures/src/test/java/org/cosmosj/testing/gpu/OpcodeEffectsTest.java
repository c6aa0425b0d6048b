package org.cosmosj.testing.gpu;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The forms that move data, wait, jump or exchange. */
@RunsOnGpu(emulatedOnly = true)
class OpcodeEffectsTest {
    /** What the tests of this class use and check. */
    static final Set<String> COVERED = Set.of("bra", "bra.uni", "ret", "bar.sync", "shfl.sync.bfly.b32",
            "ld.global.u8", "ld.global.u16", "ld.global.u32", "ld.global.u64", "ld.global.f32", "ld.global.f64",
            "ld.shared.f32", "ld.shared.f64", "ld.param.u8", "ld.param.u16", "ld.param.u32", "ld.param.u64",
            "ld.param.f32", "ld.param.f64", "st.global.u8", "st.global.u16", "st.global.u32", "st.global.u64",
            "st.global.f32", "st.global.f64", "st.shared.f32", "st.shared.f64");

    private EmulatedDriver driver;

    @BeforeEach
    void open() {
        driver = new EmulatedDriver();
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private MemorySegment kernel(String ptx) {
        return driver.kernel(driver.module(ptx), "k");
    }

    /** Exactly the bytes of the type are read and written. */
    @ParameterizedTest
    @CsvSource({"u8, %rs, 1", "u16, %rs, 2", "u32, %r, 4", "u64, %rd, 8", "f32, %f, 4", "f64, %fd, 8"})
    void loadsAndStoresMoveTheirBytes(String type, String register, int bytes) {
        MemorySegment k = kernel(PtxText.kernel(2, "", "ld.global." + type + " " + register + "9, [%rd0+8];\n"
                + "st.global." + type + " [%rd1+8], " + register + "9;\n"));
        long from = driver.upload(driver.arena().allocateFrom(JAVA_LONG, 1, 0x8877665544332291L, 3));
        long to = driver.upload(driver.arena().allocateFrom(JAVA_LONG, -1, -1, -1));

        assertThat(driver.run(k, 1, 1, from, to)).isZero();

        MemorySegment out = driver.download(to, 24);
        long mask = bytes == 8 ? -1 : (1L << 8 * bytes) - 1;
        assertThat(out.getAtIndex(JAVA_LONG, 1)).isEqualTo(0x8877665544332291L & mask | ~mask);
        assertThat(out.getAtIndex(JAVA_LONG, 0)).isEqualTo(-1);
        assertThat(out.getAtIndex(JAVA_LONG, 2)).isEqualTo(-1);
    }

    @Test
    void narrowLoadsExtendByZeros() {
        MemorySegment k = kernel(PtxText.kernel(2, "", "ld.global.u8 %rs1, [%rd0];\nst.global.u16 [%rd1], %rs1;\n"));
        long from = driver.upload(driver.arena().allocateFrom(JAVA_BYTE, (byte) 0x91, (byte) 0x55));
        long to = driver.upload(driver.arena().allocateFrom(JAVA_SHORT, (short) -1));

        assertThat(driver.run(k, 1, 1, from, to)).isZero();

        assertThat(driver.download(to, 2).get(JAVA_SHORT, 0)).isEqualTo((short) 0x91);
    }

    /** By name, by name and offset, and through a register that holds the address of the parameter. */
    @Test
    void parametersAreReadByTheirTypes() {
        MemorySegment k = kernel(PtxText.HEADER + """
                .visible .entry k(.param .u64 out, .param .u8 a, .param .u16 b, .param .u32 c, .param .f32 d,
                    .param .f64 e, .param .align 8 .b8 s[16])
                {
                """ + PtxText.REGISTERS + """
                ld.param.u64 %rd0, [out];
                ld.param.u8 %rs1, [a];
                ld.param.u16 %rs2, [b];
                ld.param.u32 %r3, [c];
                ld.param.f32 %f4, [d];
                ld.param.f64 %fd5, [e];
                mov.b64 %rd7, s;
                ld.param.u32 %r6, [%rd7+12];
                ld.param.u64 %rd8, [s];
                st.global.u16 [%rd0], %rs1;
                st.global.u16 [%rd0+8], %rs2;
                st.global.u32 [%rd0+16], %r3;
                st.global.f32 [%rd0+24], %f4;
                st.global.f64 [%rd0+32], %fd5;
                st.global.u32 [%rd0+40], %r6;
                st.global.u64 [%rd0+48], %rd8;
                ret;
                }
                """);
        long to = driver.upload(driver.arena().allocateFrom(JAVA_LONG, new long[7]));

        assertThat(driver.launch(k, MemorySegment.NULL, 1, 1, 1, driver.value(to), driver.value(0xF1),
                driver.value(0xF234), driver.value(0xF2345678L), driver.arena().allocateFrom(JAVA_FLOAT, 1.5f),
                driver.arena().allocateFrom(JAVA_DOUBLE, -2.5),
                driver.arena().allocateFrom(JAVA_INT, 11, 12, 13, 14))).isZero();

        MemorySegment out = driver.download(to, 56);
        assertThat(out.toArray(JAVA_LONG)).containsExactly(0xF1, 0xF234, 0xF2345678L, Float.floatToIntBits(1.5f),
                Double.doubleToLongBits(-2.5), 14, 12L << 32 | 11);
    }

    /** Thread i leaves a number; after the barrier it reads that of the thread at the other end. */
    @ParameterizedTest
    @CsvSource({"f32, %f, 2, 4", "f64, %fd, 3, 8"})
    void sharedMemoryIsTheBlocks(String type, String register, int shift, int bytes) {
        MemorySegment k = kernel(PtxText.kernel(2, ".shared .align 8 .b8 pad[8];\n.shared .align 8 .b8 array[512];\n",
                """
                mov.u32 %%r1, %%tid.x;
                shl.b32 %%r2, %%r1, %2$d;
                cvt.u64.u32 %%rd5, %%r2;
                add.s64 %%rd6, %%rd0, %%rd5;
                ld.global.%1$s %3$s1, [%%rd6];
                mov.u32 %%r3, array;
                add.s32 %%r4, %%r3, %%r2;
                st.shared.%1$s [%%r4], %3$s1;
                bar.sync 0;
                mov.u32 %%r7, array;
                add.s32 %%r8, %%r7, %4$d;
                sub.s32 %%r9, %%r8, %%r2;
                ld.shared.%1$s %3$s2, [%%r9];
                add.s64 %%rd7, %%rd1, %%rd5;
                st.global.%1$s [%%rd7], %3$s2;
                """.formatted(type, shift, register, 63 * bytes)));
        MemorySegment numbers = driver.arena().allocate(64L * bytes, 8);
        for (int i = 0; i < 64; i++) {
            if (bytes == 4) {
                numbers.setAtIndex(JAVA_FLOAT, i, i + 0.5f);
            } else {
                numbers.setAtIndex(JAVA_DOUBLE, i, i + 0.5);
            }
        }
        long from = driver.upload(numbers);
        long to = driver.allocate(64L * bytes);

        assertThat(driver.run(k, 1, 64, from, to)).isZero();

        MemorySegment out = driver.download(to, 64L * bytes);
        for (int i = 0; i < 64; i++) {
            assertThat(bytes == 4 ? out.getAtIndex(JAVA_FLOAT, i) : out.getAtIndex(JAVA_DOUBLE, i))
                    .isEqualTo(63 - i + 0.5);
        }
    }

    /** Lane XOR b, unless it lies beyond the segment's last lane: then the own value and a false predicate. */
    @ParameterizedTest
    @CsvSource({"1, 31", "16, 31", "31, 31", "5, 7", "3, 6151", "12, 6175", "1, 30"})
    void butterfliesExchangeWithinTheirSegment(int b, int c) {
        MemorySegment k = kernel(PtxText.kernel(1, "", """
                mov.u32 %%r1, %%tid.x;
                shl.b32 %%r2, %%r1, 3;
                cvt.u64.u32 %%rd2, %%r2;
                add.s64 %%rd3, %%rd0, %%rd2;
                add.s32 %%r3, %%r1, 100;
                shfl.sync.bfly.b32 %%r4|%%p1, %%r3, %d, %d, -1;
                selp.b32 %%r5, 1, 0, %%p1;
                st.global.u32 [%%rd3], %%r4;
                st.global.u32 [%%rd3+4], %%r5;
                """.formatted(b, c)));
        long to = driver.allocate(64 * 8);

        assertThat(driver.run(k, 1, 64, to)).isZero();

        MemorySegment out = driver.download(to, 64 * 8);
        int segment = c >> 8 & 31;
        for (int thread = 0; thread < 64; thread++) {
            int lane = thread % 32;
            int last = lane & segment | c & 31 & ~segment;
            boolean inside = (lane ^ b) <= last;
            assertThat(out.getAtIndex(JAVA_INT, 2L * thread)).isEqualTo(100 + (inside ? thread ^ b : thread));
            assertThat(out.getAtIndex(JAVA_INT, 2L * thread + 1)).isEqualTo(inside ? 1 : 0);
        }
    }

    /** A loop that adds 1 .. i for thread i; threads from 5 on leave before they store. */
    @Test
    void branchesAreTakenByTheirPredicates() {
        MemorySegment k = kernel(PtxText.kernel(1, "", """
                mov.u32 %r1, %tid.x;
                mov.u32 %r2, 0;
                mov.u32 %r3, 0;
                bra.uni test;
                body:
                add.s32 %r3, %r3, 1;
                add.s32 %r2, %r2, %r3;
                test:
                setp.lt.s32 %p1, %r3, %r1;
                @%p1 bra body;
                setp.gt.s32 %p2, %r1, 4;
                @!%p2 bra keep;
                ret;
                keep:
                shl.b32 %r4, %r1, 2;
                cvt.u64.u32 %rd2, %r4;
                add.s64 %rd3, %rd0, %rd2;
                st.global.u32 [%rd3], %r2;
                """));
        long to = driver.upload(driver.arena().allocateFrom(JAVA_INT, new int[8]));

        assertThat(driver.run(k, 1, 8, to)).isZero();

        assertThat(driver.download(to, 32).toArray(JAVA_INT)).containsExactly(0, 1, 3, 6, 10, 0, 0, 0);
    }

    @Test
    void pairsOf32BitsFormOneOf64() {
        MemorySegment k = kernel(PtxText.kernel(2, "", """
                ld.global.u64 %rd2, [%rd0];
                mov.b64 {%r1, %r2}, %rd2;
                mov.b64 %rd3, {%r2, %r1};
                st.global.u64 [%rd1], %rd3;
                ld.global.f64 %fd1, [%rd0];
                {
                .reg .b32 %temp;
                mov.b64 {%temp, %r3}, %fd1;
                }
                st.global.u32 [%rd1+8], %r3;
                """));
        long from = driver.upload(driver.arena().allocateFrom(JAVA_LONG, 0x1122334455667788L));
        long to = driver.upload(driver.arena().allocateFrom(JAVA_LONG, 0, 0));

        assertThat(driver.run(k, 1, 1, from, to)).isZero();

        assertThat(driver.download(to, 16).toArray(JAVA_LONG)).containsExactly(0x5566778811223344L, 0x11223344L);
    }

    /** %tid.y counts rows of a block, %ntid.x is its width, %ctaid.x the block. */
    @Test
    void specialRegistersNameTheThread() {
        assertThat(CppOperands.specialRegisters()).containsExactlyInAnyOrder("%tid.x", "%tid.y", "%ctaid.x",
                "%ntid.x");
        MemorySegment k = kernel(PtxText.kernel(1, "", """
                mov.u32 %r1, %tid.x;
                mov.u32 %r2, %tid.y;
                mov.u32 %r3, %ctaid.x;
                mov.u32 %r4, %ntid.x;
                mul.wide.u32 %rd2, %r2, %r4;
                cvt.u64.u32 %rd3, %r1;
                add.s64 %rd2, %rd2, %rd3;
                mul.wide.u32 %rd4, %r3, 6;
                add.s64 %rd2, %rd2, %rd4;
                shl.b64 %rd2, %rd2, 2;
                add.s64 %rd2, %rd2, %rd0;
                shl.b32 %r5, %r2, 8;
                or.b32 %r6, %r5, %r1;
                shl.b32 %r7, %r3, 16;
                or.b32 %r6, %r6, %r7;
                st.global.u32 [%rd2], %r6;
                """));
        long to = driver.allocate(48);

        assertThat(driver.launch(k, MemorySegment.NULL, 2, 3, 2, driver.value(to))).isZero();

        assertThat(driver.download(to, 48).toArray(JAVA_INT)).containsExactly(0, 1, 2, 0x100, 0x101, 0x102, 0x10000,
                0x10001, 0x10002, 0x10100, 0x10101, 0x10102);
    }
}
