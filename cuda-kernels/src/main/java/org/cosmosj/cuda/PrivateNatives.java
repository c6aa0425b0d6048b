package org.cosmosj.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Has JCuda unpack its native libraries into a folder that only this process can write and that is removed once they
 * are loaded. By itself JCuda writes them under fixed names into the shared temporary folder, leaves them there, and
 * loads whatever file already has the name.
 */
final class PrivateNatives {
    private static final String FOLDER = "java.io.tmpdir";

    private PrivateNatives() {}

    /** What touches a JCuda class for the first time. */
    @FunctionalInterface
    interface Loading<T> {
        T load();
    }

    /**
     * Runs {@code loading} while JCuda's temporary folder is a private one.
     *
     * @throws IOException if no private folder can be made
     */
    static synchronized <T> T during(Loading<T> loading) throws IOException {
        String shared = System.getProperty(FOLDER);
        Path own = Files.createTempDirectory("cosmosj-natives-");
        System.setProperty(FOLDER, own.toString());
        try {
            return loading.load();
        } finally {
            System.setProperty(FOLDER, shared);
            remove(own);
        }
    }

    /** A mapped library stays usable after its name is gone, on the one system that JCuda has natives for here. */
    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
