package org.cosmosj.bench.peer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cosmosj.bench.peer.PeerRow.Opponent;

/** The processes that take part: the peer, started once, and workers of this library by threads and flags. */
final class Sides implements AutoCloseable {
    private static final String SCRIPT = "peer.py";
    private static final List<String> VECTORS = List.of("--add-modules", "jdk.incubator.vector");

    private final long timeoutSeconds;
    private final SideProcess peer;
    private final String versions;
    private final Map<String, SideProcess> workers = new HashMap<>();

    /**
     * Starts the peer and asks for its versions.
     *
     * @param python command that starts Python, words separated by spaces
     * @param folder receives the script
     * @param timeoutSeconds how long any answer may take
     * @throws PeerException if Python, PyTorch or NumPy is missing or of another version
     */
    Sides(String python, Path folder, long timeoutSeconds) {
        this.timeoutSeconds = timeoutSeconds;
        List<String> command = new ArrayList<>(List.of(python.strip().split("\\s+")));
        command.add(script(folder).toString());
        this.peer = new SideProcess("peer '" + python + "'", command, timeoutSeconds);
        try {
            this.versions = String.join(", ", peer.ask("hello")) + ", Java " + System.getProperty("java.vm.version");
        } catch (RowException e) {
            close();
            throw new PeerException(e.getMessage(), e);
        } catch (PeerException e) {
            close();
            throw e;
        }
    }

    private static Path script(Path folder) {
        Path script = folder.resolve(SCRIPT);
        try (InputStream resource = Sides.class.getResourceAsStream(SCRIPT)) {
            Files.copy(resource, script);
            return script;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String versions() {
        return versions;
    }

    /** This library as a row wants it. */
    SideProcess ours(Opponent opponent, int threads) {
        return worker(threads, opponent == Opponent.TORCH_WITHOUT_VECTORS ? List.of() : VECTORS, "");
    }

    /** Who a row is compared with. */
    SideProcess theirs(Opponent opponent, int threads) {
        return switch (opponent) {
            case TORCH, OPENBLAS, TORCH_WITHOUT_VECTORS -> peer;
            case ONE_THREAD -> worker(1, VECTORS, "rival");
            case SELF -> worker(threads, VECTORS, "rival");
            case NOBODY -> throw new IllegalArgumentException("bench: nobody to compare with");
        };
    }

    private SideProcess worker(int threads, List<String> flags, String role) {
        return workers.computeIfAbsent(threads + " " + flags + role, key -> {
            List<String> command = java(flags);
            command.add("-Dcosmosj.threads=" + threads);
            command.add(Worker.class.getName());
            return new SideProcess("worker of " + threads + " thread(s)", command, timeoutSeconds);
        });
    }

    /** A JVM like the launcher's, with this one's class path. */
    static List<String> java(List<String> flags) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-cp",
                System.getProperty("java.class.path")));
        return command;
    }

    @Override
    public void close() {
        workers.values().forEach(SideProcess::close);
        if (peer != null) {
            peer.close();
        }
    }
}
