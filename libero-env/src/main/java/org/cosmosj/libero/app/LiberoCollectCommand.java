package org.cosmosj.libero.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.cosmosj.libero.LiberoSuite;
import org.cosmosj.libero.LiberoTask;
import org.cosmosj.libero.bddl.BddlParser;
import org.cosmosj.libero.data.DemonstrationFile;
import org.cosmosj.libero.data.DemonstrationParts;
import org.cosmosj.libero.data.SimulatedDemonstration;
import org.cosmosj.libero.expert.LiberoExpert;
import org.cosmosj.libero.expert.LiberoRecorder;
import org.cosmosj.libero.mujoco.MujocoLibrary;
import org.cosmosj.libero.scene.LiberoScene;
import org.cosmosj.libero.scene.LiberoScenes;
import org.cosmosj.libero.sim.LiberoEnvironment;
import org.cosmosj.libero.sim.LiberoSettings;
import org.cosmosj.tensor.AtomicFile;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./cosmosj libero collect}: scripted experts' demonstrations on LIBERO's scenes. */
@CommandLine.Command(
        name = "collect",
        mixinStandardHelpOptions = true,
        description = {
            "Lets a scripted expert solve tasks from their published start states and writes its demonstrations as"
                    + " HDF5 in LIBERO's layout, one <task>_demo.hdf5 per task.",
            "A run that was stopped goes on where it was: finished episodes lie in <task>_parts until their task is"
                    + " complete. Episodes that the expert does not solve are left out."
        })
public final class LiberoCollectCommand implements Callable<Integer> {

    private static final String FAILED = ".failed";

    @Spec
    private CommandSpec spec;

    @Mixin
    private LiberoInstall install;

    @Option(names = "--suite", defaultValue = "libero_spatial", paramLabel = "SUITE",
            description = "libero_spatial, libero_object, libero_goal, libero_10 or libero_90 (${DEFAULT-VALUE}).")
    private String suite;

    @Option(names = "--tasks", split = ",", paramLabel = "TASK",
            description = "Indices or names; all of the suite if left out.")
    private List<String> tasks = List.of();

    @Option(names = "--episodes", defaultValue = "50", paramLabel = "N",
            description = "Start states 0 to N - 1 of each task (${DEFAULT-VALUE}).")
    private int episodes;

    @Option(names = "--size", defaultValue = "256", paramLabel = "PIXELS",
            description = "Height and width of pictures (${DEFAULT-VALUE}).")
    private int size;

    @Option(names = "--out", required = true, paramLabel = "DIR",
            description = "Takes <suite>/<task>_demo.hdf5.")
    private Path out;

    /** Made by the command line. */
    public LiberoCollectCommand() {
    }

    @Override
    public Integer call() {
        LiberoSuite chosen = LiberoSuite.of(suite);
        List<LiberoTask> wanted = tasks.isEmpty() ? chosen.tasks() : tasks.stream().map(chosen::task).toList();
        LiberoScenes scenes = install.scenes();
        MujocoLibrary mujoco = install.mujoco();
        int written = 0;
        for (LiberoTask task : wanted) {
            written += collect(task, scenes, mujoco) ? 1 : 0;
        }
        out().println(written + " of " + wanted.size() + " tasks have demonstrations in "
                + out.resolve(chosen.folder()));
        return written == wanted.size() ? Main.OK : Main.FAILED;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Whether the task has a file now. */
    private boolean collect(LiberoTask task, LiberoScenes scenes, MujocoLibrary mujoco) {
        Path file = out.resolve(task.demonstrationFile());
        if (Files.exists(file)) {
            out().println(task + ": " + file + " is there already; delete it to collect anew");
            return true;
        }
        Path parts = file.resolveSibling(task.name() + "_parts");
        LiberoScene scene = scenes.scene(task);
        try (LiberoEnvironment environment =
                new LiberoEnvironment(scene, mujoco, new LiberoSettings(size, size, 0))) {
            LiberoRecorder recorder =
                    new LiberoRecorder(environment, LiberoExpert.of(environment), mujoco.versionName());
            String bddl = BddlParser.read(scenes.folders().bddl().resolve(task.bddlFile()));
            int count = Math.min(episodes, scene.initStates().length);
            for (int episode = 0; episode < count; episode++) {
                record(task, episode, count, parts, environment, recorder, bddl);
            }
            List<Path> solved = solved(parts, count);
            out().println(task + ": " + solved.size() + " of " + count + " episodes solved");
            if (!solved.isEmpty()) {
                DemonstrationParts.join(solved, file, scene.problem(), bddl);
                delete(parts);
            }
            return !solved.isEmpty();
        }
    }

    private void record(LiberoTask task, int episode, int count, Path parts, LiberoEnvironment environment,
            LiberoRecorder recorder, String bddl) {
        Path part = part(parts, episode);
        Path failed = Path.of(part + FAILED);
        if (Files.exists(part) || Files.exists(failed)) {
            return;
        }
        long start = System.nanoTime();
        SimulatedDemonstration demonstration = recorder.record(environment.episode(episode, 0));
        if (demonstration == null) {
            AtomicFile.write(failed, new byte[0]);
        } else {
            DemonstrationFile.write(part, environment.scene().problem(), bddl, demonstration);
        }
        out().println(String.format(Locale.ROOT, "%s: episode %d of %d: %s (%.0f s)", task, episode + 1, count,
                demonstration == null ? "not solved" : "solved in " + demonstration.states().length + " steps",
                (System.nanoTime() - start) / 1e9));
        out().flush();
    }

    private Path part(Path parts, int episode) {
        return parts.resolve(String.format(Locale.ROOT, "episode_%03d_%d", episode, size)
                + DemonstrationFile.SUFFIX);
    }

    private List<Path> solved(Path parts, int count) {
        List<Path> solved = new ArrayList<>();
        for (int episode = 0; episode < count; episode++) {
            if (Files.exists(part(parts, episode))) {
                solved.add(part(parts, episode));
            }
        }
        return solved;
    }

    private static void delete(Path parts) {
        try (Stream<Path> files = Files.list(parts)) {
            for (Path each : (Iterable<Path>) files::iterator) {
                Files.delete(each);
            }
            Files.delete(parts);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    new IOException(parts + ": cannot be removed (" + e + "); the task's file is complete,"
                            + " remove the folder by hand", e));
        }
    }
}
