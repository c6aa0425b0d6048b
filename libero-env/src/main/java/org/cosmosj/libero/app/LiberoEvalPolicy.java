package org.cosmosj.libero.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.cosmosj.libero.eval.CheckpointPolicy;
import org.cosmosj.libero.eval.ChunkPolicy;
import org.cosmosj.libero.eval.EvaluationProtocol;
import org.cosmosj.libero.eval.EvaluationWorker;
import org.cosmosj.policy.CosmosPolicyConfig;
import org.cosmosj.policy.JsonFields;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that say who is evaluated. */
final class LiberoEvalPolicy {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--policy", paramLabel = "P", required = true,
            description = "random; expert, scripts that read the true state; replay:FILE, the actions of a"
                    + " demonstration file; or a checkpoint of a Cosmos policy as 'query' takes it, with --vae, --t5"
                    + " and --stats.")
    private String name;

    @Option(names = "--vae", paramLabel = "PATH", description = "Weights of the checkpoint's Wan 2.1 tokenizer.")
    private Path vae;

    @Option(names = "--t5", paramLabel = "PATH", description = "Embedded instructions of the tasks.")
    private Path t5;

    @Option(names = "--stats", paramLabel = "FILE", description = "The data set's dataset_statistics.json.")
    private Path stats;

    @Option(names = "--config", paramLabel = "FILE",
            description = "JSON configuration of a policy that was not released (default: the released LIBERO policy).")
    private Path config;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "5",
            description = "Denoising steps per query (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--executed", paramLabel = "N",
            description = "Actions carried out per query (default: 16, or the policy's chunk if that is shorter).")
    private Integer executed;

    /** Who acts in the workers; empty if a policy is asked. */
    String agent() {
        if (EvaluationWorker.isAgent(name)) {
            return name.startsWith(EvaluationWorker.REPLAY)
                    ? EvaluationWorker.REPLAY + replayed().toAbsolutePath()
                    : name;
        }
        if (!Files.exists(Path.of(name))) {
            throw wrong(name + " does not exist; use random, expert, replay:FILE or a checkpoint");
        }
        if (vae == null || t5 == null || stats == null) {
            throw wrong(name + " is a checkpoint and needs --vae, --t5 and --stats");
        }
        return "";
    }

    private CommandLine.ParameterException wrong(String why) {
        return new CommandLine.ParameterException(spec.commandLine(), "Invalid value for option '--policy': " + why);
    }

    private Path replayed() {
        Path file = Path.of(name.substring(EvaluationWorker.REPLAY.length()));
        if (!Files.isRegularFile(file)) {
            throw wrong(file + " does not exist; give a demonstration file after replay:");
        }
        return file;
    }

    EvaluationProtocol protocol(EvaluationProtocol published) {
        int chunk = agent().isEmpty() ? configuration().sizes().chunk() : published.executed();
        return new EvaluationProtocol(published.settleSteps(), published.maxSteps(),
                executed == null ? Math.min(chunk, published.executed()) : executed);
    }

    private CosmosPolicyConfig configuration() {
        if (config == null) {
            return CosmosPolicyConfig.LIBERO;
        }
        try {
            return CosmosPolicyConfig.of(JsonFields.parse(config.toString(), Files.readString(config)));
        } catch (IOException e) {
            throw new UncheckedIOException("evaluation: " + config + " cannot be read (" + e + ")", e);
        }
    }

    /** What must not change between the runs of one table. */
    Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        settings.put("policy", name);
        if (name.startsWith(EvaluationWorker.REPLAY)) {
            settings.put("policy files", identity(replayed()));
        }
        if (agent().isEmpty()) {
            settings.put("policy files", identity(Path.of(name)) + ", " + identity(vae) + ", " + identity(t5) + ", "
                    + identity(stats));
            settings.put("configuration", configuration().toJson());
            settings.put("denoising steps", Integer.toString(steps));
        }
        return settings;
    }

    /** Names, sizes and times of files; contents of gigabytes are not read for this. */
    private static String identity(Path path) {
        try (Stream<Path> files = Files.walk(path)) {
            List<Path> all = files.filter(Files::isRegularFile).sorted().toList();
            StringBuilder text = new StringBuilder();
            for (Path file : all) {
                text.append(text.isEmpty() ? "" : ", ").append(file.getFileName()).append(' ').append(Files.size(file))
                        .append(" bytes ").append(Files.getLastModifiedTime(file));
            }
            return text.toString();
        } catch (IOException e) {
            throw new UncheckedIOException("evaluation: " + path + " cannot be read (" + e + ")", e);
        }
    }

    /** The policy that is asked; empty if an agent acts in the workers. */
    Optional<ChunkPolicy> open() {
        return agent().isEmpty()
                ? Optional.of(new CheckpointPolicy(new CheckpointPolicy.Files(Path.of(name), vae, t5, stats),
                        configuration(), steps))
                : Optional.empty();
    }
}
