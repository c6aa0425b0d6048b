package org.cosmosj.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.cosmosj.tensor.spi.Backend;
import org.cosmosj.tensor.spi.ElementwiseKernels.Unary;
import org.cosmosj.tensor.spi.ReductionKernels.Reduce;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TapeTest {
    private final Backend backend = Backends.of(Device.cpu());
    private long liveBefore;
    private Scope scope;

    @BeforeEach
    void open() {
        liveBefore = backend.memory().liveBuffers();
        scope = Scope.open(Device.cpu(), "test");
    }

    @AfterEach
    void close() {
        scope.close();
        assertThat(backend.memory().liveBuffers()).as("live buffers").isEqualTo(liveBefore);
    }

    @Test
    void addsTheContributionsOfAVariableUsedTwice() {
        Tensor x = Tensor.of(new float[] {1, 2, 3}, 3);
        try (Tape tape = Tape.record()) {
            tape.watch(x);
            // x + x: both contributions are the same tensor, dOut itself.
            tape.backward(x.add(x), Tensor.of(new float[] {1, 10, 100}, 3), null);

            assertThat(tape.gradient(x).toFloatArray()).containsExactly(2, 20, 200);
        }
    }

    @Test
    void sharedGradientsAreNotOverwritten() {
        Tensor x = Tensor.of(new float[] {1, 2}, 2);
        Tensor y = Tensor.of(new float[] {5, 7}, 2);
        Tensor seed = Tensor.of(new float[] {1, 10}, 2);
        try (Tape tape = Tape.record()) {
            tape.watch(x);
            tape.watch(y);
            // dX and dY of the sum are one tensor; adding x's second contribution must not change y's.
            Tensor sum = x.add(y);
            tape.backward(sum.add(x.mul(3)).add(x), seed, null);

            assertThat(tape.gradient(x).toFloatArray()).containsExactly(5, 50);
            assertThat(tape.gradient(y).toFloatArray()).containsExactly(1, 10);
            assertThat(seed.toFloatArray()).as("the seed").containsExactly(1, 10);
        }
    }

    @Test
    void partsAddToAGradientThatAnotherValueShares() {
        Tensor x = Tensor.of(new float[] {1, 2}, 2);
        Tensor y = Tensor.of(new float[] {5, 7}, 2);
        Parameter p = new Parameter("p", Tensor.of(new float[] {3, 4}, 2));
        Gradients gradients = Gradients.of(List.of(p));
        try (Tape tape = Tape.record()) {
            tape.watch(x);
            tape.watch(y);
            // dX and dY of the last sum are one tensor when the part of x adds to it.
            Tensor part = x.narrow(0, 1, 1).mul(p.value().narrow(0, 1, 1));
            Tensor loss = part.add(x.add(y).sum());
            tape.backward(loss, Tensor.of(new float[] {1}, 1), gradients);

            assertThat(tape.gradient(x).toFloatArray()).containsExactly(1, 5);
            assertThat(tape.gradient(y).toFloatArray()).containsExactly(1, 1);
            assertThat(gradients.of(p).toFloatArray()).containsExactly(0, 2);
        }
    }

    @Test
    void manyUsesOfOneValueAddUpInFullDepth() {
        Tensor x = Tensor.of(new double[] {1.1}, 1);
        try (Tape tape = Tape.record()) {
            tape.watch(x);
            Tensor power = x;
            for (int i = 0; i < 9; i++) {
                power = power.mul(x);
            }
            tape.backward(power.sum(), null);

            assertThat(tape.gradient(x).item()).isCloseTo(10 * Math.pow(1.1, 9),
                    org.assertj.core.api.Assertions.within(1e-13));
        }
    }

    @Test
    void intermediateValuesCanBeWatched() {
        Tensor x = Tensor.of(new float[] {3}, 1);
        try (Tape tape = Tape.record()) {
            tape.watch(x);
            Tensor square = tape.watch(x.mul(x));
            tape.backward(square.mul(square).sum(), null);

            assertThat(tape.gradient(square).item()).isEqualTo(18);
            assertThat(tape.gradient(x).item()).isEqualTo(108);
        }
    }

    @Test
    void aValueTheLossDoesNotDependOnHasZeroGradient() {
        Tensor x = Tensor.of(new float[] {3, 4}, 2);
        Tensor unused = Tensor.of(new float[] {1, 2, 3}, 3);
        try (Tape tape = Tape.record()) {
            tape.watch(x);
            tape.watch(unused);
            unused.mul(2);
            tape.backward(x.sum(), null);

            assertThat(tape.gradient(unused).toFloatArray()).containsExactly(0, 0, 0);
        }
    }

    @Test
    void detachedValuesAreConstants() {
        Tensor x = Tensor.of(new float[] {3}, 1);
        try (Tape tape = Tape.record()) {
            tape.watch(x);
            assertThat(x.requiresGradient()).isTrue();
            assertThat(x.detach().requiresGradient()).isFalse();
            tape.backward(x.mul(x.detach()).sum(), null);

            assertThat(tape.gradient(x).item()).isEqualTo(3);
        }
        assertThat(x.requiresGradient()).as("no tape records").isFalse();
    }

    @Test
    void aSeedMayBeAView() {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
        Tensor seed = Tensor.of(new float[] {1, 10, 100, 2, 20, 200}, 2, 3).transpose(0, 1);
        try (Tape tape = Tape.record()) {
            tape.watch(x);
            tape.backward(x.map(Unary.SQUARE), seed, null);

            assertThat(tape.gradient(x).toFloatArray()).containsExactly(2, 8, 60, 160, 1000, 2400);
        }
    }

    @Test
    void parametersGetTheirGradientsByAddition() {
        Parameter weight = new Parameter("w", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2));
        Parameter bias = new Parameter("b", Tensor.of(new float[] {1, 1}, 2));
        Gradients gradients = Gradients.of(List.of(weight, bias));
        Tensor x = Tensor.of(new float[] {1, 10}, 1, 2);
        for (int step = 1; step <= 2; step++) {
            try (Tape tape = Tape.record()) {
                Tensor y = Functional.linear(x, weight.value()).add(bias.value());
                tape.backward(y.sum(), gradients);
            }
            assertThat(gradients.of(weight).toFloatArray()).containsExactly(step, 10 * step, step, 10 * step);
            assertThat(gradients.of(bias).toFloatArray()).containsExactly(step, step);
        }
    }

    @Test
    void aTapeIsPlayedOnce() {
        Tensor x = Tensor.of(new float[] {3}, 1);
        Tape tape = Tape.record();
        tape.watch(x);
        Tensor loss = x.mul(x).sum();
        assertThatIllegalStateException().isThrownBy(() -> tape.gradient(x))
                .withMessage("gradient: call backward first");
        tape.backward(loss, null);
        assertThatIllegalStateException().isThrownBy(() -> tape.backward(loss, null))
                .withMessage("backward: the tape was played already; record a new one");
        tape.close();
        tape.close();
        assertThatIllegalStateException().isThrownBy(() -> tape.backward(loss, null))
                .withMessage("backward: the tape was closed; record a new one");
    }

    @Test
    void refusesWhatItCannotDifferentiate() {
        Tensor x = Tensor.of(new float[] {3, 4}, 2);
        Parameter parameter = new Parameter("w", Tensor.of(new float[] {1}, 1));
        try (Tape tape = Tape.record()) {
            assertThatIllegalStateException().isThrownBy(Tape::record)
                    .withMessage("tape: this thread records already; close the first tape before a second");
            assertThatExceptionOfType(ShapeException.class).isThrownBy(() -> tape.backward(x.mul(2), null))
                    .withMessage("backward: loss has shape (2); reduce it to a scalar first");
            assertThatIllegalStateException().isThrownBy(() -> tape.backward(x.sum(), null))
                    .withMessage("backward: the loss depends on no parameter and no watched tensor of this tape");
            assertThatIllegalArgumentException().isThrownBy(() -> tape.gradient(x))
                    .withMessage("gradient: the tensor was not watched by this tape; call watch first");
            assertThatExceptionOfType(ShapeException.class).isThrownBy(() -> tape.watch(Tensor.of(new long[] {1}, 1)))
                    .withMessage("watch: dtype I64 has no gradient; use F32 or F64");
            assertThatIllegalArgumentException().isThrownBy(() -> tape.watch(parameter.value()))
                    .withMessage("watch: the tensor is parameter w (1); read its gradient from the Gradients given to"
                            + " backward");
            tape.watch(x);
            Tensor y = x.mul(2);
            assertThatExceptionOfType(ShapeException.class)
                    .isThrownBy(() -> tape.backward(y, Tensor.of(new float[] {1, 2, 3}, 3), null))
                    .withMessage("backward: seed has shape (3), expected (2)");
            assertThatExceptionOfType(ShapeException.class)
                    .isThrownBy(() -> tape.backward(y, Tensor.of(new double[] {1, 2}, 2), null))
                    .withMessageContaining("dtypes F32 (2) and F64 (2) differ");
        }
    }

    @Test
    void anOpWithoutRuleThrowsOnlyWhereAGradientWouldBeLost() {
        Tensor x = Tensor.of(new float[] {3, 4}, 2);
        x.reduce(Reduce.MAX, 0);
        try (Tape tape = Tape.record()) {
            x.reduce(Reduce.MAX, 0);
            tape.watch(x);
            assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> x.reduce(Reduce.MAX, 0))
                    .withMessage("max: has no backward rule but a tape is recording and an input needs a gradient;"
                            + " call detach() on the input or move the op out of the tape");
            assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> x.to(DType.BF16))
                    .withMessageStartingWith("to(BF16): has no backward rule");
            x.detach().reduce(Reduce.MAX, 0);
        }
    }

    @Test
    void parametersWithoutGradientsAreNamed() {
        Parameter weight = new Parameter("blocks.0.w", Tensor.of(new float[] {1, 2}, 2));
        Parameter stranger = new Parameter("other", Tensor.of(new float[] {1, 2}, 2));
        try (Tape tape = Tape.record()) {
            Tensor loss = weight.value().sum();
            assertThatIllegalStateException().isThrownBy(() -> tape.backward(loss, null))
                    .withMessage("backward: parameter blocks.0.w takes part but no Gradients were given; pass"
                            + " Gradients.of(parameters)");
        }
        Gradients gradients = Gradients.of(List.of(stranger));
        try (Tape tape = Tape.record()) {
            Tensor loss = weight.value().sum();
            assertThatIllegalArgumentException().isThrownBy(() -> tape.backward(loss, gradients))
                    .withMessageContaining("blocks.0.w (2) is not in this set");
        }
    }

    @Test
    void aTensorIsOneParameterOnly() {
        Tensor value = Tensor.of(new float[] {1, 2}, 2);
        Parameter first = new Parameter("a", value);
        assertThat(first.value()).isSameAs(value);
        assertThatIllegalArgumentException().isThrownBy(() -> new Parameter("b", value))
                .withMessage("parameter b: F32 (2) on cpu:0 already is parameter a; give each parameter a tensor of its"
                        + " own");
        assertThatExceptionOfType(ShapeException.class)
                .isThrownBy(() -> new Parameter("c", Tensor.zeros(DType.F32, Shape.of(2, 3)).transpose(0, 1)))
                .withMessageContaining("must be contiguous F32, F64 or BF16");
    }

    @Test
    void gradientsPassThroughFrozenParameters() {
        Parameter frozen = new Parameter("w", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2).to(DType.BF16));
        Tensor x = Tensor.of(new float[] {5, 7}, 1, 2);
        try (Tape tape = Tape.record()) {
            tape.watch(x);
            tape.backward(Functional.linear(x, frozen.value()), Tensor.of(new float[] {1, 10}, 1, 2), null);

            assertThat(tape.gradient(x).toFloatArray()).containsExactly(31, 42);
        }
        assertThatExceptionOfType(ShapeException.class).isThrownBy(() -> Gradients.of(List.of(frozen)))
                .withMessageContaining("gradients of w: dtype BF16");
    }

    @Test
    void valuesOfAnEndedTapeMustBeDetached() {
        Tensor x = Tensor.of(new float[] {3}, 1);
        Tensor old;
        try (Tape tape = Tape.record()) {
            old = tape.watch(x).mul(2);
        }
        assertThat(old.add(1).item()).as("no tape records").isEqualTo(7);
        try (Tape tape = Tape.record()) {
            assertThatIllegalStateException().isThrownBy(() -> old.add(1))
                    .withMessage("add: input F32 (1) on cpu:0 was computed under a tape that has ended; call detach()"
                            + " on it, or compute it under this tape");
            assertThat(x.requiresGradient()).as("watched by the ended tape only").isFalse();
            tape.watch(x);
            tape.backward(x.mul(old.detach()).sum(), null);

            assertThat(tape.gradient(x).item()).isEqualTo(6);
        }
    }

    @Test
    void aTapeBelongsToItsThread() throws ExecutionException, InterruptedException {
        Tensor x = Tensor.of(new float[] {3}, 1);
        try (Tape tape = Tape.record()) {
            Tensor loss = tape.watch(x).mul(x).sum();
            CompletableFuture.runAsync(() -> {
                try (Scope _ = Scope.open(Device.cpu(), "other"); Tape other = Tape.record()) {
                    assertThat(x.requiresGradient()).isFalse();
                    assertThatIllegalStateException().isThrownBy(() -> tape.backward(loss, null))
                            .withMessage("backward: the tape records on another thread; call backward there");
                    other.watch(Tensor.of(new float[] {1}, 1));
                }
            }).get();
            tape.backward(loss, null);

            assertThat(tape.gradient(x).item()).isEqualTo(6);
        }
    }

    @Test
    void savedTensorsLiveUntilTheirRuleRanAndNoLonger() {
        Parameter weight = new Parameter("w", Tensor.zeros(DType.F32, Shape.of(64, 64)));
        Gradients gradients = Gradients.of(List.of(weight));
        long baseline = backend.memory().liveBuffers();
        try (Scope _ = Scope.inner("step"); Tape tape = Tape.record()) {
            Tensor x = Tensor.zeros(DType.F32, Shape.of(8, 64));
            Tensor loss;
            try (Scope block = Scope.inner("block")) {
                Tensor hidden = Functional.gelu(Functional.linear(x, weight.value()));
                loss = block.promote(Functional.linear(hidden, weight.value()).sum());
            }
            // Beyond x and the loss: gelu's input and its result, which the second product saved.
            assertThat(backend.memory().liveBuffers()).isEqualTo(baseline + 4);
            tape.backward(loss, gradients);

            assertThat(backend.memory().liveBuffers()).as("after backward: x and the loss").isEqualTo(baseline + 2);
        }
        assertThat(backend.memory().liveBuffers()).isEqualTo(baseline);
    }

    @Test
    void savesOnlyTheFactorThatIsNeeded() {
        Tensor x = Tensor.of(new float[] {3, 4}, 2);
        Tensor constant = Tensor.of(new float[] {5, 6}, 2);
        try (Tape tape = Tape.record()) {
            Tensor product = tape.watch(x).mul(constant);
            long before = backend.memory().liveBuffers();
            product.close();
            x.close();

            assertThat(backend.memory().liveBuffers()).as("x is not kept by x * constant").isEqualTo(before - 2);
        }
    }

    @Test
    void productsSaveOnlyTheFactorThatIsNeeded() {
        Tensor x = Tensor.zeros(DType.F32, Shape.of(8, 4));
        Tensor frozen = Tensor.full(0.5, DType.F32, Shape.of(4, 4));
        long before = backend.memory().liveBuffers();
        try (Tape tape = Tape.record(); Scope _ = Scope.inner("step")) {
            Tensor watched = tape.watch(Tensor.full(2, DType.F32, x.shape()));
            Tensor loss = Functional.linear(watched, frozen).matmul(frozen).sum();
            watched.close();

            // The linear result, the product, its sum and a scalar view of it.
            assertThat(backend.memory().liveBuffers()).isLessThanOrEqualTo(before + 3);
            tape.backward(loss, null);
            assertThat(tape.gradient(watched).toFloatArray()).containsOnly(4);
        }
        assertThat(backend.memory().liveBuffers()).isEqualTo(before);
    }

    @Test
    void anExceptionInBackwardLeavesNothingBehind() {
        Parameter known = new Parameter("known", Tensor.of(new float[] {1, 2}, 2));
        Parameter unknown = new Parameter("unknown", Tensor.of(new float[] {1, 2}, 2));
        Gradients gradients = Gradients.of(List.of(known));
        long baseline = backend.memory().liveBuffers();
        assertThatIllegalArgumentException().isThrownBy(() -> {
            try (Scope _ = Scope.inner("step"); Tape tape = Tape.record()) {
                Tensor y = Functional.gelu(unknown.value().mul(known.value()));
                tape.backward(y.mul(known.value()).sum(), gradients);
            }
        }).withMessageContaining("unknown").satisfies(e -> assertThat(e.getSuppressed()).isEmpty());

        assertThat(backend.memory().liveBuffers()).isEqualTo(baseline);
        assertThat(known.value().toFloatArray()).containsExactly(1, 2);
    }

    @Test
    void closingAnUnplayedTapeReleasesWhatItSaved() {
        Tensor x = Tensor.of(new float[] {3, 4}, 2);
        long baseline = backend.memory().liveBuffers();
        Tape tape = Tape.record();
        try (Scope _ = Scope.inner("forward")) {
            Functional.gelu(tape.watch(x).mul(2)).sum();
        }
        assertThat(backend.memory().liveBuffers()).isGreaterThan(baseline);
        tape.close();

        assertThat(backend.memory().liveBuffers()).isEqualTo(baseline);
    }
}
