package org.cosmosj.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tape;
import org.cosmosj.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TextCacheTest {
    private Scope scope;
    private CosmosDiT model;
    private TextCache cache;

    @BeforeEach
    void open() {
        scope = Scope.open(Device.cpu(), "test");
        model = TinyDiT.random(TinyDiT.config(3), DType.F32);
        cache = new TextCache(model);
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private static DiTInput input(long rows, Tensor text) {
        DiTInput some = TinyDiT.input(TinyDiT.CONFIG, DType.F32, rows, 3, 4, 6);
        return new DiTInput(some.latents(), some.timesteps(), text.contiguous(), some.conditionMask(),
                some.paddingMask());
    }

    private static Tensor text(int seed, long rows) {
        return Tensor.randn(Rng.seeded(seed), DType.F32, Shape.of(rows, TinyDiT.TEXT_TOKENS,
                TinyDiT.CONFIG.crossattnEmbChannels()));
    }

    private void assertEqualsNetwork(DiTInput input) {
        assertThat(Arrays.equals(cache.forward(input).toFloatArray(), model.forward(input).toFloatArray())).isTrue();
    }

    @Test
    void computesKeysAndValuesOncePerTextAndChangesNoBit() {
        Tensor first = text(1, 1);
        assertEqualsNetwork(input(1, first));
        assertEqualsNetwork(input(1, first.copy()));
        assertEqualsNetwork(input(4, first.expand(4, first.size(1), first.size(2))));
        assertThat(cache.misses()).isEqualTo(1);

        assertEqualsNetwork(input(1, text(2, 1)));
        assertThat(cache.misses()).isEqualTo(2);
    }

    @Test
    void rowsMayHaveTextsOfTheirOwn() {
        Tensor texts = text(1, 3);
        assertEqualsNetwork(input(3, texts));
        assertEqualsNetwork(input(3, texts));
        assertThat(cache.misses()).isEqualTo(1);

        Tensor oneElementOff = texts.copy();
        oneElementOff.narrow(0, 2, 1).narrow(1, 4, 1).narrow(2, 6, 1).fill(0.5);
        assertEqualsNetwork(input(3, oneElementOff));
        assertThat(cache.misses()).isEqualTo(2);
    }

    @Test
    void keepsTwoTensorsPerBlockAndFreesThem() {
        DiTInput one = input(1, text(1, 1));
        DiTInput other = input(1, text(2, 1));
        long before = Backends.of(Device.cpu()).memory().liveBuffers();

        try (Scope _ = Scope.inner("queries")) {
            cache.forward(one);
            cache.forward(other);
        }
        assertThat(Backends.of(Device.cpu()).memory().liveBuffers()).isEqualTo(before + 6);

        cache.close();
        assertThat(Backends.of(Device.cpu()).memory().liveBuffers()).isEqualTo(before);
        assertEqualsNetwork(one);
    }

    @Test
    void refusesToBeTrained() {
        DiTInput input = input(1, text(1, 1));
        try (Tape _ = Tape.record()) {
            assertThatThrownBy(() -> cache.forward(input)).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("train the network itself");
        }
    }
}
