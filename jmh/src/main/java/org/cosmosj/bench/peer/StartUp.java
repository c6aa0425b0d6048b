package org.cosmosj.bench.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Seconds from the start of a process. */
final class StartUp {
    private static final int RUNS = 5;
    private static final int TIMEOUT_SECONDS = 60;

    private StartUp() {}

    /** Until the launcher has printed its help; the command line's main where there is no launcher. */
    static double help() {
        Path launcher = launcher();
        List<String> command = Sides.java(List.of("--add-modules", "jdk.incubator.vector"));
        command.addAll(List.of("org.cosmosj.libero.app.Main", "--help"));
        return shortest(Files.isExecutable(launcher) ? List.of(launcher.toString(), "--help") : command);
    }

    /** In the folder above the one that this module was built in. */
    private static Path launcher() {
        Path classes = Path.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator)[0])
                .toAbsolutePath();
        Path module = classes.getNameCount() > 3 ? classes.getParent().getParent() : classes;
        return module.resolveSibling("cosmosj");
    }

    /** Until a fresh process has trained the tiny transformer for one step. */
    static double firstStep() {
        List<String> command = Sides.java(List.of("--add-modules", "jdk.incubator.vector"));
        command.add(FirstStep.class.getName());
        return shortest(command);
    }

    private static double shortest(List<String> command) {
        double shortest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < RUNS; i++) {
            shortest = Math.min(shortest, once(command));
        }
        return shortest;
    }

    private static double once(List<String> command) {
        long start = System.nanoTime();
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new RowException(command.getFirst() + " did not end within " + TIMEOUT_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                throw new RowException(String.join(" ", command) + " ended with exit code " + process.exitValue());
            }
        } catch (IOException e) {
            throw new RowException(command.getFirst() + " cannot be started: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RowException("interrupted");
        }
        return (System.nanoTime() - start) * 1e-9;
    }
}
