package org.cosmosj.libero.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.cosmosj.libero.report.Curve;
import org.cosmosj.libero.report.HtmlReport;

/** Writes what a demo found as one HTML file. */
final class DemoReport {
    private static final int ANIMATIONS = 4;
    private static final int ANIMATION_SIZE = 160;
    private static final int FUTURES = 6;
    private static final int QUERIES = 4;

    private final DemoSettings settings;
    private final String version;
    private final String command;
    private final String elapsed;

    /**
     * Plans a report.
     *
     * @param settings of the run
     * @param version of this library
     * @param command that repeats it
     * @param elapsed how long it took
     */
    DemoReport(DemoSettings settings, String version, String command, String elapsed) {
        this.settings = settings;
        this.version = version;
        this.command = command;
        this.elapsed = elapsed;
    }

    void write(DemoResults results, Path file) {
        HtmlReport report = new HtmlReport("CosmosJ demo: a Cosmos policy trained from nothing");
        report.paragraph("Demonstrations of a scripted expert were collected on the embedded tabletop (not LIBERO), a"
                + " small Wan tokenizer and a small diffusion transformer were trained from nothing, jointly on"
                + " actions, future states and values, and judged on start states never trained on.");
        success(results, report);
        animations(results, report);
        tokenizer(results, report);
        training(results, report);
        futures(results, report);
        values(results, report);
        settings(results, report);
        report.write(file);
    }

    private void success(DemoResults results, HtmlReport report) {
        report.heading("Success on held-out starts");
        if (results.rows.isEmpty()) {
            report.paragraph("The run ended before anything was judged.");
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        List<EvaluationStage.Row> byTask = results.rows.stream()
                .sorted(Comparator.comparingInt(row -> settings.tasks().indexOf(row.task()))).toList();
        for (EvaluationStage.Row row : byTask) {
            rows.add(List.of(row.task().instruction(), row.who(), row.success().toString(),
                    Double.isNaN(row.meanSteps()) ? "-" : decimal(row.meanSteps(), 1)));
        }
        report.table(List.of("task", "who", "success, Wilson 95 % interval", "mean steps of successes"), rows);
    }

    private void animations(DemoResults results, HtmlReport report) {
        for (DemoResults.TaskRollouts task : results.rollouts) {
            List<byte[]> gifs = task.halfChunk().stream().limit(ANIMATIONS)
                    .map(rollout -> RolloutPictures.animation(task.task(), rollout, ANIMATION_SIZE)).toList();
            report.heading("The policy at work: " + task.task().instruction());
            report.pictures("The first " + gifs.size() + " held-out episodes, half of each chunk carried out: scene and"
                    + " wrist camera.", "image/gif", gifs);
        }
    }

    private void tokenizer(DemoResults results, HtmlReport report) {
        TokenizerStage.Result tokenizer = results.tokenizer;
        if (tokenizer == null) {
            return;
        }
        report.heading("Tokenizer");
        report.paragraph(
                String.format(Locale.ROOT, "PSNR %.2f dB on held-out frames, %.2f dB on pixels that differ from"
                        + " the camera's mean picture.", tokenizer.psnr(), tokenizer.changedPsnr()));
        report.pictures("Held-out pictures beside what is left of them after encoding and decoding.", "image/png",
                RolloutPictures.pairs(tokenizer.originals(), tokenizer.decoded(), size(), 3));
        report.chart("Loss of the tokenizer", "step", HtmlReport.Axis.LOGARITHMIC,
                List.of(tokenizer.history().losses()));
    }

    private static void training(DemoResults results, HtmlReport report) {
        List<Curve> curves = new ArrayList<>();
        if (results.sighted != null) {
            curves.add(renamed("policy", results.sighted.history().losses()));
        }
        if (results.blind != null) {
            curves.add(renamed("blind policy", results.blind.history().losses()));
        }
        if (!curves.isEmpty()) {
            report.heading("Policy training");
            report.chart("Joint denoising loss", "step", HtmlReport.Axis.LOGARITHMIC, curves);
        }
    }

    private static Curve renamed(String name, Curve curve) {
        return new Curve(name, curve.x(), curve.y());
    }

    private void futures(DemoResults results, HtmlReport report) {
        for (DemoResults.TaskRollouts task : results.rollouts) {
            PictureCodec codec = results.tokenizer.codec();
            FutureAccuracy accuracy = FutureAccuracy.of(task.wholeChunk(), codec);
            report.heading("Predicted futures: " + task.task().instruction());
            report.table(List.of("camera", "predicted against what happened", "copy of the present"),
                    List.of(List.of("scene", decimal(accuracy.predictedScene(), 2) + " dB",
                            decimal(accuracy.copiedScene(), 2) + " dB"),
                            List.of("wrist", decimal(accuracy.predictedWrist(), 2) + " dB",
                                    decimal(accuracy.copiedWrist(), 2) + " dB")));
            List<BatchedRollouts.Query> shown = task.wholeChunk().stream().flatMap(r -> r.queries().stream())
                    .filter(query -> query.after() != null).limit(FUTURES).toList();
            report.pictures("PSNR over " + accuracy.queries() + " queries whose whole chunk was carried out. Each row:"
                    + " scene camera now, predicted, happened; wrist camera now, predicted, happened.", "image/png",
                    RolloutPictures.futures(shown, codec, size(), 4));
        }
    }

    private static void values(DemoResults results, HtmlReport report) {
        if (results.rollouts.isEmpty()) {
            return;
        }
        report.heading("Value and outcome");
        report.paragraph(
                "Spearman's rank correlation between the value that a query predicts and the episode's success."
                        + " Values were trained on demonstrations only, all of which succeed.");
        List<List<String>> rows = new ArrayList<>();
        for (DemoResults.TaskRollouts task : results.rollouts) {
            for (int query = 0; query < QUERIES; query++) {
                rows.add(List.of(task.task().instruction(), "query " + (query + 1), task.valueCorrelation(query)));
            }
        }
        report.table(List.of("task", "asked at", "rank correlation"), rows);
    }

    private void settings(DemoResults results, HtmlReport report) {
        DemoSettings.Tokenizer tokenizer = settings.tokenizer();
        DemoSettings.Policy policy = settings.policy();
        report.heading("Settings");
        report.table(List.of("what", "value"), List.of(
                List.of("time", elapsed),
                List.of("machine", System.getProperty("os.arch") + ", " + Runtime.getRuntime().availableProcessors()
                        + " processors"),
                List.of("versions", "CosmosJ " + version + ", Java " + Runtime.version() + ", "
                        + System.getProperty("os.name") + " " + System.getProperty("os.version")),
                List.of("demonstrations", settings.demonstrations() + " per task, " + results.demonstrationSteps
                        + " steps; " + settings.heldOut() + " more per task for the tokenizer's numbers"),
                List.of("seed", Long.toString(settings.seed())),
                List.of("tokenizer", tokenizer.config() + ", " + tokenizer.steps() + " steps of " + tokenizer.batch()),
                List.of("policy", (results.sighted == null ? "" : results.sighted.parameters() + " parameters, ")
                        + policy.config().net()),
                List.of("policy training", policy.steps() + " steps of " + policy.batch() + ", peak learning rate "
                        + policy.learningRate()),
                List.of("queries", settings.evaluation().samplingSteps() + " denoising steps, "
                        + settings.evaluation().episodes() + " episodes per row")));
        report.heading("Repeat it");
        report.code(command);
    }

    private int size() {
        return settings.policy().config().sizes().image();
    }

    private static String decimal(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
