package org.cosmosj.tensor.determinism;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.internal.cpu.Parallel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The same bits for any number of threads, for concurrent callers, and for any split of a batch. */
class ThreadCountTest {
    private final int usual = Parallel.threads();

    @AfterEach
    void restore() {
        Parallel.limit(usual);
    }

    @Test
    void aTrainingStepGivesTheSameBitsOnOneTwoAndThreeThreads() {
        Parallel.limit(1);
        Map<String, Long> expected = MixedStep.run(Device.cpu());
        assertThat(expected.values().stream().distinct().count()).as("different fingerprints")
                .isEqualTo(expected.size());

        for (int threads = 2; threads <= 3; threads++) {
            Parallel.limit(threads);

            assertThat(MixedStep.run(Device.cpu())).as(threads + " threads").isEqualTo(expected);
        }
    }

    @Test
    void everyKernelGivesTheSameBitsOnOneTwoAndThreeThreads() {
        try (Scope _ = Scope.open(Device.cpu(), "operands")) {
            KernelCalls calls = new KernelCalls(Device.cpu(), KernelCalls.Size.LARGE);
            Parallel.limit(1);
            Map<String, Long> expected = calls.allBits();

            for (int threads = 2; threads <= 3; threads++) {
                Parallel.limit(threads);

                assertThat(calls.allBits()).as(threads + " threads").isEqualTo(expected);
            }
        }
    }

    @Test
    void aRowOfAProductDoesNotDependOnHowManyRowsThereAre() {
        try (Scope _ = Scope.open(Device.cpu(), "rows")) {
            Tensor x = Tensor.randn(Rng.seeded(5), DType.F32, Shape.of(301, 519));
            Tensor weight = Tensor.randn(Rng.seeded(6), DType.F32, Shape.of(67, 519));
            for (DType stored : List.of(DType.F32, DType.BF16)) {
                Tensor w = weight.to(stored);
                Tensor whole = Functional.linear(x, w);
                Tensor wholeOfDense = x.matmul(weight.transpose(0, 1).contiguous());
                for (long rows : new long[] {1, 3, 16, 64, 65, 97, 200}) {
                    Tensor part = x.narrow(0, 301 - rows, rows);

                    assertThat(Bits.of(Functional.linear(part, w))).as("%s, %d rows", stored, rows)
                            .isEqualTo(Bits.of(whole.narrow(0, 301 - rows, rows)));
                    assertThat(Bits.of(part.matmul(weight.transpose(0, 1).contiguous()))).as("NN, %d rows", rows)
                            .isEqualTo(Bits.of(wholeOfDense.narrow(0, 301 - rows, rows)));
                }
            }
        }
    }

    @Test
    void concurrentCallersGetTheSameBits() throws ExecutionException, InterruptedException {
        Parallel.limit(2);
        Map<String, Long> expected = MixedStep.run(Device.cpu());

        CompletableFuture<Map<String, Long>> other = CompletableFuture.supplyAsync(() -> MixedStep.run(Device.cpu()));
        Map<String, Long> mine = MixedStep.run(Device.cpu());

        assertThat(mine).isEqualTo(expected);
        assertThat(other.get()).isEqualTo(expected);
    }

    @Test
    void forwardResultsDoNotDependOnTheBatchTheyAreComputedIn() {
        try (Scope _ = Scope.open(Device.cpu(), "batch")) {
            Tensor x = Tensor.randn(Rng.seeded(2), DType.F32, Shape.of(5, 37, 2, 24));
            Tensor weight = Tensor.randn(Rng.seeded(3), DType.F32, Shape.of(65, 24));
            Tensor kernel = Tensor.randn(Rng.seeded(4), DType.F32, Shape.of(9, 37, 1, 3, 3));
            List<Function<Tensor, Tensor>> ops = List.of(
                    b -> Functional.linear(b, weight),
                    b -> Functional.attention(b, b, b, 0.2),
                    b -> Functional.layerNorm(b, 1e-6),
                    b -> Functional.softmax(b),
                    b -> Functional.gelu(b),
                    b -> b.matmul(b.transpose(-1, -2)),
                    b -> Functional.conv3d("c", b.unsqueeze(2), kernel, null,
                            org.cosmosj.tensor.ConvGeometry.causal(1, 3, 3)),
                    b -> Functional.channelNorm(b, weight.select(1, 0).narrow(0, 0, 37)),
                    b -> b.sum(2));
            for (int op = 0; op < ops.size(); op++) {
                Tensor whole = ops.get(op).apply(x);
                for (long start = 0; start < 5; start += 2) {
                    long length = Math.min(2, 5 - start);
                    Tensor part = ops.get(op).apply(x.narrow(0, start, length));

                    assertThat(Bits.of(part)).as("op %d, samples from %d", op, start)
                            .isEqualTo(Bits.of(whole.narrow(0, start, length)));
                }
            }
        }
    }
}
