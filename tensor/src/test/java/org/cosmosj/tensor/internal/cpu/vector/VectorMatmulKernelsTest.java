package org.cosmosj.tensor.internal.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cosmosj.tensor.internal.cpu.vector.HostOperands.assertClose;
import static org.cosmosj.tensor.internal.cpu.vector.HostOperands.bits;
import static org.cosmosj.tensor.internal.cpu.vector.HostOperands.copy;
import static org.cosmosj.tensor.internal.cpu.vector.HostOperands.floats;
import static org.cosmosj.tensor.internal.cpu.vector.HostOperands.get;
import static org.cosmosj.tensor.internal.cpu.vector.HostOperands.matrix;
import static org.cosmosj.tensor.internal.cpu.vector.HostOperands.put;
import static org.cosmosj.tensor.internal.cpu.vector.HostOperands.random;
import static org.cosmosj.tensor.internal.cpu.vector.HostOperands.widened;
import static org.cosmosj.tensor.internal.cpu.vector.HostOperands.zeros;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.internal.cpu.Parallel;
import org.cosmosj.tensor.internal.cpu.scalar.ScalarMatmulKernels;
import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.Layout;
import org.cosmosj.tensor.spi.MatmulKernels;
import org.cosmosj.tensor.spi.Operand;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorMatmulKernelsTest {
    private static final int[] AWKWARD = {1, 7, 13, 64, 207};
    private static final MatmulKernels VECTOR = new VectorMatmulKernels();
    private static final MatmulKernels SCALAR = new ScalarMatmulKernels();
    private final int threads = Parallel.threads();

    @AfterEach
    void restoreThreads() {
        Parallel.limit(threads);
    }

    /** Factors below 1: a sum of k products stays below sqrt(k) and rounds k times; a missing product is far above. */
    private static double limit(long k) {
        return 2 * k * Math.scalb(1.0, -24);
    }

    private static Operand product(MatmulKernels kernels, Operand x, Operand y) {
        Operand out = zeros(DType.F32, x.size(0), x.size(1), y.size(2));
        kernels.matmul(x, y, out, Accumulation.ASSIGN);
        return out;
    }

    private static Operand exact(Operand x, Operand y) {
        Operand out = zeros(DType.F64, x.size(0), x.size(1), y.size(2));
        SCALAR.matmul(widened(x), widened(y), out, Accumulation.ASSIGN);
        return out;
    }

    @ParameterizedTest
    @ValueSource(strings = {"NN", "NT", "TN", "TT"})
    void matchesDoublePrecisionOnAwkwardSizes(String transposes) {
        for (int m : AWKWARD) {
            for (int n : AWKWARD) {
                for (int k : AWKWARD) {
                    if ((long) m * n * k > 1_000_000 && (m != n || n != k)) {
                        continue; // the reference is slow
                    }
                    Operand x = matrix(DType.F32, 1, m, k, transposes.charAt(0) == 'T');
                    Operand y = matrix(DType.F32, 2, k, n, transposes.charAt(1) == 'T');
                    String what = transposes + " " + m + " x " + n + " x " + k;

                    assertClose(what, product(VECTOR, x, y), exact(x, y), limit(k));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {255, 256, 257, 600, 1031})
    void sumsSeveralBlocksOfDepth(int k) {
        Operand x = matrix(DType.F32, 1, 19, k, false);
        Operand y = matrix(DType.F32, 2, k, 35, true);

        assertClose("K " + k, product(VECTOR, x, y), exact(x, y), limit(k));
    }

    @Test
    void coversSeveralBlocksOfRowsAndColumns() {
        Operand x = matrix(DType.F32, 1, 205, 9, false);
        Operand y = matrix(DType.F32, 2, 9, 1101, false);

        assertClose("205 x 1101 x 9", product(VECTOR, x, y), exact(x, y), limit(9));
    }

    @ParameterizedTest
    @ValueSource(strings = {"NN", "NT", "TN", "TT"})
    void givesTheBitsOfTheScalarReference(String transposes) {
        Operand x = matrix(DType.F32, 1, 61, 523, transposes.charAt(0) == 'T');
        Operand y = matrix(DType.F32, 2, 523, 301, transposes.charAt(1) == 'T');

        assertThat(bits(product(VECTOR, x, y))).isEqualTo(bits(product(SCALAR, x, y)));
    }

    /** Exponents as they are, and spread over 90 powers of two, where products become denormal. */
    @ParameterizedTest
    @ValueSource(ints = {1, 90})
    void productsOfBf16HaveTheBitsOfTheScalarReference(int exponents) {
        for (String transposes : new String[] {"NN", "NT", "TN", "TT"}) {
            for (int k : new int[] {1, 33, 257, 1031}) {
                Operand x = spread(matrix(DType.F32, 1, 61, k, transposes.charAt(0) == 'T'), exponents);
                Operand y = spread(matrix(DType.BF16, 2, k, 301, transposes.charAt(1) == 'T'), exponents);
                for (Accumulation accumulation : Accumulation.values()) {
                    Operand expected = random(DType.F32, 3, 1, 61, 301);
                    Operand actual = copy(expected);
                    SCALAR.matmulBf16(x, y, expected, accumulation);
                    VECTOR.matmulBf16(x, y, actual, accumulation);

                    assertThat(bits(actual)).as(transposes + ", K " + k).isEqualTo(bits(expected));
                }
            }
        }
    }

    private static Operand spread(Operand operand, int exponents) {
        for (int i = 0; i < operand.numel(); i++) {
            put(operand, i, Math.scalb(get(operand, i), -(i * 7919 % exponents)));
        }
        return operand;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void widensBf16WeightsExactly(boolean transposed) {
        Operand x = matrix(DType.F32, 1, 37, 300, false);
        Operand y = matrix(DType.BF16, 2, 300, 77, transposed);
        Operand wide = zeros(DType.F32, y.shape().toArray(), y.layout().strides());
        for (long i = 0; i < 300 * 77; i++) {
            put(wide, i, get(y, i));
        }

        assertThat(bits(product(VECTOR, x, y))).isEqualTo(bits(product(VECTOR, x, wide)));
        assertClose("bf16", product(VECTOR, x, y), exact(x, y), limit(300));
    }

    @Test
    void addsToTheDestinationAndLeavesGapsBetweenRowsAlone() {
        for (MatmulKernels kernels : new MatmulKernels[] {VECTOR, SCALAR}) {
            Operand x = matrix(DType.F32, 1, 29, 400, false);
            Operand y = matrix(DType.F32, 2, 400, 45, true);
            Operand out = random(DType.F32, 3, new long[] {1, 29, 45}, new long[] {0, 50, 1});
            Operand expected = widened(out);

            SCALAR.matmul(widened(x), widened(y), expected, Accumulation.ADD);
            kernels.matmul(x, y, out, Accumulation.ADD);

            assertClose("sum", out, expected, limit(400));
        }
    }

    @Test
    void multipliesBatchesAndBroadcastsByStrideZero() {
        Operand x = random(DType.F32, 1, 5, 17, 33);
        Operand y = random(DType.F32, 2, 5, 33, 21);
        Operand shared = y.with(new Layout(y.shape(), new long[] {0, 21, 1}, 2 * 33 * 21));
        Operand sharedLeft = x.with(new Layout(x.shape(), new long[] {0, 33, 1}, 17 * 33));
        Operand one = new Operand(y.buffer(), DType.F32,
                new Layout(Shape.of(1, 33, 21), new long[] {0, 21, 1}, 2 * 33 * 21));
        Operand batched = product(VECTOR, x, y);

        for (int b = 0; b < 5; b++) {
            Operand part = x.with(new Layout(Shape.of(1, 17, 33), new long[] {0, 33, 1}, b * 17 * 33));
            Operand own = y.with(new Layout(Shape.of(1, 33, 21), new long[] {0, 21, 1}, b * 33 * 21));
            assertThat(slice(batched, b, 17 * 21)).isEqualTo(floats(product(VECTOR, part, own)));
            assertThat(slice(product(VECTOR, x, shared), b, 17 * 21)).isEqualTo(floats(product(VECTOR, part, one)));
            Operand second = x.with(new Layout(Shape.of(1, 17, 33), new long[] {0, 33, 1}, 17 * 33));
            assertThat(slice(product(VECTOR, sharedLeft, y), b, 17 * 21))
                    .isEqualTo(floats(product(VECTOR, second, own)));
        }
    }

    private static float[] slice(Operand batched, int index, int size) {
        return java.util.Arrays.copyOfRange(floats(batched), index * size, (index + 1) * size);
    }

    @Test
    void rowsDoNotDependOnHowManyThereAre() {
        Operand y = matrix(DType.F32, 2, 700, 130, true);
        Operand x = matrix(DType.F32, 1, 211, 700, false);
        float[] all = floats(product(VECTOR, x, y));

        for (int rows : new int[] {1, 4, 64, 106}) {
            Operand few = x.with(new Layout(Shape.of(1, rows, 700), new long[] {0, 700, 1}, 3 * 700));
            assertThat(floats(product(VECTOR, few, y))).as(rows + " rows")
                    .isEqualTo(java.util.Arrays.copyOfRange(all, 3 * 130, (3 + rows) * 130));
        }
    }

    @Test
    void bitsDoNotDependOnTheNumberOfThreads() {
        Operand x = random(DType.F32, 1, 2, 307, 530);
        Operand y = random(DType.F32, 2, 2, 530, 411);
        Parallel.limit(1);
        int[] alone = bits(product(VECTOR, x, y));
        int[] aloneScalar = bits(product(SCALAR, x, y));

        for (int count : new int[] {2, 3, 7}) {
            Parallel.limit(count);
            assertThat(bits(product(VECTOR, x, y))).as(count + " threads").isEqualTo(alone);
            assertThat(bits(product(SCALAR, x, y))).as(count + " threads, scalar").isEqualTo(aloneScalar);
        }
    }

    @Test
    void servesTwoCallersAtOnce() throws Exception {
        Operand x = matrix(DType.F32, 1, 130, 300, false);
        Operand y = matrix(DType.F32, 2, 300, 150, true);
        Operand z = matrix(DType.F32, 3, 300, 90, false);
        int[] first = bits(product(VECTOR, x, y));
        int[] second = bits(product(VECTOR, x, z));

        try (ExecutorService callers = Executors.newFixedThreadPool(2)) {
            Future<?> left = callers.submit(() -> repeat(x, y, first));
            Future<?> right = callers.submit(() -> repeat(x, z, second));
            left.get();
            right.get();
        }
    }

    private static void repeat(Operand x, Operand y, int[] expected) {
        for (int i = 0; i < 50; i++) {
            assertThat(bits(product(VECTOR, x, y))).isEqualTo(expected);
        }
    }

    @Test
    void notANumberReachesItsRowAndColumnOnly() {
        for (MatmulKernels kernels : new MatmulKernels[] {VECTOR, SCALAR}) {
            Operand x = matrix(DType.F32, 1, 20, 31, false);
            Operand y = matrix(DType.F32, 2, 31, 40, true);
            put(x, 5 * 31 + 7, Double.NaN);
            put(y, 33 * 31 + 2, Double.NaN);
            Operand out = product(kernels, x, y);

            for (int m = 0; m < 20; m++) {
                for (int n = 0; n < 40; n++) {
                    assertThat(Double.isNaN(get(out, m * 40 + n))).as("(" + m + ", " + n + ")")
                            .isEqualTo(m == 5 || n == 33);
                }
            }
        }
    }

    @Test
    void emptySumsAreZeroAndEmptyResultsAreLeftAlone() {
        for (MatmulKernels kernels : new MatmulKernels[] {VECTOR, SCALAR}) {
            Operand out = random(DType.F32, 3, 1, 3, 5);
            Operand before = copy(out);
            Operand x = zeros(DType.F32, 1, 3, 0);
            Operand y = zeros(DType.F32, 1, 0, 5);

            kernels.matmul(x, y, out, Accumulation.ADD);
            assertThat(bits(out)).isEqualTo(bits(before));
            kernels.matmul(x, y, out, Accumulation.ASSIGN);
            assertThat(floats(out)).containsOnly(0f);
            kernels.matmul(zeros(DType.F32, 1, 0, 4), zeros(DType.F32, 1, 4, 5), zeros(DType.F32, 1, 0, 5),
                    Accumulation.ASSIGN);
            kernels.matmul(zeros(DType.F32, 1, 3, 4), zeros(DType.F32, 1, 4, 0), zeros(DType.F32, 1, 3, 0),
                    Accumulation.ASSIGN);
        }
    }

    @Test
    void theComparisonSeesOneWrongElementAndNotANumber() {
        Operand x = matrix(DType.F32, 1, 9, 16, false);
        Operand y = matrix(DType.F32, 2, 16, 9, false);
        Operand wrong = product(VECTOR, x, y);
        put(wrong, 40, get(wrong, 40) + 1e-4);
        Operand poisoned = product(VECTOR, x, y);
        put(poisoned, 7, Double.NaN);

        assertThatThrownBy(() -> assertClose("wrong", wrong, exact(x, y), limit(16)))
                .hasMessageContaining("wrong: element 40");
        assertThatThrownBy(() -> assertClose("poisoned", poisoned, exact(x, y), limit(16)))
                .hasMessageContaining("element 7 is NaN");
    }
}
