package org.cosmosj.bench.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory of this process, as Linux counts it. */
final class ResidentMemory {
    private static final Path STATUS = Path.of("/proc/self/status");

    private ResidentMemory() {}

    /** Such as {@code , 180 MB resident}; empty where the system does not say. */
    static String text() {
        if (!Files.isReadable(STATUS)) {
            return "";
        }
        try {
            return Files.readAllLines(STATUS).stream().filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> ", " + Long.parseLong(line.replaceAll("\\D", "")) / 1024 + " MB resident").findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
