package org.cosmosj.libero.eval;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cosmosj.libero.Agent;
import org.cosmosj.libero.EpisodeId;
import org.cosmosj.libero.Observation;
import org.cosmosj.libero.RandomAgent;
import org.cosmosj.libero.RobotEnvironment;

/** A worker process whose environments fail on cue: the name of the task says how, a folder remembers the attempts. */
final class FakeWorker implements WorkerStage {

    private final Path attempts;

    private FakeWorker(Path attempts) {
        this.attempts = attempts;
    }

    public static void main(String[] args) throws Exception {
        OutputStream replies = ReservedOutput.take();
        if (args.length > 1) {
            System.err.println("cannot start: " + args[1]);
            System.exit(3);
        }
        Worker.serve(System.in, replies, new FakeWorker(Path.of(args[0])));
    }

    static List<String> command(Path attempts, String... more) {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-Xshare:auto",
                "-XX:TieredStopAtLevel=1", "-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=" + attempts + "/crash.log",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                FakeWorker.class.getName(), attempts.toString()));
        command.addAll(List.of(more));
        return command;
    }

    @Override
    public String engine() {
        return "fake 1";
    }

    @Override
    public RobotEnvironment open(String suite, String task) {
        if (task.equals("missing_mesh")) {
            throw new IllegalArgumentException("bowl.msh: no such file; get LIBERO");
        }
        return new FakeEnvironment(task) {
            @Override
            public Observation reset(EpisodeId id) {
                if (id.episode() == 1) {
                    cue(task, first(task));
                }
                return super.reset(id);
            }
        };
    }

    /** Whether this is the first attempt. */
    private boolean first(String task) {
        try {
            Files.createFile(attempts.resolve(task));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void cue(String task, boolean first) {
        switch (task) {
            case "killed_once" -> {
                if (first) {
                    die();
                }
            }
            case "killed_always" -> die();
            case "crashes_once" -> {
                if (first) {
                    crash();
                }
            }
            case "hangs_once" -> {
                if (first) {
                    hang();
                }
            }
            case "prints" -> print("native text on the standard output\n");
            default -> {}
        }
    }

    private static void die() {
        try {
            new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid())).start().waitFor();
            hang();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void hang() {
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As a native library does that follows a wild pointer. */
    @SuppressWarnings("restricted")
    private static void crash() {
        MemorySegment.ofAddress(64).reinterpret(8).set(ValueLayout.JAVA_LONG, 0, 1);
    }

    @SuppressWarnings("restricted")
    private static void print(String text) {
        try (Arena arena = Arena.ofConfined()) {
            Linker linker = Linker.nativeLinker();
            Object _ = linker.downcallHandle(linker.defaultLookup().findOrThrow("write"),
                    FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG))
                    .invoke(1, arena.allocateFrom(text), (long) text.length());
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Agent agent(String name, RobotEnvironment environment, long seed) {
        return new RandomAgent(environment.spec().actionSize(), seed);
    }
}
