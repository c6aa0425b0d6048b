package org.cosmosj.libero.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.cosmosj.libero.demo.Calibration;
import org.cosmosj.libero.demo.Demo;
import org.cosmosj.libero.demo.DemoSettings;
import org.cosmosj.libero.demo.Progress;
import org.cosmosj.libero.tabletop.TabletopTask;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.spi.Command;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./cosmosj demo}: trains a Cosmos policy from nothing and shows it acting. */
@CommandLine.Command(
        name = "demo",
        description = {
            "Collects demonstrations on the embedded tabletop, trains a small tokenizer and a small policy from"
                    + " scratch, judges them on held-out starts and writes an HTML report.",
            "A run that was stopped with Ctrl-C or killed goes on when the same command is given again."
        })
public final class DemoCommand implements Command {
    private static final String ALL = "all";

    @Spec
    private CommandSpec spec;

    @Option(names = "--out", paramLabel = "DIR", defaultValue = "demo-out",
            description = "Folder for demonstrations, checkpoints and report (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "1",
            description = "Seed of everything that is drawn (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--task", paramLabel = "T", defaultValue = "block",
            description = "bowl, block, push, or all for one policy of all three (default: ${DEFAULT-VALUE}).")
    private String task;

    @ArgGroup(exclusive = true)
    private Length length = new Length();

    @Option(names = "--tokenizer-steps", paramLabel = "N", description = "Training steps of the tokenizer.")
    private Integer tokenizerSteps;

    /** How long to train. */
    static final class Length {
        @Option(names = "--steps", paramLabel = "N", description = "Training steps of each policy.")
        private Integer steps;

        @Option(names = "--minutes", paramLabel = "M",
                description = "Times some steps first and then trains for as many as fit; prints the counts.")
        private Double minutes;

        @Option(names = "--quick", description = "Every stage at tiny sizes, in at most two minutes.")
        private boolean quick;
    }

    /** Made by the command line. */
    public DemoCommand() {}

    @Override
    public Integer call() {
        checkLength();
        PrintWriter printer = spec.commandLine().getOut();
        Progress progress = new Progress(printer,
                System.console() != null && System.console().isTerminal()
                        ? Progress.Style.TERMINAL
                        : Progress.Style.LOG);
        DemoSettings settings = settings(progress);
        String command = "./cosmosj demo --task " + task + " --seed " + seed + (length.quick
                ? " --quick"
                : " --steps " + settings.policy().steps() + " --tokenizer-steps " + settings.tokenizer().steps());
        progress.say(command + " --out " + out);
        Demo.Ending ending = new Demo(settings, out, Version.number(), command, progress).run(Device.cpu());
        if (ending.finished() && !ending.lossesFell()) {
            throw new IllegalStateException("demo: a loss did not fall; see " + ending.report());
        }
        return ending.finished() ? Main.OK : Main.FAILED;
    }

    /** Refuses what no run could mean, before anything is collected or timed. */
    private void checkLength() {
        require(length.steps == null || length.steps > 0, "--steps", length.steps, "at least 1");
        require(tokenizerSteps == null || tokenizerSteps > 0, "--tokenizer-steps", tokenizerSteps, "at least 1");
        require(length.minutes == null || length.minutes > 0 && length.minutes < Double.POSITIVE_INFINITY, "--minutes",
                length.minutes, "above 0");
    }

    private void require(boolean holds, String option, Object value, String expected) {
        if (!holds) {
            throw new CommandLine.ParameterException(spec.commandLine(), "Invalid value for option '" + option + "': "
                    + value + "; expected " + expected);
        }
    }

    private DemoSettings settings(Progress progress) {
        DemoSettings settings = length.quick ? DemoSettings.quick(tasks(), seed) : DemoSettings.full(tasks(), seed);
        if (length.minutes != null) {
            progress.say("timing some steps ...");
            settings = Calibration.fit(settings, length.minutes, Device.cpu());
        }
        return settings.withSteps(tokenizerSteps == null ? settings.tokenizer().steps() : tokenizerSteps,
                length.steps == null ? settings.policy().steps() : length.steps);
    }

    private List<TabletopTask> tasks() {
        return switch (task) {
            case "bowl" -> List.of(TabletopTask.BOWL_ON_PLATE);
            case "block" -> List.of(TabletopTask.BLOCK_IN_BASKET);
            case "push" -> List.of(TabletopTask.PUSH_TO_REGION);
            case ALL -> TabletopTask.suite();
            default ->
                throw new CommandLine.ParameterException(spec.commandLine(), "Invalid value for option '--task': "
                        + task + "; use bowl, block, push or all");
        };
    }
}
