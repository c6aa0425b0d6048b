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
import org.cosmosj.libero.eval.ChunkPolicy;
import org.cosmosj.libero.eval.EvaluationPlan;
import org.cosmosj.libero.eval.EvaluationProtocol;
import org.cosmosj.libero.eval.EvaluationWorker;
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
                    + " demonstration file.")
    private String name;

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
        throw new CommandLine.ParameterException(spec.commandLine(), "Invalid value for option '--policy': " + name
                + "; use random, expert or replay:FILE");
    }

    private Path replayed() {
        Path file = Path.of(name.substring(EvaluationWorker.REPLAY.length()));
        if (!Files.isRegularFile(file)) {
            throw new CommandLine.ParameterException(spec.commandLine(), "Invalid value for option '--policy': " + file
                    + " does not exist; give a demonstration file after replay:");
        }
        return file;
    }

    EvaluationProtocol protocol(EvaluationProtocol published) {
        return executed == null
                ? published
                : new EvaluationProtocol(published.settleSteps(), published.maxSteps(), executed);
    }

    /** What must not change between the runs of one table. */
    Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        settings.put("policy", name);
        if (name.startsWith(EvaluationWorker.REPLAY)) {
            settings.put("policy files", identity(replayed()));
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

    Optional<ChunkPolicy> open(EvaluationPlan plan) {
        return Optional.empty();
    }
}
