package org.cosmosj.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Gradients;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.Backend;
import org.junit.jupiter.api.Test;

class CosmosDiTMemoryTest {
    private static final long BATCH = 4;
    private static final long FRAMES = 5;
    private static final long SIDE = 12;
    /** One activation of all tokens. */
    private static final long TOKENS_BYTES = BATCH * FRAMES * (SIDE / 2) * (SIDE / 2) * 24 * DType.F32.byteSize();
    /** 3 norms, 12 attention tensors, 4 of the MLP at 1.5 widths, residuals; measured 26. */
    private static final long SAVED_PER_BLOCK = 32;

    private final Backend cpu = Backends.of(Device.cpu());

    @Test
    void inferenceNeedsNoMoreMemoryForMoreBlocks() {
        assertThat(inferencePeak(6)).isEqualTo(inferencePeak(2));
    }

    @Test
    void trainingKeepsABoundedAmountPerBlock() {
        long perBlock = (trainingPeak(6) - trainingPeak(2)) / 4;

        assertThat(perBlock).isPositive().isLessThan(SAVED_PER_BLOCK * TOKENS_BYTES);
    }

    @Test
    void aStepLeavesNothingBehind() {
        try (Scope scope = Scope.open(Device.cpu(), "test")) {
            CosmosDiT model = TinyDiT.random(TinyDiT.config(2), DType.F32);
            Gradients gradients = Gradients.of(model.parameters());
            DiTInput input = input();
            int owned = scope.live();
            long buffers = cpu.memory().liveBuffers();

            for (int step = 0; step < 3; step++) {
                train(model, input, gradients);

                assertThat(scope.live()).isEqualTo(owned);
                assertThat(cpu.memory().liveBuffers()).isEqualTo(buffers);
            }
        }
    }

    private long inferencePeak(int blocks) {
        try (Scope _ = Scope.open(Device.cpu(), "test")) {
            CosmosDiT model = TinyDiT.random(TinyDiT.config(blocks), DType.F32);
            DiTInput input = input();
            cpu.resetPeak();
            long before = cpu.memory().liveBytes();
            try (Scope _ = Scope.inner("forward")) {
                model.forward(input);
            }
            return cpu.memory().peakBytes() - before;
        }
    }

    private long trainingPeak(int blocks) {
        try (Scope _ = Scope.open(Device.cpu(), "test")) {
            CosmosDiT model = TinyDiT.random(TinyDiT.config(blocks), DType.F32);
            Gradients gradients = Gradients.of(model.parameters());
            DiTInput input = input();
            cpu.resetPeak();
            long before = cpu.memory().liveBytes();
            train(model, input, gradients);
            return cpu.memory().peakBytes() - before;
        }
    }

    private static void train(CosmosDiT model, DiTInput input, Gradients gradients) {
        try (Scope _ = Scope.inner("step"); Tape tape = Tape.record()) {
            Tensor out = model.forward(input);
            tape.backward(out.mul(out).sum(), gradients);
        }
    }

    private static DiTInput input() {
        return TinyDiT.input(TinyDiT.CONFIG, DType.F32, BATCH, FRAMES, SIDE, SIDE);
    }
}
