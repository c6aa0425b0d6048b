package org.cosmosj.policy.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.cosmosj.nn.TimestepEmbedding;
import org.cosmosj.policy.CosmosDiT;
import org.cosmosj.policy.CosmosDiTConfig;
import org.cosmosj.policy.DiTInput;
import org.cosmosj.policy.Numerics;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the golden file of BF16 arithmetic must not accept. */
class DitBf16CheckTest {
    @TempDir
    private Path folder;

    private Scope scope;
    private Fixture fixture;
    private CosmosDiTConfig rounding;

    @BeforeEach
    void open() throws IOException {
        scope = Scope.open(Device.cpu(), "test");
        fixture = Fixture.open(GoldenFiles.copy(folder, "dit_bf16"));
        rounding = CosmosDiTConfig.of(fixture.config());
    }

    @AfterEach
    void close() {
        fixture.close();
        scope.close();
    }

    @Test
    void f32ArithmeticFailsWhereTheReferenceRounds() throws IOException {
        for (Numerics numerics : List.of(Numerics.F32, Numerics.RELEASED)) {
            CosmosDiT model =
                    CosmosDiT.load(rounding.with(numerics), fixture.weights("w."), DType.F32);
            Results results = new Results();
            DitBf16Check.put(fixture, model, results);

            List<String> failures = Report.of(fixture, results).failures();
            assertThat(failures).as(numerics.name()).extracting(line -> line.substring(0, line.indexOf(':')))
                    .contains("act.adaln_lora", "act.sincos", "act.x_embedder");
        }
    }

    @Test
    void unroundedTimeFails() throws IOException {
        Tensor timesteps = DitBf16Check.input(fixture).timesteps();

        assertThat(sincosFailures(timesteps)).hasSize(1);
        assertThat(sincosFailures(timesteps.to(DType.BF16).to(DType.F32))).isEmpty();
    }

    private List<String> sincosFailures(Tensor timesteps) {
        Results results = new Results();
        results.put("act.sincos", TimestepEmbedding.sinusoid(timesteps, rounding.modelChannels()).to(DType.BF16));
        return Report.of(fixture, results).failures().stream().filter(line -> line.startsWith("act.sincos")).toList();
    }

    @Test
    void namesOfNumericsAndOfFieldsSayTheSame() throws IOException {
        DiTInput input = DitBf16Check.input(fixture);
        CosmosDiT named = CosmosDiT.load(rounding.with(Numerics.BF16), fixture.weights("w."), DType.BF16);
        CosmosDiT fields = CosmosDiT.load(rounding, fixture.weights("w."), DType.BF16);

        // Head widths of 16 have rotary exponents that are exact in bfloat16.
        assertThat(named.forward(input).toFloatArray()).isEqualTo(fields.forward(input).toFloatArray());
    }
}
