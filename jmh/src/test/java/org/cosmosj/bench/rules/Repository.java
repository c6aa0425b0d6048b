package org.cosmosj.bench.rules;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the sources of the project stand. */
final class Repository {
    private Repository() {}

    /** The folder of the launcher and of the modules, at or above the working directory. */
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.isRegularFile(folder.resolve(".mvn/bom/pom.xml"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("no .mvn/bom/pom.xml at or above " + Path.of("").toAbsolutePath()
                    + ": run the tests inside a checkout");
        }
        return folder;
    }
}
