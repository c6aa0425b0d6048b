package org.cosmosj.tensor.internal.cpu.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.cosmosj.tensor.internal.cpu.machine.GuardedMemory.bits;
import static org.cosmosj.tensor.internal.cpu.machine.GuardedMemory.filled;
import static org.cosmosj.tensor.internal.cpu.machine.GuardedMemory.free;
import static org.cosmosj.tensor.internal.cpu.machine.GuardedMemory.matrix;
import static org.cosmosj.tensor.internal.cpu.machine.GuardedMemory.operand;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.internal.cpu.Parallel;
import org.cosmosj.tensor.internal.cpu.scalar.ScalarMatmulKernels;
import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.Layout;
import org.cosmosj.tensor.spi.MatmulKernels;
import org.cosmosj.tensor.spi.Operand;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Machine code against the scalar reference, bit for bit, in memory that ends at forbidden pages. */
class MachineMatmulKernelsTest {
    private static final String[] TRANSPOSES = {"NN", "NT", "TN", "TT"};
    private static final DType[] TYPES = {DType.F32, DType.BF16};
    /** (M, N, K): 1, below, at and above tiles of 14 x 32, blocks of 16 and 32 steps, and blocks of K. */
    private static final int[][] SIZES = {{1, 1, 1}, {1, 7, 3}, {13, 17, 2}, {14, 32, 32}, {15, 33, 33}, {29, 31, 64},
        {64, 64, 128}, {8, 100, 512}, {37, 45, 257}, {65, 50, 513}, {207, 33, 70}, {4, 70, 1026}, {17, 260, 600},
        {33, 9, 40}, {50, 30, 31}, {230, 400, 2100}};

    private static final MatmulKernels SCALAR = new ScalarMatmulKernels();
    private final int threads = Parallel.threads();
    private MatmulKernels machine;

    /** One of the two products. */
    private enum Product {
        F32, BF16;

        void run(MatmulKernels kernels, Operand x, Operand y, Operand out, Accumulation accumulation) {
            if (this == F32) {
                kernels.matmul(x, y, out, accumulation);
            } else {
                kernels.matmulBf16(x, y, out, accumulation);
            }
        }
    }

    @BeforeEach
    void needsMachineCode() {
        assumeThat(MachineSupport.process().isOn()).as(MachineSupport.process().status()).isTrue();
        machine = MachineSupport.process().matmul(new MatmulKernels() {
            @Override
            public void matmul(Operand x, Operand y, Operand out, Accumulation accumulation) {
                throw new AssertionError("machine code left F32 to others");
            }
        });
    }

    @AfterEach
    void restoreThreads() {
        Parallel.limit(threads);
    }

    private static Operand product(Product product, MatmulKernels kernels, Operand x, Operand y) {
        Operand out = matrix(DType.F32, 9, x.size(1), y.size(2), false);
        product.run(kernels, x, y, out, Accumulation.ASSIGN);
        return out;
    }

    @ParameterizedTest
    @EnumSource
    void givesTheBitsOfTheScalarReference(Product product) {
        for (int[] mnk : SIZES) {
            for (String transposes : TRANSPOSES) {
                for (DType left : TYPES) {
                    for (DType right : TYPES) {
                        Operand x = matrix(left, 1, mnk[0], mnk[2], transposes.charAt(0) == 'T');
                        Operand y = matrix(right, 2, mnk[2], mnk[1], transposes.charAt(1) == 'T');
                        assertSame(product, Arrays.toString(mnk) + transposes + left + right, x, y);
                        free(x, y);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void sumsThatMeetDenormalNumbersHaveTheSameBits(Product product) {
        for (String transposes : TRANSPOSES) {
            Operand x = filled(matrix(DType.F32, 1, 30, 100, transposes.charAt(0) == 'T'), 3, 90);
            Operand y = filled(matrix(DType.BF16, 2, 100, 40, transposes.charAt(1) == 'T'), 4, 90);
            assertSame(product, "denormal " + transposes, x, y);
            free(x, y);
        }
    }

    private void assertSame(Product product, String what, Operand x, Operand y) {
        for (Accumulation accumulation : Accumulation.values()) {
            Operand expected = matrix(DType.F32, 3, x.size(1), y.size(2), false);
            Operand actual = matrix(DType.F32, 3, x.size(1), y.size(2), false);
            product.run(SCALAR, x, y, expected, accumulation);
            product.run(machine, x, y, actual, accumulation);
            int at = Arrays.mismatch(bits(actual), bits(expected));
            assertThat(at).as(product + " " + what + " " + accumulation + ": first element with other bits")
                    .isEqualTo(-1);
            free(expected, actual);
        }
    }

    @ParameterizedTest
    @EnumSource
    void bitsDoNotDependOnTheNumberOfThreads(Product product) {
        Operand x = matrix(DType.F32, 1, 307, 530, false);
        Operand y = matrix(DType.F32, 2, 530, 411, true);
        Operand few = matrix(DType.F32, 3, 20, 530, false);
        Parallel.limit(1);
        int[] alone = bits(product(product, machine, x, y));
        int[] fewAlone = bits(product(product, machine, few, y));

        for (int count : new int[] {2, 3, 7}) {
            Parallel.limit(count);
            assertThat(bits(product(product, machine, x, y))).as(count + " threads").isEqualTo(alone);
            assertThat(bits(product(product, machine, few, y))).as(count + " threads, few rows").isEqualTo(fewAlone);
        }
    }

    @ParameterizedTest
    @EnumSource
    void rowsDoNotDependOnHowManyThereAre(Product product) {
        Operand y = matrix(product == Product.F32 ? DType.F32 : DType.BF16, 2, 700, 130, true);
        Operand x = matrix(DType.F32, 1, 211, 700, false);
        int[] all = bits(product(product, machine, x, y));

        for (int rows : new int[] {1, 4, 8, 16, 31, 48, 64, 65, 106}) {
            Operand part = x.with(new Layout(Shape.of(1, rows, 700), new long[] {0, 700, 1}, 3 * 700));
            assertThat(bits(product(product, machine, part, y))).as(rows + " rows")
                    .isEqualTo(Arrays.copyOfRange(all, 3 * 130, (3 + rows) * 130));
        }
    }

    @ParameterizedTest
    @EnumSource
    void multipliesBatchesAndLeavesGapsAlone(Product product) {
        Operand x = filled(operand(DType.F32, new long[] {3, 17, 33}, new long[] {600, 35, 1}), 1, 1);
        Operand y = filled(operand(DType.BF16, new long[] {3, 33, 21}, new long[] {0, 1, 40}), 2, 1);
        Operand expected = filled(operand(DType.F32, new long[] {3, 17, 21}, new long[] {500, 25, 1}), 3, 1);
        Operand actual = filled(operand(DType.F32, new long[] {3, 17, 21}, new long[] {500, 25, 1}), 3, 1);

        product.run(SCALAR, x, y, expected, Accumulation.ADD);
        product.run(machine, x, y, actual, Accumulation.ADD);

        assertThat(bits(actual)).isEqualTo(bits(expected));
    }

    @ParameterizedTest
    @EnumSource
    void notANumberReachesItsRowAndColumnOnly(Product product) {
        Operand x = matrix(DType.F32, 1, 20, 31, false);
        Operand y = matrix(DType.F32, 2, 31, 40, true);
        CpuBuffer.segment(x).setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, 5 * 31 + 7, Float.NaN);
        int[] out = bits(product(product, machine, x, y));

        for (int i = 0; i < out.length; i++) {
            assertThat(Float.isNaN(Float.intBitsToFloat(out[i]))).as("row " + i / 40).isEqualTo(i / 40 == 5);
        }
    }

    @Test
    void servesTwoCallersAtOnce() throws Exception {
        Operand x = matrix(DType.F32, 1, 130, 300, false);
        Operand y = matrix(DType.F32, 2, 300, 150, true);
        Operand z = matrix(DType.F32, 3, 300, 90, false);
        int[] first = bits(product(Product.BF16, machine, x, y));
        int[] second = bits(product(Product.F32, machine, x, z));

        try (ExecutorService callers = Executors.newFixedThreadPool(2)) {
            Future<?> left = callers.submit(() -> repeat(Product.BF16, x, y, first));
            Future<?> right = callers.submit(() -> repeat(Product.F32, x, z, second));
            left.get();
            right.get();
        }
    }

    private void repeat(Product product, Operand x, Operand y, int[] expected) {
        for (int i = 0; i < 50; i++) {
            assertThat(bits(product(product, machine, x, y))).isEqualTo(expected);
        }
    }

    @Test
    void operandsThatExceedTheirMemoryAreRefused() {
        Operand x = matrix(DType.F32, 1, 4, 8, false);
        Operand y = matrix(DType.F32, 2, 8, 4, false);
        Operand longer = x.with(new Layout(Shape.of(1, 5, 8), new long[] {0, 8, 1}, 0));
        Operand out = matrix(DType.F32, 3, 5, 4, false);

        assertThatThrownBy(() -> machine.matmul(longer, y, out, Accumulation.ASSIGN))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("kernel: (1, 5, 8) strides [0, 8, 1] offset 0 of F32 exceeds its buffer of 128 bytes");
    }

    @Test
    void allTilingsGiveTheSameBits() {
        Operand x = matrix(DType.F32, 1, 65, 300, false);
        Operand y = matrix(DType.BF16, 2, 300, 110, false);
        for (Arithmetic arithmetic : Arithmetic.values()) {
            assumeThat(code(Kernels.STANDARD).supports(arithmetic)).as(arithmetic + " on this processor").isTrue();
            int[] expected = null;
            for (Tiling tiling : Kernels.TILINGS) {
                Operand out = matrix(DType.F32, 3, 65, 110, false);
                new MachineProduct(code(tiling), arithmetic, x, y, out, Accumulation.ASSIGN).run();
                expected = expected == null ? bits(out) : expected;
                assertThat(bits(out)).as(tiling.toString()).isEqualTo(expected);
            }
        }
    }

    private static MachineCode code(Tiling tiling) {
        SystemCodeMemory memory = new SystemCodeMemory();
        return new MachineCode(memory, tiling, Processor.present(memory).bf16());
    }
}
