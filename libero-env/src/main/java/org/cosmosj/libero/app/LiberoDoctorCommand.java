package org.cosmosj.libero.app;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cosmosj.libero.LiberoSuite;
import org.cosmosj.libero.LiberoTask;
import org.cosmosj.libero.mujoco.MujocoLibrary;
import org.cosmosj.libero.mujoco.VersionDifference;
import org.cosmosj.libero.render.Picture;
import org.cosmosj.libero.render.PictureFiles;
import org.cosmosj.libero.scene.LiberoFolders;
import org.cosmosj.libero.scene.LiberoScene;
import org.cosmosj.libero.scene.LiberoScenes;
import org.cosmosj.libero.sim.EnvironmentSpeed;
import org.cosmosj.libero.sim.LiberoEnvironment;
import org.cosmosj.libero.sim.LiberoObservation;
import org.cosmosj.libero.sim.LiberoSettings;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./cosmosj libero doctor}: checks every part that LIBERO needs, one line each, with the cure. */
@CommandLine.Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Checks folders, library, headers, version, scenes, start states, physics and rendering, one line each"
                    + " with the cure; draws one frame of a task as PNG.",
            "Says how the MuJoCo found differs from the one that the paper used, and what that changes."
        })
public final class LiberoDoctorCommand implements Callable<Integer> {

    private static final Pattern FILE = Pattern.compile("file=\"([^\"]+)\"");
    private static final int TIMED_STEPS = 100;
    /** A suite whose assets are absent may name dozens of files. */
    private static final int LONGEST = 400;

    @Spec
    private CommandSpec spec;

    @Mixin
    private LiberoInstall install;

    @Option(names = "--suite", paramLabel = "SUITE", defaultValue = "libero_spatial",
            description = "Suite of the task that is run (default: ${DEFAULT-VALUE}).")
    private String suite;

    @Option(names = "--task", paramLabel = "TASK", defaultValue = "0",
            description = "Name or index of the task that is run (default: ${DEFAULT-VALUE}).")
    private String task;

    @Option(names = "--out", paramLabel = "FILE", defaultValue = "libero-frame.png",
            description = "Takes the frame, both cameras side by side (default: ${DEFAULT-VALUE}).")
    private Path out;

    private int failed;

    /** Made by the command line. */
    public LiberoDoctorCommand() {
    }

    /** A part of the installation. */
    private interface Part<T> {
        T check() throws Exception;
    }

    @Override
    public Integer call() {
        LiberoTask chosen = LiberoSuite.of(suite).task(task);
        Optional<Path> bddl = part("libero", () -> LiberoFolders.findLibero(install.libero()), Path::toString);
        Optional<Path> parts = part("robosuite",
                () -> LiberoFolders.findRobosuite(install.robosuite(), install.cache()), Path::toString);
        Optional<MujocoLibrary> mujoco = part("mujoco", install::mujoco, LiberoDoctorCommand::describe);
        mujoco.ifPresent(library -> line("ok", "version", VersionDifference.of(library.version()).text()));
        if (bddl.isPresent() && parts.isPresent()) {
            LiberoScenes scenes = new LiberoScenes(install.folders());
            for (LiberoSuite each : LiberoSuite.values()) {
                scenes(each, scenes);
            }
            Optional<LiberoScene> scene = part("task", () -> scenes.scene(chosen), LiberoScene::instruction);
            scene.ifPresent(each -> part("starts", each::initStates,
                    states -> states.length + " start states of " + states[0].length + " numbers"));
            if (scene.isPresent() && mujoco.isPresent()) {
                run(scene.get(), mujoco.get());
            }
        }
        spec.commandLine().getOut().println(failed == 0
                ? "everything that LIBERO needs is here"
                : failed + " parts are missing or damaged; the lines above say what to do");
        return failed == 0 ? Main.OK : Main.FAILED;
    }

    private static String describe(MujocoLibrary library) {
        return "MuJoCo " + library.versionName() + " of " + library.origin() + ", struct layouts from "
                + library.layoutSource();
    }

    /** Whether all tasks of a suite can be assembled and all files are there that they name. */
    private void scenes(LiberoSuite each, LiberoScenes scenes) {
        int complete = 0;
        String first = "";
        List<LiberoTask> tasks = each.tasks();
        for (LiberoTask one : tasks) {
            String problem = problem(one, scenes);
            complete += problem.isEmpty() ? 1 : 0;
            first = first.isEmpty() ? problem : first;
        }
        boolean wanted = each.folder().equals(suite);
        line(complete == tasks.size() ? "ok" : wanted ? "FAIL" : "note", "scenes",
                each.folder() + ": " + complete + " of " + tasks.size() + " tasks have all their files"
                        + (first.isEmpty() ? "" : "; first problem: " + shortened(first)));
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }

    private static String problem(LiberoTask task, LiberoScenes scenes) {
        try {
            Matcher file = FILE.matcher(scenes.scene(task).mjcf());
            while (file.find()) {
                if (!Files.exists(Path.of(file.group(1)))) {
                    return file.group(1) + " is missing; get the complete checkout, large files too";
                }
            }
            return "";
        } catch (RuntimeException e) {
            return e.getMessage();
        }
    }

    private void run(LiberoScene scene, MujocoLibrary mujoco) {
        Optional<LiberoEnvironment> environment = part("physics",
                () -> new LiberoEnvironment(scene, mujoco, LiberoSettings.EVALUATION),
                each -> "the scene compiles: " + each.simulation().model().size("nbody") + " bodies, "
                        + each.simulation().model().size("ngeom") + " shapes");
        environment.ifPresent(each -> {
            try (each) {
                Optional<LiberoObservation> first = part("episode", () -> each.reset(each.episode(0, 0)),
                        observation -> "starts, end effector at "
                                + Arrays.toString(observation.arrays().get("robot0_eef_pos")));
                first.ifPresent(observation -> {
                    part("picture", () -> draw(observation), file -> file + ", drawn by " + each.renderer());
                    part("speed", () -> EnvironmentSpeed.measure(each, TIMED_STEPS), LiberoDoctorCommand::describe);
                });
            }
        });
    }

    private Path draw(LiberoObservation observation) {
        int side = LiberoSettings.EVALUATION.imageHeight();
        PictureFiles.writePng(out, Picture.row(4, new Picture(side, side, observation.agentviewImage()),
                new Picture(side, side, observation.wristImage())));
        return out;
    }

    private static String describe(EnvironmentSpeed speed) {
        return String.format(Locale.ROOT, "%.1f environment steps/s without pictures; bare mj_step %.0f/s; %.1f %% of"
                + " an environment step is not MuJoCo's", speed.stepsPerSecond(), speed.mujocoPerSecond(),
                100 * speed.javaShare());
    }

    private <T> Optional<T> part(String name, Part<T> part, Function<T, String> describe) {
        try {
            T found = part.check();
            line("ok", name, describe.apply(found));
            return Optional.of(found);
        } catch (Exception e) {
            line("FAIL", name, e.getMessage() == null ? e.toString() : e.getMessage());
            return Optional.empty();
        }
    }

    private void line(String outcome, String name, String text) {
        failed += outcome.equals("FAIL") ? 1 : 0;
        PrintWriter printer = spec.commandLine().getOut();
        printer.printf("%-5s %-10s %s%n", outcome, name, text);
        printer.flush();
    }
}
