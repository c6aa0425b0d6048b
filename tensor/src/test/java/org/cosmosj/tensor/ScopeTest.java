package org.cosmosj.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.cosmosj.tensor.spi.Backend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScopeTest {
    private final Backend backend = Backends.of(Device.cpu());
    private long liveBefore;

    @BeforeEach
    void remember() {
        liveBefore = backend.memory().liveBuffers();
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(backend.memory().liveBuffers()).as("live buffers").isEqualTo(liveBefore);
        assertThatIllegalStateException().as("no scope is left open").isThrownBy(Scope::current);
    }

    @Test
    void freesAllResultsAtTheBrace() {
        try (Scope scope = Scope.open(Device.cpu(), "outer")) {
            Tensor a = Tensor.of(new float[] {1, 2}, 2);
            a.add(a).reshape(2, 1).transpose(0, 1);

            assertThat(scope.live()).isEqualTo(4);
            assertThat(scope.label()).isEqualTo("outer");
            assertThat(scope.device()).isEqualTo(Device.cpu());
        }
    }

    @Test
    void resultsBelongToTheInnermostScopeNotToTheFirstArgument() {
        try (Scope outer = Scope.open(Device.cpu(), "outer")) {
            Tensor a = Tensor.of(new float[] {1, 2}, 2);
            Tensor sum;
            try (Scope inner = Scope.inner("inner")) {
                sum = a.add(a);

                assertThat(inner.live()).isEqualTo(1);
                assertThat(outer.live()).isEqualTo(1);
            }
            assertThatExceptionOfType(ClosedTensorException.class).isThrownBy(sum::toFloatArray).withMessage(
                    "tensor: F32 (2) was closed with scope 'inner'; promote it or copy it out before the scope ends");
            assertThat(sum.toString()).isEqualTo("F32 (2) on cpu:0 closed");
        }
    }

    @Test
    void closingTwiceIsHarmlessAndAViewOutlivesItsBase() {
        Scope scope = Scope.open(Device.cpu(), "outer");
        Tensor base = Tensor.of(new float[] {1, 2, 3}, 3);
        Tensor view = base.narrow(0, 1, 2);
        base.close();
        base.close();

        assertThat(view.toFloatArray()).containsExactly(2, 3);
        assertThat(scope.live()).isEqualTo(1);
        assertThatExceptionOfType(ClosedTensorException.class).isThrownBy(() -> base.add(1))
                .withMessageContaining("closed with scope 'outer (closed early)'");
        scope.close();
        scope.close();
    }

    @Test
    void promotedTensorsOutliveTheirScope() {
        try (Scope outer = Scope.open(Device.cpu(), "outer")) {
            Tensor kept;
            try (Scope inner = Scope.inner("inner")) {
                Tensor temporary = Tensor.of(new float[] {1, 2}, 2);
                kept = inner.promote(temporary.mul(2));

                assertThat(inner.promote(kept)).as("of an outer scope: left where it is").isSameAs(kept);
            }
            assertThat(kept.toFloatArray()).containsExactly(2, 4);
            assertThat(outer.live()).isEqualTo(1);
            assertThatIllegalStateException().isThrownBy(() -> outer.promote(kept))
                    .withMessage("promote: scope 'outer' is the outermost of its thread; copy the values out or open an"
                            + " outer scope");
        }
    }

    @Test
    void foldKeepsOneResultAlive() {
        try (Scope outer = Scope.open(Device.cpu(), "outer")) {
            Tensor start = Tensor.of(new float[] {1}, 1);
            Tensor result = Scope.fold(start, List.of(2, 3, 4), (x, factor) -> {
                assertThat(outer.live()).isLessThanOrEqualTo(2);
                return x.add(0).mul(factor);
            });

            assertThat(result.item()).isEqualTo(24);
            assertThat(start.item()).isEqualTo(1);
            assertThat(outer.live()).isEqualTo(2);
        }
    }

    @Test
    void foldDoesNotCloseWhatItDidNotMake() {
        try (Scope outer = Scope.open(Device.cpu(), "outer")) {
            Tensor start = Tensor.of(new float[] {1}, 1);
            Tensor constant = Tensor.of(new float[] {7}, 1);

            Tensor result = Scope.fold(start, List.of(1, 2, 3), (x, layer) -> layer == 1 ? constant : x.add(layer));

            assertThat(result.item()).isEqualTo(12);
            assertThat(constant.item()).isEqualTo(7);
            assertThat(Scope.fold(start, List.<Integer>of(), (x, _) -> x)).isSameAs(start);
            assertThat(Scope.fold(start, List.of(1, 2), (x, _) -> x)).isSameAs(start);
            assertThat(outer.live()).isEqualTo(3);
        }
    }

    @Test
    void handsTensorsToTheScopeOfAnotherThread() throws ExecutionException, InterruptedException {
        try (Scope mine = Scope.open(Device.cpu(), "main")) {
            CountDownLatch loaded = new CountDownLatch(1);
            Tensor[] batch = new Tensor[1];
            CompletableFuture<Void> loader = CompletableFuture.runAsync(() -> {
                try (Scope theirs = Scope.open(Device.cpu(), "loader")) {
                    batch[0] = theirs.transferTo(mine, Tensor.of(new float[] {1, 2}, 2));
                    assertThat(theirs.live()).isZero();
                    assertThatIllegalArgumentException().isThrownBy(() -> theirs.transferTo(mine, batch[0]))
                            .withMessage("transferTo: scope 'loader' does not own F32 (2) on cpu:0");
                }
                loaded.countDown();
            });
            loaded.await();
            loader.get();

            assertThat(batch[0].toFloatArray()).containsExactly(1, 2);
            assertThat(mine.live()).isEqualTo(1);
        }
    }

    @Test
    void aClosedScopeTakesNothing() {
        try (Scope outer = Scope.open(Device.cpu(), "outer")) {
            Tensor a = Tensor.of(new float[] {1}, 1);
            Scope inner = Scope.inner("inner");
            inner.close();

            assertThatIllegalStateException().isThrownBy(() -> outer.transferTo(inner, a))
                    .withMessageStartingWith("scope 'inner' is closed and cannot own");
            assertThat(outer.live()).as("the tensor stays where it was").isEqualTo(1);
        }
    }

    @Test
    void scopesCloseInReverseOrderOnTheirThread() throws InterruptedException {
        Scope outer = Scope.open(Device.cpu(), "outer");
        Scope inner = Scope.inner("inner");
        assertThatIllegalStateException().isThrownBy(outer::close)
                .withMessage("scope 'outer' closed out of order on thread " + Thread.currentThread().getName()
                        + "; innermost there is 'inner'");
        Thread other = new Thread(() -> assertThatIllegalStateException().isThrownBy(inner::close)
                .withMessageEndingWith("innermost there is none"));
        Throwable[] failure = new Throwable[1];
        other.setUncaughtExceptionHandler((_, e) -> failure[0] = e);
        other.start();
        other.join();
        assertThat(failure[0]).isNull();
        inner.close();
        outer.close();
    }

    @Test
    void aCapRefusesWhatWouldExceedItAndNamesWhoHoldsTheMemory() {
        try (Scope _ = Scope.open(Device.cpu(), "train-step").cap(10_000)) {
            Tensor kept = Tensor.zeros(DType.F32, Shape.of(1000));
            try (Scope _ = Scope.inner("block")) {
                Tensor.zeros(DType.F32, Shape.of(500));
                kept.reshape(10, 100);

                assertThatExceptionOfType(OutOfDeviceMemoryException.class)
                        .isThrownBy(() -> Tensor.zeros(DType.F32, Shape.of(1001)))
                        .withMessage("scope 'train-step': 4004 bytes asked, 6000 bytes live, the cap is 10000 bytes;"
                                + " close or promote less inside it, or raise the cap; held by scopes"
                                + " block (2 tensors, 6000 bytes) < train-step (1 tensors, 0 bytes)");
                Tensor.zeros(DType.F32, Shape.of(1000));
            }
            assertThat(Tensor.zeros(DType.F32, Shape.of(1400)).sum().item()).isZero();
        }
    }

    @Test
    void aCapCountsWhatTheTapeKeepsAndInnerCapsCountOutside() {
        try (Scope _ = Scope.open(Device.cpu(), "outer").cap(9_000); Tape tape = Tape.record()) {
            Tensor x = tape.watch(Tensor.zeros(DType.F32, Shape.of(500)));
            try (Scope _ = Scope.inner("inner").cap(6_000)) {
                x.add(1).mul(x.add(2));
                assertThat(Scope.report()).endsWith("the tape (2 tensors, 0 bytes)");
            }
            assertThat(Scope.report()).isEqualTo("outer (1 tensors, 2000 bytes) < the tape (2 tensors, 4000 bytes)");

            assertThatExceptionOfType(OutOfDeviceMemoryException.class)
                    .isThrownBy(() -> Tensor.zeros(DType.F32, Shape.of(1000)))
                    .withMessageStartingWith("scope 'outer': 4000 bytes asked, 6000 bytes live");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> {
            try (Scope scope = Scope.open(Device.cpu(), "negative")) {
                scope.cap(-1);
            }
        }).withMessage("scope 'negative': cap of -1 bytes is negative");
        assertThat(Scope.report()).isEqualTo("none");
    }

    @Test
    void withoutAScopeNothingIsMade() {
        assertThatIllegalStateException().isThrownBy(() -> Tensor.zeros(DType.F32, Shape.of(1)))
                .withMessageContaining("no scope is open on thread").withMessageContaining("Scope.open(device");
    }

    @Test
    void anExceptionInsideTheBracesFreesEverything() {
        assertThatExceptionOfType(ShapeException.class).isThrownBy(() -> {
            try (Scope _ = Scope.open(Device.cpu(), "outer"); Scope _ = Scope.inner("inner")) {
                Tensor.of(new float[] {1, 2}, 2).matmul(Tensor.of(new float[] {1, 2}, 2));
            }
        });
    }

    @Test
    void aBlockKeepsItsPeakBounded() {
        long kilobytes = 256 * 1024;
        try (Scope _ = Scope.open(Device.cpu(), "outer")) {
            Tensor x = Tensor.zeros(DType.F32, Shape.of(kilobytes / 4));
            backend.resetPeak();
            long before = backend.memory().liveBytes();

            Scope.fold(x, java.util.Collections.nCopies(20, 0.5), (y, factor) -> y.mul(factor).add(1));

            // Its input, one intermediate and the result; without the inner scopes there would be 40.
            assertThat(backend.memory().peakBytes() - before).isLessThanOrEqualTo(3 * kilobytes + 1024);
        }
    }
}
