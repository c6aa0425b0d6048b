package org.cosmosj.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecomputationTest {
    private static final int WIDTH = 256;
    private static final int LAYERS = 32;
    private Scope scope;
    private Parameter weight;
    private Gradients gradients;
    private Tensor x;

    @BeforeEach
    void open() {
        scope = Scope.open(Device.cpu(), "test");
        weight = new Parameter("weight", Tensor.randn(Rng.seeded(1), DType.F32, Shape.of(WIDTH, WIDTH)).mul(0.08));
        gradients = Gradients.of(List.of(weight));
        x = Tensor.randn(Rng.seeded(2), DType.F32, Shape.of(64, WIDTH));
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private Tensor block(Tensor... inputs) {
        Tensor hidden = inputs[0];
        for (int i = 0; i < LAYERS; i++) {
            hidden = layer(hidden);
        }
        return hidden.mul(inputs[1]);
    }

    private record Outcome(float[] loss, float[] weight, float[] x, float[] factor, long peak) {}

    private Outcome train(Recomputation.Block block) {
        gradients.zero();
        Backends.of(Device.cpu()).resetPeak();
        long before = Backends.of(Device.cpu()).memory().liveBytes();
        try (Scope _ = Scope.inner("step"); Tape tape = Tape.record()) {
            Tensor input = tape.watch(x.copy());
            Tensor factor = tape.watch(Tensor.full(2, DType.F32, Shape.of(64, WIDTH)));
            Tensor loss = block.apply(Functional.silu(input), factor).mean();
            tape.backward(loss, gradients);
            long peak = Backends.of(Device.cpu()).memory().peakBytes() - before;
            return new Outcome(loss.toFloatArray(), gradients.flat().toFloatArray(),
                    tape.gradient(input).toFloatArray(), tape.gradient(factor).toFloatArray(), peak);
        }
    }

    @Test
    void gradientsAreThoseOfTheBlockBitForBitInLessMemory() {
        int live = scope.live();
        Outcome kept = train(this::block);

        Outcome recomputed = train(inputs -> Recomputation.of(this::block, inputs));
        Outcome nested = train(inputs -> Recomputation.of(this::pairs, inputs));
        Outcome pairs = train(this::pairs);

        for (Outcome outcome : List.of(recomputed, nested, pairs)) {
            assertThat(outcome.loss()).isEqualTo(kept.loss());
            assertThat(outcome.weight()).isEqualTo(kept.weight());
            assertThat(outcome.x()).isEqualTo(kept.x());
            assertThat(outcome.factor()).isEqualTo(kept.factor());
        }
        assertThat(pairs.peak()).isLessThan(kept.peak() * 3 / 4);
        assertThat(scope.live()).isEqualTo(live);
    }

    private Tensor pairs(Tensor... inputs) {
        Tensor hidden = inputs[0];
        for (int i = 0; i < LAYERS; i += 2) {
            hidden = Recomputation.of(pair -> layer(layer(pair[0])), hidden);
        }
        return hidden.mul(inputs[1]);
    }

    private Tensor layer(Tensor hidden) {
        return Functional.gelu(Functional.linear(hidden, weight.value()));
    }

    @Test
    void withoutATapeItIsTheBlock() {
        Tensor factor = Tensor.full(2, DType.F32, Shape.of(64, WIDTH));

        assertThat(Recomputation.of(this::block, x, factor).toFloatArray())
                .isEqualTo(block(x, factor).toFloatArray());
    }

    @Test
    void aDifferentiableTensorThatIsNoInputIsRefused() {
        try (Tape tape = Tape.record()) {
            Tensor hidden = Functional.silu(tape.watch(x));
            Tensor loss = Recomputation.of(inputs -> inputs[0].mul(hidden), hidden.mul(2)).mean();

            assertThatThrownBy(() -> tape.backward(loss, gradients)).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("computed under a tape that has ended");
        }
    }
}
