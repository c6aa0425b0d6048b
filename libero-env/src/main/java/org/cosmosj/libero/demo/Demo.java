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
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Scope;

/**
 * The whole demo: demonstrations, tokenizer, policy, blind policy, judging, report. Demonstrations and checkpoints lie
 * in the output folder; a run that was stopped goes on there with the same bits.
 */
public final class Demo {
    /** The report's file name. */
    public static final String REPORT = "report.html";

    private final DemoSettings settings;
    private final Path out;
    private final String command;
    private final Progress progress;
    private final DemoResults results = new DemoResults();
    private final long started = System.nanoTime();

    /**
     * Plans a demo.
     *
     * @param settings decide the numbers
     * @param out folder of everything that is written, made if it is missing
     * @param command what repeats the run, for the report
     * @param progress shown
     */
    public Demo(DemoSettings settings, Path out, String command, Progress progress) {
        this.settings = settings;
        this.out = out;
        this.command = command;
        this.progress = progress;
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
     */
    public Ending run(Device device) {
        makeFolder();
        try (StopRequest stop = new StopRequest(); Scope _ = Scope.open(device, "demo")) {
            boolean finished = stages(stop);
            Path report = out.resolve(REPORT);
            String elapsed = Progress.duration((System.nanoTime() - started) / 1e9);
            new DemoReport(settings, command, elapsed).write(results, report);
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

    private boolean stages(StopRequest stop) {
        List<Demonstration> heldOut = new ArrayList<>();
        List<Demonstration> demonstrations = collect(heldOut);
        progress.begin("tokenizer");
        results.tokenizer = new TokenizerStage(settings).run(demonstrations, heldOut, loop("tokenizer", stop));
        progress.end(TokenizerStage.describe(results.tokenizer));
        if (stop.isRequested()) {
            return false;
        }
        PictureCodec codec = results.tokenizer.codec();
        TrainingSet data = encode(demonstrations, codec);
        results.sighted = train("policy", data, codec, Vision.SIGHTED, stop);
        if (stop.isRequested()) {
            return false;
        }
        results.blind = train("blind policy", data.with(Vision.BLIND, codec), codec, Vision.BLIND, stop);
        if (stop.isRequested()) {
            return false;
        }
        for (TabletopTask task : settings.tasks()) {
            judge(task, demonstrations.stream().filter(one -> one.episode().task().equals(task.name())).toList());
        }
        return true;
    }

    /** The episodes of each task: the last ones are held out. */
    private List<Demonstration> collect(List<Demonstration> heldOut) {
        List<Demonstration> demonstrations = new ArrayList<>();
        int wanted = settings.demonstrations() + settings.heldOut();
        int threads = Runtime.getRuntime().availableProcessors();
        for (TabletopTask task : settings.tasks()) {
            progress.begin("demonstrations");
            List<Demonstration> all = DemonstrationCollector.ofExpert(task, settings.tabletop())
                    .collect(DemonstrationCollector.Plan.recipe(wanted, settings.seed()), threads,
                            done -> progress.show(done, wanted, task.name()));
            DemonstrationFile.write(out.resolve(DemonstrationFile.name(task.name())), task.problem(), task.bddl(), all);
            long failed = all.stream().filter(one -> !one.success()).count();
            progress.end(all.size() + " episodes of " + task + ", " + failed + " failed and left out");
            demonstrations.addAll(successful(all.subList(0, settings.demonstrations())));
            heldOut.addAll(successful(all.subList(settings.demonstrations(), wanted)));
        }
        results.demonstrationSteps = demonstrations.stream().mapToInt(Demonstration::length).sum();
        return demonstrations;
    }

    private static List<Demonstration> successful(List<Demonstration> all) {
        return all.stream().filter(Demonstration::success).toList();
    }

    private TrainingSet encode(List<Demonstration> demonstrations, PictureCodec codec) {
        HashedWordEncoder words = new HashedWordEncoder(settings.policy().config().sizes().text(),
                settings.policy().config().net().crossattnEmbChannels());
        progress.begin("latents");
        TrainingSet data = new TrainingSet(demonstrations, settings.policy().config(), codec, words, Vision.SIGHTED,
                done -> progress.show(done, 2L * results.demonstrationSteps, "pictures"));
        progress.end(2 * data.steps() + " pictures encoded");
        return data;
    }

    private PolicyStage.Result train(String name, TrainingSet data, PictureCodec codec, Vision vision,
            StopRequest stop) {
        progress.begin(name);
        PolicyStage.Result result = new PolicyStage(settings).run(data, codec, vision, loop(name, stop));
        progress.end(result.history().losses().y().length == 0
                ? "was trained before"
                : String.format(Locale.ROOT, "loss %.4f, at first %.4f", result.history().last(),
                        result.history().first()));
        return result;
    }

    private TrainingLoop loop(String name, StopRequest stop) {
        return new TrainingLoop(out.resolve(name.replace(' ', '_') + ".safetensors"), settings.toString(), progress,
                stop);
    }

    private void judge(TabletopTask task, List<Demonstration> demonstrations) {
        EvaluationStage stage = new EvaluationStage(settings, progress);
        int chunk = settings.policy().config().sizes().chunk();
        int half = Math.max(1, chunk / 2);
        int candidates = settings.evaluation().candidates();
        LatentPolicy sighted = results.sighted.policy();
        var whole = row("policy, " + chunk + " of " + chunk + " actions", stage, task, sighted, chunk, 1);
        var halves = row("policy, " + half + " of " + chunk + " actions", stage, task, sighted, half, 1);
        results.rollouts.add(new DemoResults.TaskRollouts(task, whole, halves));
        row("best of " + candidates + ", " + half + " of " + chunk + " actions", stage, task, sighted, half,
                candidates);
        row("blind policy, " + half + " of " + chunk + " actions", stage, task, results.blind.policy(), half, 1);
        results.rows.addAll(stage.baselines(task, demonstrations));
    }

    private List<BatchedRollouts.Rollout> row(String who, EvaluationStage stage, TabletopTask task,
            LatentPolicy policy, int executed, int candidates) {
        List<BatchedRollouts.Rollout> rollouts = stage.rollouts(who, task, policy, executed, candidates);
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
