package org.cosmosj.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.ShapeException;
import org.cosmosj.tensor.Tape;
import org.cosmosj.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LatentInjectionTest {
    private static final Shape LATENTS = Shape.of(2, 3, 4, 2, 3);

    private Scope scope;
    private Tensor latents;

    @BeforeEach
    void makeLatents() {
        scope = Scope.open(Device.cpu(), "test");
        latents = Tensor.randn(Rng.seeded(1), DType.F32, LATENTS);
    }

    @AfterEach
    void closeScope() {
        scope.close();
    }

    @Test
    void tilesRowMajorAndCutsTheLastCopy() {
        Tensor values = Tensor.of(new float[] {0, 1, 2, 3, 4, 10, 11, 12, 13, 14}, 2, 5);
        float[] before = latents.copy().toFloatArray();

        LatentInjection.write(latents, 2, values);

        float[] frame = latents.select(2, 2).toFloatArray();
        for (int i = 0; i < 18; i++) {
            assertThat(frame[i]).isEqualTo(i % 5);
            assertThat(frame[18 + i]).isEqualTo(10 + i % 5);
        }
        for (int t : new int[] {0, 1, 3}) {
            assertThat(latents.select(2, t).toFloatArray())
                    .isEqualTo(Tensor.of(before, LATENTS.toArray()).select(2, t).toFloatArray());
        }
    }

    @Test
    void readsTheMeanOfTheFullCopies() {
        Tensor noisy = latents.copy();
        float[] frame = noisy.select(2, 1).toFloatArray();

        float[] read = LatentInjection.read(noisy, 1, 5).toFloatArray();

        for (int i = 0; i < 5; i++) {
            assertThat(read[i]).isCloseTo((frame[i] + frame[5 + i] + frame[10 + i]) / 3, within(1e-6f));
        }
        assertThat(LatentInjection.read(noisy, -1, 2, 3).shape()).isEqualTo(Shape.of(2, 2, 3));
    }

    @Test
    void readsBackWhatItWrote() {
        Tensor chunk = Tensor.randn(Rng.seeded(2), DType.F32, Shape.of(2, 2, 2));

        LatentInjection.write(latents, 3, chunk);

        float[] expected = chunk.toFloatArray();
        float[] actual = LatentInjection.read(latents, 3, 2, 2).toFloatArray();
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], within(3e-7f));
        }
    }

    @Test
    void valueFillsTheFrame() {
        LatentInjection.write(latents, -1, Tensor.of(new float[] {0.5f, -0.25f}, 2));

        assertThat(latents.select(0, 1).select(1, 3).toFloatArray()).containsOnly(-0.25f);
        assertThat(LatentInjection.readScalar(latents, -1).toFloatArray()).containsExactly(0.5f, -0.25f);
    }

    @Test
    void unitValueIsLimitedAndKeepsNaN() {
        assertThat(LatentInjection.unitValue(0)).isEqualTo(0.5);
        assertThat(LatentInjection.unitValue(-3)).isZero();
        assertThat(LatentInjection.unitValue(1.5)).isOne();
        assertThat(LatentInjection.unitValue(Double.NaN)).isNaN();
    }

    @Test
    void restoresFramesFromOneOriginal() {
        Tensor original = Tensor.randn(Rng.seeded(3), DType.F32, LATENTS.with(0, 1));

        LatentInjection.restore(latents, new int[] {0, 3}, original);

        for (int t : new int[] {0, 3}) {
            assertThat(latents.select(0, 1).select(1, t).toFloatArray())
                    .isEqualTo(original.select(0, 0).select(1, t).toFloatArray());
        }
    }

    @Test
    void rejectsWhatDoesNotFit() {
        assertThatThrownBy(() -> LatentInjection.write(latents, 1, Tensor.zeros(DType.F32, Shape.of(2, 19))))
                .isInstanceOf(ShapeException.class).hasMessageContaining("expected 2 rows of 1 to 18 numbers");
        assertThatThrownBy(() -> LatentInjection.read(latents, 1, 19)).hasMessageContaining("a vector of 19 numbers");
        try (Tape tape = Tape.record()) {
            Tensor watched = tape.watch(latents.copy());
            assertThatThrownBy(() -> LatentInjection.write(watched, 1, Tensor.zeros(DType.F32, Shape.of(2, 3))))
                    .hasMessageContaining("detach or copy");
        }
    }
}
