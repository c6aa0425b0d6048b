package org.cosmosj.policy.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.cosmosj.nn.Rounding;
import org.cosmosj.nn.Weights;
import org.cosmosj.policy.CosmosDiT;
import org.cosmosj.policy.CosmosPolicy;
import org.cosmosj.policy.EncodedObservation;
import org.cosmosj.policy.JsonFields;
import org.cosmosj.policy.NormalizationStatistics;
import org.cosmosj.policy.QueryKind;
import org.cosmosj.policy.image.RgbImage;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Safetensors;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.vae.LatentStatistics;
import org.cosmosj.vae.WanVae;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class QueryCommandTest {
    private static final String TOLD = "push the block";

    @TempDir
    private Path folder;

    private Scope scope;

    @BeforeEach
    void writeFiles() throws IOException {
        scope = Scope.open(Device.cpu(), "test");
        TinyFiles.write(folder);
        int code = new CommandLine(new MakeObservationCommand()).execute(observation().toString(), "--config",
                folder.resolve("policy.json").toString(), "--instruction", TOLD);
        assertThat(code).isZero();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private Path observation() {
        return folder.resolve("observation");
    }

    private String query(String... more) {
        List<String> args = new ArrayList<>(List.of("--checkpoint", folder.resolve("net.safetensors").toString(),
                "--vae", folder.resolve("vae.safetensors").toString(), "--t5",
                observation().resolve("t5.safetensors").toString(), "--stats",
                observation().resolve("dataset_statistics.json").toString(), "--observation",
                observation().toString(), "--config", folder.resolve("policy.json").toString()));
        args.addAll(List.of(more));
        StringWriter out = new StringWriter();
        CommandLine line = new CommandLine(new QueryCommand()).setOut(new PrintWriter(out, true))
                .setOverwrittenOptionsAllowed(true);
        line.parseArgs(args.toArray(String[]::new));
        try {
            assertThat(line.<QueryCommand>getCommand().call()).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    private static String checksum(String printed) {
        return printed.lines().filter(line -> line.startsWith("actions sha256")).findFirst().orElseThrow();
    }

    /** The same query with everything copied, computed and encoded anew. */
    private QueryResult plain(long seed) throws IOException {
        SavedObservation saved = SavedObservation.read(observation());
        try (Safetensors net = Safetensors.open(folder.resolve("net.safetensors"));
                Safetensors vae = Safetensors.open(folder.resolve("vae.safetensors"));
                Safetensors t5 = Safetensors.open(observation().resolve("t5.safetensors"))) {
            CosmosDiT model = CosmosDiT.load(TinyFiles.CONFIG.net(), net.under("net."), DType.F32);
            WanVae tokenizer = new WanVae(Weights.of(vae, DType.F32), TinyFiles.CONFIG.vae(),
                    LatentStatistics.wan(4, Rounding.BFLOAT16));
            CosmosPolicy policy = new CosmosPolicy(TinyFiles.CONFIG, model::forward, tokenizer,
                    NormalizationStatistics.parse("test",
                            Files.readString(observation().resolve("dataset_statistics.json"))));
            EncodedObservation now = policy.observe(saved.observation(), t5.tensor(TOLD).to(DType.F32));
            Tensor generated = policy.generate(QueryKind.ACTION, now, now.latents(), new long[] {seed}, 5);
            return new QueryResult(policy.readOut().actions(generated)[0], policy.readOut().values(generated)[0],
                    policy.readOut().futureImages(generated, now.latents()).getFirst());
        }
    }

    @Test
    void saysTheSameAsAPolicyWithoutShortcuts() throws IOException {
        QueryResult expected = plain(7);

        String printed = query("--seed", "7", "--images", folder.resolve("pictures").toString());

        assertThat(checksum(printed)).contains(expected.actionChecksum());
        assertThat(printed).contains(String.format(Locale.ROOT, "value %.6f", expected.value()));
        for (var picture : expected.pictures().entrySet()) {
            String name = "future_" + picture.getKey().name().toLowerCase(Locale.ROOT) + ".png";
            RgbImage written = PictureFile.read(folder.resolve("pictures").resolve(name));
            assertThat(written.rgb()).isEqualTo(picture.getValue().rgb());
        }
    }

    @Test
    void writesTheValueUnderTheNamesOfTheServerAndOfItsClient() throws IOException {
        QueryResult expected = plain(3);
        Path file = folder.resolve("answer.json");

        query("--seed", "3", "--json", file.toString());

        JsonFields answer = JsonFields.parse(file.toString(), Files.readString(file));
        assertThat(answer.number("value_prediction")).isEqualTo(expected.value());
        assertThat(answer.number("value_predictions")).isEqualTo(expected.value());
        assertThat(Files.readString(file)).contains("\"actions\":[[" + expected.actions()[0][0] + ",");
    }

    @Test
    void printsEachStageStepAndWhatItCost() {
        String printed = query("--compare-encoding");

        assertThat(printed).contains("libero: 2 blocks of width 24, 36 tokens, seed 1, 5 steps, \"push the block\"")
                .contains("5 black pixel frames").contains("8 of 33 pixel frames encoded after them")
                .contains("13 of 33 pixel frames encoded from the start").contains("all 33 pixel frames encoded")
                .contains("denoising step 1 of 5 at sigma 80.00").contains("denoising step 5 of 5 at sigma 4.00")
                .contains("multiply-add peak").contains("peak resident memory");
        assertThat(checksum(printed)).isEqualTo(checksum(query()))
                .isNotEqualTo(checksum(query("--seed", "2")));
    }

    @Test
    void compressesPicturesOnRequest() {
        assertThat(checksum(query("--jpeg", "60"))).isNotEqualTo(checksum(query("--jpeg", "0")))
                .isEqualTo(checksum(query("--jpeg", "60")));
    }

    @Test
    void countsTheArithmeticOfThePaperSize() {
        assertThat(StepCost.tokens(Suite.LIBERO.config())).isEqualTo(1764);
        assertThat(StepCost.flops(Suite.LIBERO.config())).isBetween(6.70e12, 6.75e12);
    }

    @Test
    void namesWhatIsWrongAndTheCure() throws IOException {
        assertThatThrownBy(() -> query("--instruction", "fly")).hasMessageContaining("no embedding of \"fly\"")
                .hasMessageContaining("\"push the block\"");
        Path stray = folder.resolve("stray");
        assertThatThrownBy(() -> query("--observation", stray.toString()))
                .hasMessageContaining("no such file or folder");
        Files.createDirectory(stray);
        assertThatThrownBy(() -> query("--observation", stray.toString())).hasMessageContaining("observation.json");
        assertThatThrownBy(() -> query("--suite", "calvin")).hasMessageContaining("libero, robocasa, aloha");
    }
}
