package org.cosmosj.tensor.internal.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cosmosj.tensor.internal.cpu.vector.HostOperands.assertClose;
import static org.cosmosj.tensor.internal.cpu.vector.HostOperands.bits;
import static org.cosmosj.tensor.internal.cpu.vector.HostOperands.get;
import static org.cosmosj.tensor.internal.cpu.vector.HostOperands.put;
import static org.cosmosj.tensor.internal.cpu.vector.HostOperands.random;
import static org.cosmosj.tensor.internal.cpu.vector.HostOperands.widened;
import static org.cosmosj.tensor.internal.cpu.vector.HostOperands.zeros;

import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.internal.cpu.Parallel;
import org.cosmosj.tensor.internal.cpu.scalar.ScalarAttentionKernels;
import org.cosmosj.tensor.spi.AttentionKernels;
import org.cosmosj.tensor.spi.Layout;
import org.cosmosj.tensor.spi.Operand;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VectorAttentionKernelsTest {
    private static final AttentionKernels VECTOR = new VectorAttentionKernels();
    private static final AttentionKernels SCALAR = new ScalarAttentionKernels();
    /** Inputs in [-1, 1): the largest errors seen over the cases below are 1.0e-6 (logSumExp) and 8.7e-7 (dV). */
    private static final double FORWARD_LIMIT = 3e-6;
    private static final double BACKWARD_LIMIT = 3e-6;
    private final int threads = Parallel.threads();

    @AfterEach
    void restoreThreads() {
        Parallel.limit(threads);
    }

    /** Everything a forward and a backward call read and write. */
    private record Call(Operand q, Operand k, Operand v, double scale, Operand out, Operand logSumExp, Operand dOut,
            Operand dQ, Operand dK, Operand dV) {
        static Call of(Operand q, Operand k, Operand v, Operand dOut, double scale) {
            DType dtype = q.dtype();
            long[] outShape = {q.size(0), q.size(1), q.size(2), v.size(3)};
            return new Call(q, k, v, scale, zeros(dtype, outShape), zeros(dtype, q.size(0), q.size(2), q.size(1)), dOut,
                    zeros(dtype, q.shape().toArray()), zeros(dtype, k.shape().toArray()),
                    zeros(dtype, v.shape().toArray()));
        }

        static Call random(int batch, int l, int s, int heads, int d, int e, double scale) {
            return of(HostOperands.random(DType.F32, 1, batch, l, heads, d),
                    HostOperands.random(DType.F32, 2, batch, s, heads, d),
                    HostOperands.random(DType.F32, 3, batch, s, heads, e),
                    HostOperands.random(DType.F32, 4, batch, l, heads, e), scale);
        }

        Call wide() {
            return of(widened(q), widened(k), widened(v), widened(dOut), scale);
        }

        Call run(AttentionKernels kernels) {
            kernels.attention(q, k, v, scale, out, logSumExp);
            kernels.attentionBackward(dOut, q, k, v, out, logSumExp, scale, dQ, dK, dV);
            return this;
        }

        int[][] allBits() {
            return new int[][] {bits(out), bits(logSumExp), bits(dQ), bits(dK), bits(dV)};
        }
    }

    private static void assertMatches(String what, Call call, double growth) {
        Call exact = call.wide().run(SCALAR);
        call.run(VECTOR);
        assertClose(what + " out", call.out, exact.out, growth * FORWARD_LIMIT);
        assertClose(what + " logSumExp", call.logSumExp, exact.logSumExp, growth * FORWARD_LIMIT);
        assertClose(what + " dQ", call.dQ, exact.dQ, growth * BACKWARD_LIMIT);
        assertClose(what + " dK", call.dK, exact.dK, growth * BACKWARD_LIMIT);
        assertClose(what + " dV", call.dV, exact.dV, growth * BACKWARD_LIMIT);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1, 1, 1", "1, 7, 2, 13, 7", "7, 1, 1, 64, 64", "13, 64, 3, 7, 13", "64, 13, 1, 8, 1",
        "64, 207, 1, 64, 64", "207, 64, 1, 13, 64", "207, 207, 1, 128, 128", "193, 401, 1, 16, 24",
        "530, 30, 1, 8, 8"})
    void matchesDoublePrecisionOnAwkwardSizes(int l, int s, int heads, int d, int e) {
        assertMatches("L " + l + " S " + s, Call.random(2, l, s, heads, d, e, 1 / Math.sqrt(d)), 1);
    }

    @Test
    void sharpLogitsNeitherOverflowNorLoseTheSum() {
        // Logits of some hundreds round by 1e-5, the factor 30 of dQ and dK comes on top: seen 4e-4.
        assertMatches("sharp", Call.random(1, 70, 300, 1, 32, 32, 30), 300);
    }

    @Test
    void readsHeadsTokensAndBatchesThroughStrides() {
        int b = 2;
        int l = 45;
        int h = 3;
        int d = 24;
        // q, k and v are slices of one (B, L, 3, h, d) projection, k with heads in front of tokens.
        Operand qkv = random(DType.F32, 5, b, l, 3, h, d);
        long[] strides = {l * 3L * h * d, 3L * h * d, d, 1};
        Operand q = qkv.with(new Layout(Shape.of(b, l, h, d), strides, 0));
        Operand v = qkv.with(new Layout(Shape.of(b, l, h, d), strides, 2L * h * d));
        Operand k = random(DType.F32, 6, new long[] {b, l, h, d}, new long[] {h * l * d, d, (long) l * d, 1});
        Call strided = Call.of(q, k, v, random(DType.F32, 4, b, l, h, d), 0.2).run(VECTOR);
        Call dense = Call.of(dense(q), dense(k), dense(v), strided.dOut, 0.2).run(VECTOR);

        assertThat(strided.allBits()).isDeepEqualTo(dense.allBits());
        assertMatches("dense", dense, 1);
    }

    private static Operand dense(Operand x) {
        Operand to = zeros(DType.F32, x.shape().toArray());
        long[] n = x.shape().toArray();
        long[] s = x.layout().strides();
        for (long i = 0; i < x.numel(); i++) {
            long from = i / (n[1] * n[2] * n[3]) * s[0] + i / (n[2] * n[3]) % n[1] * s[1] + i / n[3] % n[2] * s[2]
                    + i % n[3] * s[3];
            put(to, i, get(x, x.layout().offset() + from));
        }
        return to;
    }

    @ParameterizedTest
    @CsvSource({"2, 200, 200, 3", "1, 150, 900, 1", "1, 700, 40, 1"})
    void bitsDoNotDependOnTheNumberOfThreads(int batch, int l, int s, int heads) {
        Parallel.limit(1);
        int[][] alone = Call.random(batch, l, s, heads, 32, 16, 0.2).run(VECTOR).allBits();

        for (int count : new int[] {2, 3, 7}) {
            Parallel.limit(count);
            assertThat(Call.random(batch, l, s, heads, 32, 16, 0.2).run(VECTOR).allBits()).as(count + " threads")
                    .isDeepEqualTo(alone);
        }
    }

    @Test
    void forwardBitsDoNotDependOnTheBatchOrTheNumberOfQueries() {
        Call both = Call.random(2, 100, 210, 2, 16, 16, 0.3);
        VECTOR.attention(both.q, both.k, both.v, 0.3, both.out, both.logSumExp);
        Call second = Call.of(part(both.q, 1, 10, 50), part(both.k, 1, 0, 210), part(both.v, 1, 0, 210),
                part(both.dOut, 1, 10, 50), 0.3);
        VECTOR.attention(second.q, second.k, second.v, 0.3, second.out, second.logSumExp);

        int row = 2 * 16;
        assertThat(bits(second.out))
                .isEqualTo(Arrays.copyOfRange(bits(both.out), (100 + 10) * row, (100 + 60) * row));
    }

    private static Operand part(Operand x, int batch, int token, int tokens) {
        long[] strides = x.layout().strides();
        return x.with(new Layout(Shape.of(1, tokens, x.size(2), x.size(3)), strides,
                batch * strides[0] + token * strides[1]));
    }

    @Test
    void servesTwoCallersAtOnce() throws Exception {
        int[][] first = Call.random(1, 90, 130, 2, 16, 16, 0.3).run(VECTOR).allBits();
        int[][] second = Call.random(1, 60, 70, 2, 24, 8, 0.3).run(VECTOR).allBits();

        try (ExecutorService callers = Executors.newFixedThreadPool(2)) {
            Future<?> left = callers.submit(() -> {
                for (int i = 0; i < 20; i++) {
                    assertThat(Call.random(1, 90, 130, 2, 16, 16, 0.3).run(VECTOR).allBits()).isDeepEqualTo(first);
                }
            });
            Future<?> right = callers.submit(() -> {
                for (int i = 0; i < 20; i++) {
                    assertThat(Call.random(1, 60, 70, 2, 24, 8, 0.3).run(VECTOR).allBits()).isDeepEqualTo(second);
                }
            });
            left.get();
            right.get();
        }
    }

    @Test
    void notANumberReachesWhatDependsOnItOnly() {
        Call query = Call.random(1, 20, 30, 1, 8, 8, 0.3);
        put(query.q, 7 * 8 + 3, Double.NaN);
        query.run(VECTOR);
        Call value = Call.random(1, 20, 30, 1, 8, 8, 0.3);
        put(value.v, 7 * 8 + 3, Double.NaN);
        value.run(VECTOR);
        Call key = Call.random(1, 20, 30, 1, 8, 8, 0.3);
        put(key.k, 29 * 8, Double.NaN);
        key.run(VECTOR);

        for (int i = 0; i < 20 * 8; i++) {
            assertThat(Double.isNaN(get(query.out, i))).as("query, out " + i).isEqualTo(i / 8 == 7);
            assertThat(Double.isNaN(get(query.dQ, i))).as("query, dQ " + i).isEqualTo(i / 8 == 7);
            assertThat(Double.isNaN(get(value.out, i))).as("value, out " + i).isEqualTo(i % 8 == 3);
            assertThat(get(key.out, i)).as("key, out " + i).isNaN();
        }
        for (int i = 0; i < 30 * 8; i++) {
            assertThat(get(query.dK, i)).as("query, dK " + i).isNaN();
        }
    }
}
