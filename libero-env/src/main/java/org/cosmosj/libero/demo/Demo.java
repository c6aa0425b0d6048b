package org.cosmosj.libero.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.cosmosj.libero.data.Demonstration;
import org.cosmosj.libero.data.DemonstrationCollector;
import org.cosmosj.libero.data.DemonstrationFile;
import org.cosmosj.libero.tabletop.TabletopTask;
import org.cosmosj.policy.HashedWordEncoder;
import org.cosmosj.tensor.AtomicFile;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Scope;

/**
 * The whole demo: demonstrations, tokenizer, policy, blind policy, judging, report. Demonstrations and checkpoints lie
 * in the output folder; a run that was stopped goes on there with the same bits.
 */
public final class Demo {
    private final DemoSettings settings;
    private final Path out;
    private final Artefacts artefacts;
    private final String version;
    private final String command;
    private final Progress progress;
    private final EvaluationStage judge;
    private final DemoResults results = new DemoResults();
    private final List<Demonstration> demonstrations = new ArrayList<>();
    private final List<Demonstration> heldOut = new ArrayList<>();
    private TrainingSet data;
    private final long started = System.nanoTime();

    /**
     * Plans a demo.
     *
     * @param settings decide the numbers
     * @param out folder of everything that is written, made if it is missing
     * @param version of this library, for the report
     * @param command what repeats the run, for the report
     * @param progress shown
     */
    public Demo(DemoSettings settings, Path out, String version, String command, Progress progress) {
        this.settings = settings;
        this.out = out;
        this.artefacts = new Artefacts(out);
        this.version = version;
        this.command = command;
        this.progress = progress;
        this.judge = new EvaluationStage(settings, progress);
    }

    /**
     * How a run ended.
     *
     * @param finished whether every stage ran to its end
     * @param lossesFell whether the last tenth of each loss curve lies below the first
     * @param report the written file
     */
    public record Ending(boolean finished, boolean lossesFell, Path report) {}

    /**
     * Runs all stages; when stopped, the stages after the present one are left out.
     *
     * @param device where networks run
     * @return how it ended; the report is written in either case
     * @throws UncheckedIOException if the folder cannot be written
     * @throws IllegalStateException if a file that a finished run has written cannot be read again
     */
    public Ending run(Device device) {
        makeFolder();
        try (StopRequest stop = new StopRequest(); Scope _ = Scope.open(device, "demo")) {
            boolean finished = stages(stop);
            Path report = artefacts.report();
            String elapsed = Progress.duration((System.nanoTime() - started) / 1e9);
            new DemoReport(settings, version, command, elapsed).write(results, report);
            if (finished) {
                artefacts.check(settings);
            }
            progress.say((finished ? "finished" : "stopped") + " after " + elapsed + "; report: " + report);
            return new Ending(finished, lossesFell(), report);
        }
    }

    private void makeFolder() {
        try {
            Files.createDirectories(out);
            Files.delete(Files.createTempFile(out, "writable", null));
        } catch (IOException e) {
            throw new UncheckedIOException("demo: cannot write to " + out.toAbsolutePath() + " (" + e
                    + "); choose another folder with --out", e);
        }
    }

    /** Whether all were run; a training that is stopped ends early, and nothing follows it. */
    private boolean stages(StopRequest stop) {
        List<Runnable> stages = new ArrayList<>();
        settings.tasks().forEach(task -> stages.add(() -> collect(task)));
        stages.add(() -> trainTokenizer(stop));
        stages.add(this::encode);
        stages.add(() -> results.sighted = train(Artefacts.POLICY, Vision.SIGHTED, stop));
        for (TabletopTask task : settings.tasks()) {
            stages.add(() -> judgeChunks(task));
            stages.add(() -> judgeBestOf(task));
            stages.add(() -> results.rows.addAll(judge.baselines(task, ofTask(task))));
        }
        stages.add(() -> results.blind = train(Artefacts.BLIND_POLICY, Vision.BLIND, stop));
        settings.tasks().forEach(task -> stages.add(() -> row("blind policy, ", task, results.blind, half(), 1)));
        for (Runnable stage : stages) {
            if (stop.isRequested()) {
                return false;
            }
            stage.run();
        }
        return true;
    }

    /** The episodes of a task: the last ones are held out. */
    private void collect(TabletopTask task) {
        int wanted = settings.demonstrations() + settings.heldOut();
        progress.begin("demonstrations");
        List<Demonstration> all = DemonstrationCollector.ofExpert(task, settings.tabletop()).collect(
                DemonstrationCollector.Plan.recipe(wanted, settings.seed()),
                Runtime.getRuntime().availableProcessors(), done -> progress.show(done, wanted, task.name()));
        DemonstrationFile.write(artefacts.demonstrations(task), task.problem(), task.bddl(), all);
        long failed = all.stream().filter(one -> !one.success()).count();
        progress.end(all.size() + " episodes of " + task + ", " + failed + " failed and left out");
        demonstrations.addAll(successful(all.subList(0, settings.demonstrations())));
        heldOut.addAll(successful(all.subList(settings.demonstrations(), wanted)));
        results.demonstrationSteps = demonstrations.stream().mapToInt(Demonstration::length).sum();
    }

    private List<Demonstration> ofTask(TabletopTask task) {
        return demonstrations.stream().filter(one -> one.episode().task().equals(task.name())).toList();
    }

    private static List<Demonstration> successful(List<Demonstration> all) {
        return all.stream().filter(Demonstration::success).toList();
    }

    private void trainTokenizer(StopRequest stop) {
        progress.begin(Artefacts.TOKENIZER);
        results.tokenizer =
                new TokenizerStage(settings).run(demonstrations, heldOut, loop(Artefacts.TOKENIZER, stop));
        progress.end(TokenizerStage.describe(results.tokenizer));
    }

    private void encode() {
        HashedWordEncoder words = new HashedWordEncoder(settings.policy().config().sizes().text(),
                settings.policy().config().net().crossattnEmbChannels());
        progress.begin("latents");
        data = new TrainingSet(demonstrations, settings.policy().config(), results.tokenizer.codec(), words,
                Vision.SIGHTED, done -> progress.show(done, 2L * results.demonstrationSteps, "pictures"));
        progress.end(2 * data.steps() + " pictures encoded");
    }

    private PolicyStage.Result train(String name, Vision vision, StopRequest stop) {
        progress.begin(name);
        PictureCodec codec = results.tokenizer.codec();
        PolicyStage.Result result =
                new PolicyStage(settings).run(data.with(vision, codec), codec, vision, loop(name, stop));
        progress.end(result.history().losses().y().length == 0
                ? "no step is on record"
                : String.format(Locale.ROOT, "loss %.4f, at first %.4f", result.history().last(),
                        result.history().first()));
        return result;
    }

    private TrainingLoop loop(String name, StopRequest stop) {
        return new TrainingLoop(artefacts.checkpoint(name), settings.toString(), progress, stop);
    }

    private void judgeChunks(TabletopTask task) {
        int chunk = settings.policy().config().sizes().chunk();
        var whole = row("policy, ", task, results.sighted, chunk, 1);
        var halves = row("policy, ", task, results.sighted, half(), 1);
        results.rollouts.add(new DemoResults.TaskRollouts(task, whole, halves));
        AtomicFile.write(artefacts.animation(task), RolloutPictures.shown(task, halves));
    }

    private void judgeBestOf(TabletopTask task) {
        int candidates = settings.evaluation().candidates();
        row("best of " + candidates + ", ", task, results.sighted, half(), candidates);
    }

    private int half() {
        return Math.max(1, settings.policy().config().sizes().chunk() / 2);
    }

    private List<BatchedRollouts.Rollout> row(String prefix, TabletopTask task, PolicyStage.Result trained,
            int executed, int candidates) {
        String who = prefix + executed + " of " + settings.policy().config().sizes().chunk() + " actions";
        List<BatchedRollouts.Rollout> rollouts =
                judge.rollouts(who, task, trained.policy(), executed, candidates);
        results.rows.add(EvaluationStage.row(who, task, rollouts));
        return rollouts;
    }

    private boolean lossesFell() {
        List<TrainingLoop.History> histories = new ArrayList<>();
        if (results.tokenizer != null) {
            histories.add(results.tokenizer.history());
        }
        if (results.sighted != null) {
            histories.add(results.sighted.history());
        }
        if (results.blind != null) {
            histories.add(results.blind.history());
        }
        return histories.stream().filter(history -> history.losses().y().length > 1)
                .allMatch(history -> history.last() < history.first());
    }
}
