package org.cosmosj.libero.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.cosmosj.libero.LiberoSuite;
import org.cosmosj.libero.LiberoTask;
import org.cosmosj.libero.data.DemonstrationFile;
import org.cosmosj.libero.data.RecordedActions;
import org.cosmosj.libero.expert.DemonstrationReplay;
import org.cosmosj.libero.sim.LiberoEnvironment;
import org.cosmosj.libero.sim.LiberoSettings;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./cosmosj libero replay}: repeats demonstrations and compares states and success. */
@CommandLine.Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Repeats the actions of a demonstration file in the environment and compares states and success: the test"
                    + " against silent errors of convention.",
            "With the MuJoCo that recorded them, demonstrations of 'libero collect' give equal states; another MuJoCo"
                    + " resolves contacts a little differently, so that only success can be compared."
        })
public final class LiberoReplayCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private LiberoInstall install;

    @Option(names = "--suite", paramLabel = "SUITE",
            description = "The task's suite; that of the file's folder if left out.")
    private String suite;

    @Option(names = "--demos", paramLabel = "N", description = "Only the first N.")
    private int demos = Integer.MAX_VALUE;

    @Parameters(paramLabel = "FILE", description = "<task>_demo.hdf5 of 'libero collect' or of LIBERO.")
    private Path file;

    /** Made by the command line. */
    public LiberoReplayCommand() {
    }

    @Override
    public Integer call() {
        LiberoTask task = task();
        List<RecordedActions> all = RecordedActions.read(file);
        PrintWriter out = spec.commandLine().getOut();
        int agreeing = 0;
        int count = Math.min(demos, all.size());
        try (LiberoEnvironment environment = new LiberoEnvironment(install.scenes().scene(task), install.mujoco(),
                LiberoSettings.EVALUATION)) {
            DemonstrationReplay replay = new DemonstrationReplay(environment);
            for (RecordedActions recorded : all.subList(0, count)) {
                DemonstrationReplay.Result result = replay.run(recorded, file.toString());
                agreeing += result.agrees() ? 1 : 0;
                out.println(String.format(Locale.ROOT, "%s %s: %d steps, %s, %s", result.agrees() ? "ok   " : "FAIL ",
                        recorded.name(), result.steps(), states(result), success(result)));
                out.flush();
            }
        }
        out.println(agreeing + " passed, " + (count - agreeing) + " failed");
        return agreeing == count ? Main.OK : Main.FAILED;
    }

    private static String states(DemonstrationReplay.Result result) {
        return result.apart() == 0
                ? String.format(Locale.ROOT, "joint positions within %.1e", result.largest())
                : String.format(Locale.ROOT, "joint positions apart from step %d on, by up to %.1e", result.apart(),
                        result.largest());
    }

    private static String success(DemonstrationReplay.Result result) {
        return result.succeeded() + " success, recorded " + result.successful();
    }

    private LiberoTask task() {
        String name = file.getFileName().toString();
        Path folder = file.toAbsolutePath().getParent().getFileName();
        if (!name.endsWith(DemonstrationFile.SUFFIX)) {
            throw new IllegalArgumentException(file + ": expected a name that ends with " + DemonstrationFile.SUFFIX
                    + ", from which the task is taken");
        }
        String chosen = suite == null ? String.valueOf(folder) : suite;
        return LiberoSuite.of(chosen).task(name.substring(0, name.length() - DemonstrationFile.SUFFIX.length()));
    }
}
