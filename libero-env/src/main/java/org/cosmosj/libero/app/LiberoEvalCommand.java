package org.cosmosj.libero.app;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.cosmosj.libero.LiberoSuite;
import org.cosmosj.libero.LiberoTask;
import org.cosmosj.libero.demo.Progress;
import org.cosmosj.libero.eval.ChunkPolicy;
import org.cosmosj.libero.eval.EpisodeLog;
import org.cosmosj.libero.eval.EpisodeRecord;
import org.cosmosj.libero.eval.Evaluation;
import org.cosmosj.libero.eval.EvaluationFolder;
import org.cosmosj.libero.eval.EvaluationPlan;
import org.cosmosj.libero.eval.EvaluationProtocol;
import org.cosmosj.libero.eval.EvaluationSummary;
import org.cosmosj.libero.eval.EvaluationWorker;
import org.cosmosj.libero.mujoco.MujocoLibrary;
import org.cosmosj.libero.scene.LiberoFolders;
import org.cosmosj.libero.scene.LiberoScenes;
import org.cosmosj.tensor.AtomicFile;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./cosmosj libero eval}: success rates on LIBERO by the protocol of Cosmos Policy. */
@CommandLine.Command(
        name = "eval",
        mixinStandardHelpOptions = true,
        description = {
            "Evaluates a policy on LIBERO as Cosmos Policy does: 50 published starts per task, 10 steps to settle, 16"
                    + " actions per query, success judged after every action.",
            "",
            "Episodes run in processes of their own: one that crashes or hangs is run once more and counted apart."
                    + " Every episode leaves a line in DIR/episodes.jsonl; a run that was stopped goes on with"
                    + " --resume. The table is printed and kept in DIR/summary.txt."
        })
public final class LiberoEvalCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private LiberoInstall install;

    @Mixin
    private LiberoEvalPolicy policy;

    @Option(names = "--suite", paramLabel = "SUITE", defaultValue = "libero_spatial",
            description = "libero_spatial, libero_object, libero_goal, libero_10 or libero_90 (default:"
                    + " ${DEFAULT-VALUE}).")
    private String suite;

    @Option(names = "--tasks", paramLabel = "T", split = ",",
            description = "Tasks by name or index from 0, separated by commas (default: all of the suite).")
    private List<String> tasks = List.of();

    @Option(names = "--episodes", paramLabel = "N",
            description = "Episodes per task and seed, from start state 0 (default: ${DEFAULT-VALUE}).")
    private int episodes = EvaluationProtocol.EPISODES;

    @Option(names = "--seeds", paramLabel = "S", split = ",", defaultValue = "195",
            description = "Seeds of the policy's draws, separated by commas; the paper has 195,196,197 (default:"
                    + " ${DEFAULT-VALUE}).")
    private List<Long> seeds;

    @Option(names = "--workers", paramLabel = "N",
            description = "Processes that simulate, which is also the largest batch of the policy (default: one per"
                    + " core).")
    private int workers = Runtime.getRuntime().availableProcessors();

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "300",
            description = "Longest silence of a worker before it is replaced (default: ${DEFAULT-VALUE}).")
    private double timeout;

    @Option(names = "--films", paramLabel = "N", defaultValue = "0",
            description = "Of every task and seed, film the first N episodes: a GIF of the scene camera, beside what"
                    + " the policy predicted (default: ${DEFAULT-VALUE}; drawing takes time).")
    private int films;

    @Option(names = "--out", paramLabel = "DIR", defaultValue = "libero-eval",
            description = "Folder for records, table, films and the workers' logs (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(names = "--resume", description = "Go on with the records in DIR; episodes that are there are not run.")
    private boolean resume;

    /** Made by the command line. */
    public LiberoEvalCommand() {
    }

    @Override
    public Integer call() throws InterruptedException {
        LiberoSuite chosen = LiberoSuite.of(suite);
        List<LiberoTask> all = tasks.isEmpty() ? chosen.tasks() : tasks.stream().map(chosen::task).toList();
        EvaluationProtocol protocol = policy.protocol(EvaluationProtocol.cosmosPolicy(chosen.maxSteps()));
        EvaluationPlan plan = new EvaluationPlan(suite, all.stream().map(LiberoTask::name).toList(), episodes, seeds,
                protocol, policy.agent(), workers, timeout, films);
        LiberoFolders folders = install.folders();
        checkTasks(new LiberoScenes(folders), all);
        MujocoLibrary mujoco = install.mujoco();
        Map<String, String> settings = new TreeMap<>(policy.settings());
        settings.put("suite", suite);
        settings.put("protocol", protocol.toString());
        settings.put("MuJoCo", mujoco.versionName());
        settings.put("CosmosJ", Version.number());
        EvaluationFolder folder = EvaluationFolder.open(out.toAbsolutePath(), settings,
                resume ? EvaluationFolder.Start.RESUME : EvaluationFolder.Start.NEW);
        say("MuJoCo " + mujoco.versionName() + ", " + protocol + "; records go to " + folder.records());
        EvaluationSummary summary = run(plan, folders, folder);
        AtomicFile.write(folder.summary(), (summary + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
        say(summary.toString());
        return summary.failedToRun() == 0 ? Main.OK : Main.FAILED;
    }

    /** Errors in files are told before anything is started. */
    private void checkTasks(LiberoScenes scenes, List<LiberoTask> all) {
        for (LiberoTask task : all) {
            int starts = scenes.scene(task).initStates().length;
            if (episodes > starts) {
                throw new CommandLine.ParameterException(spec.commandLine(), "Invalid value for option '--episodes': "
                        + episodes + "; " + task + " has " + starts + " start states");
            }
        }
    }

    private EvaluationSummary run(EvaluationPlan plan, LiberoFolders folders, EvaluationFolder folder)
            throws InterruptedException {
        Map<String, String> versions = Map.of("cosmosj", Version.number(), "java", Runtime.version().toString());
        Progress progress = new Progress(spec.commandLine().getOut(),
                System.console() != null && System.console().isTerminal()
                        ? Progress.Style.TERMINAL
                        : Progress.Style.LOG);
        List<String> command = EvaluationWorker.command(folders, install.mujocoPlace(), folder.workers());
        try (EpisodeLog log = EpisodeLog.open(folder.records()); Opened opened = new Opened(policy.open())) {
            Tally tally = new Tally(progress, log.records().size());
            Evaluation evaluation =
                    new Evaluation(plan, opened.policy(), command, versions, folder, log, tally);
            if (!log.records().isEmpty()) {
                say(log.records().size() + " records are there, " + evaluation.left() + " episodes are left");
            }
            progress.begin(plan.suite());
            evaluation.run();
            progress.end(tally.toString());
            return new EvaluationSummary(plan, log.records());
        }
    }

    private void say(String text) {
        PrintWriter printer = spec.commandLine().getOut();
        printer.println(text);
        printer.flush();
    }

    /** An optional policy that is closed. */
    private record Opened(Optional<ChunkPolicy> policy) implements AutoCloseable {
        @Override
        public void close() {
            policy.ifPresent(ChunkPolicy::close);
        }
    }

    /** Counts what this process has run, and shows it. */
    private static final class Tally implements Consumer<Evaluation.Status> {
        private final Progress progress;
        private final int before;
        private final long started = System.nanoTime();
        private int attempts;
        private int ran;
        private int successes;
        private long steps;

        Tally(Progress progress, int before) {
            this.progress = progress;
            this.before = before;
        }

        @Override
        public void accept(Evaluation.Status status) {
            EpisodeRecord record = status.record();
            attempts++;
            steps = status.steps();
            if (record.outcome() == EpisodeRecord.Outcome.FAILED_TO_RUN) {
                progress.say(record.episode() + ", attempt " + record.attempt() + ", failed to run: " + record.error());
            } else {
                ran++;
                successes += record.outcome() == EpisodeRecord.Outcome.SUCCESS ? 1 : 0;
            }
            progress.show(before + attempts, before + attempts + status.left(), toString());
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%d of %d succeeded, %.1f steps/s", successes, ran,
                    steps / ((System.nanoTime() - started) / 1e9));
        }
    }
}
