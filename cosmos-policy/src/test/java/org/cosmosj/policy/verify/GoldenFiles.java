package org.cosmosj.policy.verify;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cosmosj.testing.Golden;

/** Copies of the golden files on the class path, since fixtures are opened by path. */
final class GoldenFiles {
    private GoldenFiles() {}

    /** Copies a file and those it names; the path of the first is returned. */
    static Path copy(Path folder, String name, String... siblings) throws IOException {
        for (String sibling : siblings) {
            copyOne(folder, sibling);
        }
        return copyOne(folder, name);
    }

    private static Path copyOne(Path folder, String name) throws IOException {
        Path file = folder.resolve(name + ".safetensors");
        try (InputStream in = Golden.class.getResourceAsStream("/golden/" + name + ".safetensors")) {
            if (in == null) {
                throw new IOException("no golden file " + name + " on the class path");
            }
            Files.copy(in, file);
        }
        return file;
    }
}
