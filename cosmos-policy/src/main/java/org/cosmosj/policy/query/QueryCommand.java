package org.cosmosj.policy.query;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.cosmosj.policy.Camera;
import org.cosmosj.policy.CosmosPolicyConfig;
import org.cosmosj.policy.EncodedFrames;
import org.cosmosj.policy.JsonFields;
import org.cosmosj.policy.NormalizationStatistics;
import org.cosmosj.policy.image.RgbImage;
import org.cosmosj.tensor.AtomicFile;
import org.cosmosj.tensor.Checkpoint;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.spi.Command;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code query}: pictures, joint state and instruction to actions, a value and predicted pictures. */
@CommandLine.Command(
        name = "query",
        description = {
            "Asks a policy once, on the CPU: pictures, joint state and instruction to actions and value.",
            "",
            "Weights stay as they are stored, in the mapped memory of their files. Prints how long each stage took,"
                    + " what share of the processor's multiply-add peak a denoising step reached, the peak of resident"
                    + " memory, and a checksum of the actions."
        })
public final class QueryCommand implements Command {
    @Spec
    private CommandSpec spec;

    @Option(names = "--checkpoint", required = true, paramLabel = "PATH",
            description = "Weights of the network under the reference's keys net.*: safetensors, .pt, or a folder.")
    private Path checkpoint;

    @Option(names = "--vae", required = true, paramLabel = "PATH",
            description = "Weights of the Wan 2.1 tokenizer, such as tokenizer.pth.")
    private Path vae;

    @Option(names = "--t5", required = true, paramLabel = "PATH",
            description = "Embedded instructions: the reference's pickled cache, or safetensors with the instruction as"
                    + " key.")
    private Path t5;

    @Option(names = "--stats", required = true, paramLabel = "FILE",
            description = "The data set's dataset_statistics.json.")
    private Path stats;

    @Option(names = "--observation", required = true, paramLabel = "PATH",
            description = "A folder with " + SavedObservation.FILE + " and pictures, or the reference's pickled dict;"
                    + " 'make-observation' writes an example.")
    private Path observation;

    @Option(names = "--instruction", paramLabel = "TEXT",
            description = "What the robot is told (default: what the observation says).")
    private String instruction;

    @Option(names = "--suite", paramLabel = "SUITE", defaultValue = "libero",
            description = "The released policy: libero, robocasa or aloha (default: ${DEFAULT-VALUE}).")
    private String suite;

    @Option(names = "--config", paramLabel = "FILE",
            description = "JSON configuration of a policy that was not released, instead of the suite's.")
    private Path config;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "1",
            description = "Seed of the initial noise, in [0, 2^32) (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--steps", paramLabel = "N",
            description = "Denoising steps (default: as published, 5 for libero and robocasa, 10 for aloha).")
    private Integer steps;

    @Option(names = "--jpeg", paramLabel = "Q",
            description = "JPEG quality that pictures pass through first, 0 for none (default: as published, 95 for"
                    + " libero and robocasa, 0 for aloha; or as the configuration says).")
    private Integer jpeg;

    @Option(names = "--images", paramLabel = "DIR",
            description = "Also predict what the cameras will see, and write it there as PNG.")
    private Path images;

    @Option(names = "--json", paramLabel = "FILE",
            description = "Also write actions and value there as JSON, under the names of the reference's server.")
    private Path json;

    @Option(names = "--compare-encoding",
            description = "Also encode every pixel frame, print the times of both and check that the bits are equal.")
    private boolean compareEncoding;

    /** Made by the command line. */
    public QueryCommand() {}

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        StageClock clock = new StageClock(out);
        QuerySettings settings = settings();
        SavedObservation saved = SavedObservation.read(observation);
        String told = told(saved);
        NormalizationStatistics statistics = NormalizationStatistics.parse(stats.toString(), text("stats", stats));
        try (Scope _ = Scope.open(Device.cpu(), "query");
                Checkpoint network = Checkpoint.open(checkpoint);
                Checkpoint tokenizer = Checkpoint.open(vae);
                Checkpoint embedded = Checkpoint.open(t5)) {
            var text = Instructions.embedding(embedded, told, settings.config());
            out.println(headline(settings, told));
            QueryRun run = new QueryRun(settings, network, tokenizer, statistics, clock);
            QueryResult result = run.ask(saved.observation(), text);
            write(result.pictures());
            if (json != null) {
                AtomicFile.write(json, result.toJson().getBytes(StandardCharsets.UTF_8));
            }
            QueryReport report = new QueryReport(out);
            report.answer(result);
            report.cost(settings, run.steps(), clock);
        }
        return CommandLine.ExitCode.OK;
    }

    private QuerySettings settings() throws IOException {
        Suite published = Suite.parse(suite);
        CosmosPolicyConfig policy = config == null
                ? published.config()
                : CosmosPolicyConfig.of(JsonFields.parse(config.toString(), text("config", config)));
        return new QuerySettings(compressed(policy),
                steps == null ? published.steps() : steps, seed,
                images == null ? EncodedFrames.PRESENT : EncodedFrames.PICTURES,
                compareEncoding ? QuerySettings.Encoding.COMPARED : QuerySettings.Encoding.NEEDED_ONLY);
    }

    private CosmosPolicyConfig compressed(CosmosPolicyConfig policy) {
        if (jpeg == null) {
            return policy;
        }
        return jpeg == 0 ? policy.uncompressed() : policy.compressed(jpeg);
    }

    private String told(SavedObservation saved) {
        if (instruction != null) {
            return instruction;
        }
        return saved.instruction().orElseThrow(() -> new CommandLine.ParameterException(spec.commandLine(),
                "the observation holds no instruction; give one with --instruction"));
    }

    private static String text(String role, Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(role + " " + file + ": no such file");
        }
        return Files.readString(file);
    }

    private static String headline(QuerySettings settings, String told) {
        CosmosPolicyConfig policy = settings.config();
        return String.format(Locale.ROOT, "%s: %d blocks of width %d, %d tokens, seed %d, %d steps, \"%s\"",
                policy.layout().name(), policy.net().numBlocks(), policy.net().modelChannels(),
                StepCost.tokens(policy), settings.seed(), settings.steps(), told);
    }

    private void write(Map<Camera, RgbImage> pictures) throws IOException {
        if (images != null) {
            Files.createDirectories(images);
        }
        for (Map.Entry<Camera, RgbImage> picture : pictures.entrySet()) {
            String name = "future_" + picture.getKey().name().toLowerCase(Locale.ROOT) + ".png";
            PictureFile.write(images.resolve(name), picture.getValue());
        }
    }
}
