package org.cosmosj.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.cosmosj.nn.Rounding;
import org.cosmosj.nn.Weights;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Gradients;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Safetensors;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.ElementwiseKernels.Unary;
import org.cosmosj.testing.FiniteDifferences;
import org.cosmosj.testing.SeededArrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CosmosDiTTest {
    private static final double FINITE_DIFFERENCE_LIMIT = 1e-7;

    private Scope scope;

    @BeforeEach
    void open() {
        scope = Scope.open(Device.cpu(), "test");
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void sharedRowsOfEqualTimestepsChangeNoBit() {
        try (Scope _ = Scope.open(Device.cpu(), "test")) {
            CosmosDiT model = TinyDiT.random(TinyDiT.config(2), DType.F32);
            DiTInput input = TinyDiT.input(TinyDiT.CONFIG, DType.F32, 2, 5, 4, 6);
            Tensor twoTimes = Tensor.of(new float[] {0, 0, 0.75f, 0.75f, 0, 0, 0, 0.5f, 0.75f, 0.5f}, 2, 5);
            DiTInput query = new DiTInput(input.latents(), twoTimes, input.text(), input.conditionMask(),
                    input.paddingMask());

            float[] shared = model.forward(query).toFloatArray();

            assertThat(model.conditioning(query).base().shape()).isEqualTo(Shape.of(3, 72));
            try (Tape _ = Tape.record()) {
                assertThat(model.conditioning(query).base().shape()).isEqualTo(Shape.of(2, 5, 72));
                assertThat(shared).isEqualTo(model.forward(query).toFloatArray());
            }
        }
    }

    @Test
    void roundsTimestepsBeforeItScalesThem() {
        CosmosDiTConfig plain = TinyDiT.CONFIG;
        CosmosDiTConfig rounding = new CosmosDiTConfig(plain.inChannels(), plain.outChannels(), plain.maxImgH(),
                plain.maxImgW(), plain.maxFrames(), plain.patchSpatial(), plain.modelChannels(), plain.numBlocks(),
                plain.numHeads(), plain.mlpRatio(), plain.crossattnEmbChannels(), plain.adalnLoraDim(),
                plain.ropeHExtrapolationRatio(), plain.ropeWExtrapolationRatio(), plain.ropeTExtrapolationRatio(),
                plain.ropeExponents(), 3, Rounding.BFLOAT16, plain.precision());
        DiTInput input = TinyDiT.input(plain, DType.F32, 1, 2, 4, 4);
        Tensor exact = Tensor.of(new float[] {0.8f, 80 / 81f}, 1, 2); // 0.80078125 and 0.98828125 in bfloat16
        Tensor scaled = Tensor.of(new float[] {3 * 0.80078125f, 3 * 0.98828125f}, 1, 2);

        Tensor sinusoid = TinyDiT.random(rounding, DType.F32).sinusoid(at(input, exact));

        assertThat(sinusoid.toFloatArray())
                .isEqualTo(TinyDiT.random(plain, DType.F32).sinusoid(at(input, scaled)).toFloatArray());
    }

    private static DiTInput at(DiTInput input, Tensor timesteps) {
        return new DiTInput(input.latents(), timesteps, input.text(), input.conditionMask(), input.paddingMask());
    }

    @Test
    void gradientsMatchFiniteDifferences() {
        CosmosDiT model = TinyDiT.random(TinyDiT.CONFIG, DType.F64);
        DiTInput input = TinyDiT.input(TinyDiT.CONFIG, DType.F64, 2, 3, 4, 6);
        Gradients gradients = Gradients.of(model.parameters());
        try (Tape tape = Tape.record()) {
            tape.watch(input.latents());
            tape.watch(input.text());
            tape.backward(loss(model, input), gradients);

            assertAlong("latents", input.latents(), tape.gradient(input.latents()), () -> loss(model, input));
            assertAlong("text", input.text(), tape.gradient(input.text()), () -> loss(model, input));
        }

        for (Parameter p : model.parameters()) {
            assertAlong(p.name(), p.value(), gradients.of(p), () -> loss(model, input));
        }
    }

    private static void assertAlong(String name, Tensor changed, Tensor gradient, Supplier<Tensor> loss) {
        double[] value = changed.toDoubleArray();
        double[] direction = SeededArrays.normal(3, value.length);
        double numeric = FiniteDifferences.along(at -> evaluate(changed, at, loss), value, direction);
        evaluate(changed, value, loss);
        double[] dValue = gradient.toDoubleArray();
        double analytic = 0;
        for (int i = 0; i < dValue.length; i++) {
            analytic += dValue[i] * direction[i];
        }

        assertThat(numeric).as(name).isNotZero()
                .isCloseTo(analytic, within(FINITE_DIFFERENCE_LIMIT * Math.max(1, Math.abs(analytic))));
    }

    private static double evaluate(Tensor changed, double[] at, Supplier<Tensor> loss) {
        try (Scope _ = Scope.inner("difference")) {
            changed.copyFrom(Tensor.of(at, changed.shape().toArray()));
            return loss.get().item();
        }
    }

    /** A scalar to which every element contributes differently. */
    private static Tensor loss(CosmosDiT model, DiTInput input) {
        Tensor out = model.forward(input);
        return out.mul(Tensor.randn(Rng.seeded(5), out.dtype(), out.shape())).sum();
    }

    @Test
    void recomputingBlocksChangesMemoryOnly() {
        CosmosDiT model = TinyDiT.random(TinyDiT.CONFIG, DType.F64);
        DiTInput input = TinyDiT.input(TinyDiT.CONFIG, DType.F64, 2, 3, 4, 6);
        Gradients kept = Gradients.of(model.parameters());
        Gradients recomputed = Gradients.of(model.parameters());
        try (Tape tape = Tape.record()) {
            tape.watch(input.text());
            tape.backward(model.forward(input).map(Unary.SQUARE).mean(), kept);
            double[] text = tape.gradient(input.text()).toDoubleArray();
            double[] forward = model.forward(input).toDoubleArray();

            try (Tape again = Tape.record()) {
                again.watch(input.text());
                Tensor out = model.forwardRecomputing(input);
                again.backward(out.map(Unary.SQUARE).mean(), recomputed);
                assertThat(out.toDoubleArray()).isEqualTo(forward);
                assertThat(again.gradient(input.text()).toDoubleArray()).containsExactly(text, within(1e-12));
            }
        }
        assertThat(recomputed.flat().toDoubleArray()).containsExactly(kept.flat().toDoubleArray(), within(1e-12));
    }

    @Test
    void keepsAFreshGateOpen() {
        CosmosDiT fresh = new CosmosDiT(TinyDiT.CONFIG, Weights.random(Rng.seeded(1), DType.F64));
        Map<String, Parameter> byName = new HashMap<>();
        fresh.parameters().forEach(p -> byName.put(p.name(), p));

        assertThat(byName.get("blocks.0.adaln_modulation_mlp.2.weight").value().toDoubleArray()).containsOnly(0);
        assertThat(byName.get("final_layer.adaln_modulation.2.weight").value().toDoubleArray()).containsOnly(0);
        assertThat(byName.get("t_embedding_norm.weight").value().toDoubleArray()).containsOnly(1);
        double[] projection = byName.get("t_embedder.1.linear_2.weight").value().toDoubleArray();
        double squares = 0;
        for (double w : projection) {
            assertThat(Math.abs(w)).isLessThanOrEqualTo(3 / Math.sqrt(24));
            squares += w * w;
        }
        assertThat(Math.sqrt(squares / projection.length * 24)).isCloseTo(0.987, within(0.05)); // cut at 3 deviations
    }

    @Test
    void samplesOfABatchDoNotTouchEachOther() {
        CosmosDiT model = TinyDiT.random(TinyDiT.CONFIG, DType.F32);
        DiTInput both = TinyDiT.input(TinyDiT.CONFIG, DType.F32, 2, 3, 4, 6);

        float[] together = model.forward(both).toFloatArray();
        float[] second = model.forward(sample(both, 1)).toFloatArray();

        assertThat(second).containsExactly(Arrays.copyOfRange(together, second.length, 2 * second.length));
    }

    private static DiTInput sample(DiTInput batch, long index) {
        return new DiTInput(batch.latents().narrow(0, index, 1), batch.timesteps().narrow(0, index, 1),
                batch.text().narrow(0, index, 1), batch.conditionMask().narrow(0, index, 1),
                batch.paddingMask().narrow(0, index, 1));
    }

    @Test
    void oneTimestepStandsForAllFrames() {
        CosmosDiT model = TinyDiT.random(TinyDiT.CONFIG, DType.F32);
        DiTInput input = TinyDiT.input(TinyDiT.CONFIG, DType.F32, 2, 3, 4, 6);
        Tensor one = input.timesteps().narrow(1, 1, 1);
        Tensor all = one.expand(2, 3).contiguous();

        assertThat(model.forward(with(input, one)).toFloatArray())
                .containsExactly(model.forward(with(input, all)).toFloatArray());
    }

    private static DiTInput with(DiTInput input, Tensor timesteps) {
        return new DiTInput(input.latents(), timesteps, input.text(), input.conditionMask(), input.paddingMask());
    }

    @Test
    void takesTheNearestElementOfAPaddingMaskOfAnotherSize() {
        DiTInput input = TinyDiT.input(TinyDiT.CONFIG, DType.F32, 1, 2, 4, 6);
        Tensor mask = Tensor.of(new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 1, 1, 2, 5);
        DiTInput padded = new DiTInput(input.latents(), input.timesteps(), input.text(), input.conditionMask(), mask);

        Tensor channel = padded.channels().narrow(1, 4, 1).select(2, 1);

        assertThat(channel.toFloatArray()).containsExactly(0, 0, 1, 2, 3, 4, 0, 0, 1, 2, 3, 4, 5, 5, 6, 7, 8, 9, 5, 5,
                6, 7, 8, 9);
    }

    @Test
    void refusesInputsThatDoNotFit() {
        CosmosDiT model = TinyDiT.random(TinyDiT.CONFIG, DType.F32);
        DiTInput input = TinyDiT.input(TinyDiT.CONFIG, DType.F32, 2, 3, 4, 6);

        assertThatThrownBy(() -> with(input, Tensor.zeros(DType.F32, Shape.of(2, 2))))
                .hasMessage("DiT: timesteps (2, 2), expected (B, T) or (B, 1) for latents (2, 3, 3, 4, 6)");
        assertThatThrownBy(() -> model.forward(TinyDiT.input(TinyDiT.CONFIG, DType.F32, 1, 3, 4, 5)))
                .hasMessage("DiT: latents (1, 5, 3, 4, 5) do not divide into patches of 2 x 2");
        assertThatThrownBy(() -> model.forward(TinyDiT.input(TinyDiT.CONFIG, DType.F32, 1, 9, 4, 4)))
                .hasMessage("DiT: latents (1, 3, 9, 4, 4) exceed T <= 8, H <= 16, W <= 16");
    }

    @Test
    void computesTheSameWithMatricesLeftInTheFile(@TempDir Path folder) throws CheckpointException {
        Path file = folder.resolve("model.safetensors");
        DiTInput input = TinyDiT.input(TinyDiT.CONFIG, DType.F32, 1, 3, 4, 6);
        Map<String, Tensor> tensors = new HashMap<>();
        TinyDiT.random(TinyDiT.CONFIG, DType.F32).parameters()
                .forEach(p -> tensors.put(p.name(), p.value().to(DType.BF16)));
        Safetensors.write(file, tensors, Map.of());

        try (Safetensors saved = Safetensors.open(file)) {
            CosmosDiT widened = CosmosDiT.load(TinyDiT.CONFIG, saved, DType.F32);
            CosmosDiT inPlace = CosmosDiT.loadInPlace(TinyDiT.CONFIG, saved);

            assertThat(inPlace.forward(input).toFloatArray()).containsExactly(widened.forward(input).toFloatArray());
            inPlace.parameters().forEach(p -> assertThat(p.value().dtype()).as(p.name())
                    .isEqualTo(p.value().shape().rank() == 2 ? DType.BF16 : DType.F32));
        }
    }

    @Test
    void roundsWhatItComputesWhereItsPrecisionSaysSo(@TempDir Path folder) throws CheckpointException {
        CosmosDiTConfig rounding = TinyDiT.CONFIG.with(Numerics.BF16);
        DiTInput input = TinyDiT.input(TinyDiT.CONFIG, DType.F32, 1, 3, 4, 6);
        Map<String, Tensor> tensors = new HashMap<>();
        TinyDiT.random(TinyDiT.CONFIG, DType.F32).parameters()
                .forEach(p -> tensors.put(p.name(), p.value().to(DType.BF16)));
        Path file = folder.resolve("model.safetensors");
        Safetensors.write(file, tensors, Map.of());

        try (Safetensors saved = Safetensors.open(file)) {
            CosmosDiT model = CosmosDiT.load(rounding, saved, DType.BF16);
            Tensor out = model.forward(input);
            Tensor exact = CosmosDiT.load(TinyDiT.CONFIG.with(Numerics.RELEASED), saved, DType.F32).forward(input);

            assertThat(out.dtype()).isEqualTo(DType.F32);
            assertThat(out.toFloatArray()).isEqualTo(out.to(DType.BF16).toFloatArray())
                    .isEqualTo(CosmosDiT.loadInPlace(rounding, saved).forward(input).toFloatArray())
                    .isEqualTo(new TextCache(model).forward(input).toFloatArray());
            double error = Math.sqrt(out.sub(exact).map(Unary.SQUARE).mean().item() / exact.map(Unary.SQUARE).mean()
                    .item());
            assertThat(error).as("of rounding").isBetween(1e-3, 3e-2);
            assertThatThrownBy(() -> CosmosDiT.load(rounding, saved, DType.F32))
                    .hasMessage("DiT: precision BFLOAT16 does not go with parameters of F32; use BF16");
            assertThatThrownBy(() -> CosmosDiT.load(TinyDiT.CONFIG, saved, DType.BF16))
                    .hasMessage("DiT: precision FLOAT32 does not go with parameters of BF16; use F32");
        }
    }

    @Test
    void loadsWhatItSavedAndNothingElse(@TempDir Path folder) throws CheckpointException {
        Path file = folder.resolve("model.safetensors");
        CosmosDiT model = TinyDiT.random(TinyDiT.config(2), DType.F32);
        DiTInput input = TinyDiT.input(TinyDiT.CONFIG, DType.F32, 1, 3, 4, 6);
        Map<String, Tensor> tensors = new HashMap<>();
        model.parameters().forEach(p -> tensors.put("net." + p.name(), p.value()));
        tensors.put("net.pos_embedder.seq", Tensor.zeros(DType.F32, Shape.of(8)));
        Safetensors.write(file, tensors, Map.of());

        try (Safetensors saved = Safetensors.open(file)) {
            CosmosDiT loaded = CosmosDiT.load(TinyDiT.config(2), saved.under("net."), DType.F32);

            assertThat(loaded.forward(input).toFloatArray()).containsExactly(model.forward(input).toFloatArray());
            assertThatThrownBy(() -> CosmosDiT.load(TinyDiT.config(1), saved.under("net."), DType.F32))
                    .hasMessageContaining("holds 20 tensors that a network of 1 blocks has not, such as blocks.1.");
            assertThatThrownBy(() -> CosmosDiT.load(TinyDiT.config(3), saved.under("net."), DType.F32))
                    .hasMessageContaining("has no tensor blocks.2.adaln_modulation_self_attn.1.weight");
        }
    }
}
