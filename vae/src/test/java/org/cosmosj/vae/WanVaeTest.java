package org.cosmosj.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cosmosj.nn.Rounding;
import org.cosmosj.nn.Weights;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Gradients;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.ShapeException;
import org.cosmosj.tensor.Tape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.TensorSource;
import org.junit.jupiter.api.Test;

class WanVaeTest {
    /** Halves space twice and time once. */
    private static final WanVaeConfig MICRO = new WanVaeConfig(2, 3, List.of(1, 2, 2), 1, List.of(false, true), 2);

    private static WanVae micro(DType dtype, WanVaeConfig config) {
        return new WanVae(Weights.random(Rng.seeded(7), dtype), config,
                new LatentStatistics(List.of(0.1f, -0.2f, 0.3f), List.of(0.5f, 2f, 1.5f)));
    }

    @Test
    void hasTheParametersOfTheReleasedTokenizer() {
        // The count is quadratic in the base width: three small networks give the count at width 96.
        long at4 = parameterCount(4);
        long at8 = parameterCount(8);
        long at12 = parameterCount(12);

        long second = at12 - 2 * at8 + at4;
        long steps = (WanVaeConfig.WAN_2_1.dim() - 4) / 4;
        long count = at4 + steps * (at8 - at4) + steps * (steps - 1) / 2 * second;

        assertThat(count).isEqualTo(126_892_531L);
    }

    private static long parameterCount(int dim) {
        try (Scope scope = Scope.open(Device.cpu(), "test")) {
            Weights weights = Weights.random(Rng.seeded(1), DType.F32);
            WanVaeConfig released = WanVaeConfig.WAN_2_1;
            new WanVae(weights, new WanVaeConfig(dim, released.zDim(), released.dimMult(), released.numResBlocks(),
                    released.temporalDownsample(), released.temporalWindow()),
                    LatentStatistics.wan(16, Rounding.FLOAT32));
            assertThat(weights.parameters()).hasSize(194);
            assertThat(scope.live()).isGreaterThanOrEqualTo(194);
            return weights.parameters().stream().mapToLong(p -> p.value().shape().numel()).sum();
        }
    }

    @Test
    void encodesAPrefixOfAVideoToThePrefixOfItsLatents() {
        try (Scope scope = Scope.open(Device.cpu(), "test")) {
            WanVae vae = micro(DType.F32, MICRO);
            Tensor video = Tensor.randn(Rng.seeded(3), DType.F32, Shape.of(2, 3, 9, 8, 12));

            float[] whole = vae.encode(video).narrow(2, 0, 3).toFloatArray();
            float[] prefix = vae.encode(video.narrow(2, 0, 5)).toFloatArray();

            assertThat(prefix).isEqualTo(whole);
            assertThat(scope.live()).isPositive();
        }
    }

    /** Widths that the vector kernels cut into several blocks and a rest. */
    private static final WanVaeConfig WIDE = new WanVaeConfig(20, 3, List.of(1, 2, 4), 1, List.of(true, true), 16);

    @Test
    void goesOnFromAnEncodedStartBitForBit() {
        try (Scope scope = Scope.open(Device.cpu(), "test")) {
            WanVae vae = micro(DType.F32, WIDE);
            Tensor video = Tensor.randn(Rng.seeded(3), DType.F32, Shape.of(2, 3, 33, 16, 20));
            float[] whole = vae.encode(video).toFloatArray();

            EncodedPrefix start = vae.encodePrefix(video.narrow(2, 0, 5));
            float[] continued = vae.encode(start, video.narrow(2, 5, 28)).toFloatArray();
            float[] again = vae.encode(start, video.narrow(2, 5, 28)).toFloatArray();
            float[] shorter = vae.encode(start, video.narrow(2, 5, 8)).toFloatArray();

            assertThat(Arrays.equals(continued, whole)).isTrue();
            assertThat(Arrays.equals(again, whole)).isTrue();
            assertThat(Arrays.equals(shorter, vae.encode(video).narrow(2, 0, 4).toFloatArray())).isTrue();
            assertThat(scope.live()).isPositive();
        }
    }

    @Test
    void anEncodedStartFreesWhatItRemembers() {
        try (Scope scope = Scope.open(Device.cpu(), "test")) {
            WanVae vae = micro(DType.F32, MICRO);
            Tensor video = Tensor.randn(Rng.seeded(3), DType.F32, Shape.of(1, 3, 5, 8, 8));
            long before = Backends.of(Device.cpu()).memory().liveBuffers();

            try (EncodedPrefix start = vae.encodePrefix(video.narrow(2, 0, 1))) {
                long remembered = Backends.of(Device.cpu()).memory().liveBuffers();
                vae.encode(start, video.narrow(2, 1, 4)).close();
                assertThat(Backends.of(Device.cpu()).memory().liveBuffers()).isEqualTo(remembered);
            }

            assertThat(Backends.of(Device.cpu()).memory().liveBuffers()).isEqualTo(before);
            assertThat(scope.live()).isPositive();
        }
    }

    @Test
    void refusesAContinuationOfAnotherVideo() {
        try (Scope scope = Scope.open(Device.cpu(), "test")) {
            WanVae vae = micro(DType.F32, MICRO);
            EncodedPrefix start = vae.encodePrefix(Tensor.zeros(DType.F32, Shape.of(1, 3, 3, 8, 8)));

            for (Shape other : List.of(Shape.of(1, 3, 3, 8, 8), Shape.of(1, 3, 0, 8, 8), Shape.of(1, 3, 2, 8, 12),
                    Shape.of(2, 3, 2, 8, 8))) {
                assertThatThrownBy(() -> vae.encode(start, Tensor.zeros(DType.F32, other)))
                        .isInstanceOf(ShapeException.class).hasMessageContaining(other.toString())
                        .hasMessageContaining("after a start of (1, 3, 3, 8, 8)");
            }
            assertThat(scope.live()).isPositive();
        }
    }

    @Test
    void doesNotDependOnTheTemporalWindow() {
        WanVaeConfig wide = new WanVaeConfig(2, 3, MICRO.dimMult(), 1, MICRO.temporalDownsample(), 6);
        try (Scope scope = Scope.open(Device.cpu(), "test")) {
            Tensor video = Tensor.randn(Rng.seeded(3), DType.F64, Shape.of(1, 3, 9, 4, 4));

            double[] narrow = micro(DType.F64, MICRO).encode(video).toDoubleArray();
            double[] broad = micro(DType.F64, wide).encode(video).toDoubleArray();

            assertThat(broad).containsExactly(narrow, within(1e-12));
            assertThat(scope.live()).isPositive();
        }
    }

    @Test
    void aSmallWindowChangesNoBitAndTakesLessMemory() {
        try (Scope scope = Scope.open(Device.cpu(), "test")) {
            Tensor video = Tensor.randn(Rng.seeded(3), DType.F32, Shape.of(1, 3, 33, 16, 20));
            WanVae broad = micro(DType.F32, WIDE);
            WanVae narrow = micro(DType.F32, WIDE.withTemporalWindow(4));

            float[] expected = broad.encode(video).toFloatArray();
            long broadPeak = encodingPeak(broad, video);

            assertThat(Arrays.equals(narrow.encode(video).toFloatArray(), expected)).isTrue();
            assertThat(encodingPeak(narrow, video)).isLessThan(broadPeak / 2);
            assertThat(scope.live()).isPositive();
        }
    }

    private static long encodingPeak(WanVae vae, Tensor video) {
        Backends.of(Device.cpu()).resetPeak();
        long before = Backends.of(Device.cpu()).memory().liveBytes();
        vae.encode(video).close();
        return Backends.of(Device.cpu()).memory().peakBytes() - before;
    }

    @Test
    void decodesOneFrameAndThenTemporalFactorFramesPerLatent() {
        try (Scope scope = Scope.open(Device.cpu(), "test")) {
            WanVae vae = micro(DType.F32, MICRO);
            Tensor latents = Tensor.randn(Rng.seeded(3), DType.F32, Shape.of(2, 3, 3, 2, 3));

            Tensor video = vae.decode(latents);
            float[] firstOnly = vae.decode(latents.narrow(2, 0, 1)).toFloatArray();

            assertThat(video.shape()).isEqualTo(Shape.of(2, 3, 5, 8, 12));
            assertThat(video.narrow(2, 0, 1).toFloatArray()).isEqualTo(firstOnly);
            assertThat(scope.live()).isPositive();
        }
    }

    @Test
    void keepsNothingAliveButItsResult() {
        try (Scope scope = Scope.open(Device.cpu(), "test")) {
            WanVae vae = micro(DType.F32, MICRO);
            Tensor video = Tensor.randn(Rng.seeded(3), DType.F32, Shape.of(1, 3, 5, 8, 8));
            long before = Backends.of(Device.cpu()).memory().liveBuffers();
            int owned = scope.live();

            vae.decode(vae.encode(video));

            assertThat(scope.live() - owned).isEqualTo(2);
            assertThat(Backends.of(Device.cpu()).memory().liveBuffers() - before).isEqualTo(2);
        }
    }

    @Test
    void gradientsOfReconstructionMatchFiniteDifferences() {
        try (Scope scope = Scope.open(Device.cpu(), "test")) {
            Weights weights = Weights.random(Rng.seeded(7), DType.F64);
            WanVae vae = new WanVae(weights, MICRO, LatentStatistics.identity(3));
            Tensor video = Tensor.randn(Rng.seeded(3), DType.F64, Shape.of(1, 3, 5, 4, 4));
            List<Parameter> parameters = weights.parameters();
            Gradients gradients = Gradients.of(parameters);
            try (Tape tape = Tape.record()) {
                tape.backward(reconstructionError(vae, video), gradients);
            }

            List<String> wrong = new ArrayList<>();
            for (Parameter parameter : parameters) {
                double analytic = gradients.of(parameter).reshape(-1).narrow(0, 0, 1).item();
                double numeric = (shifted(vae, video, parameter, 1e-5) - shifted(vae, video, parameter, -1e-5)) / 2e-5;
                if (!(Math.abs(analytic - numeric) <= 1e-6 * Math.max(1, Math.abs(numeric)))) {
                    wrong.add(parameter.name() + ": " + analytic + " instead of " + numeric);
                }
            }
            assertThat(wrong).isEmpty();
            assertThat(scope.live()).isPositive();
        }
    }

    private static double shifted(WanVae vae, Tensor video, Parameter parameter, double step) {
        try (Scope scope = Scope.inner("shifted")) {
            Tensor first = parameter.value().detach().reshape(-1).narrow(0, 0, 1);
            Tensor original = first.copy();
            first.copyFrom(original.add(step));
            double error = scope.promote(reconstructionError(vae, video)).item();
            first.copyFrom(original);
            return error;
        }
    }

    private static Tensor reconstructionError(WanVae vae, Tensor video) {
        Tensor decoded = vae.decode(vae.encode(video));
        Tensor weight = Tensor.full(1, DType.F64, Shape.of(video.size(0), video.size(2)));
        return Functional.weightedSquaredError(decoded, video, weight, 1);
    }

    @Test
    void refusesVideosItCannotHalve() {
        try (Scope scope = Scope.open(Device.cpu(), "test")) {
            WanVae vae = micro(DType.F32, MICRO);
            Tensor odd = Tensor.zeros(DType.F32, Shape.of(1, 3, 4, 8, 8));

            assertThatThrownBy(() -> vae.encode(odd)).isInstanceOf(ShapeException.class)
                    .hasMessageContaining("(1, 3, 4, 8, 8)").hasMessageContaining("(B, 3, 1 + 2 n, 4 H, 4 W)");
            assertThat(scope.live()).isPositive();
        }
    }

    @Test
    void roundsTheConstantsAsTheReleasedWeightsWereTrainedWith() {
        LatentStatistics rounded = LatentStatistics.wan(16, Rounding.BFLOAT16);

        assertThat(rounded.mean().get(0)).isEqualTo(-0.7578125f);
        assertThat(rounded.invStd()).startsWith(0.35546875f, 0.6875f, 0.4296875f).endsWith(0.890625f, 0.353515625f,
                0.5234375f);
    }

    @Test
    void refusesTensorsThatTheReferencesStrictLoaderRefuses() {
        try (Scope _ = Scope.open(Device.cpu(), "test")) {
            Weights fresh = Weights.random(Rng.seeded(7), DType.F32);
            new WanVae(fresh, MICRO, LatentStatistics.identity(3));
            Map<String, Tensor> tensors = new HashMap<>();
            fresh.parameters().forEach(parameter -> tensors.put(parameter.name(), parameter.value()));

            new WanVae(Weights.of(new Source(tensors), DType.F32), MICRO, LatentStatistics.identity(3));
            tensors.put("encoder.conv1.scale", Tensor.of(new float[] {1}, 1));

            assertThatThrownBy(
                    () -> new WanVae(Weights.of(new Source(tensors), DType.F32), MICRO, LatentStatistics.identity(3)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("WanVae: a map holds 1 tensors that a tokenizer of width 2 has not, such as"
                            + " encoder.conv1.scale; check the configuration");
        }
    }

    private record Source(Map<String, Tensor> tensors) implements TensorSource {
        @Override
        public Set<String> keys() {
            return tensors.keySet();
        }

        @Override
        public boolean contains(String key) {
            return tensors.containsKey(key);
        }

        @Override
        public Tensor tensor(String key) {
            return tensors.get(key);
        }

        @Override
        public String describe() {
            return "a map";
        }
    }
}
