package org.cosmosj.policy.query;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Memory of this process as Linux counts it. */
final class ResidentMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String PEAK = "VmHWM:";
    private static final long KIB = 1024;

    private ResidentMemory() {}

    /** Most bytes that were resident at once, mapped files included; empty where the system does not say. */
    static OptionalLong peakBytes() {
        if (!Files.isReadable(STATUS)) {
            return OptionalLong.empty();
        }
        try {
            return Files.readAllLines(STATUS).stream().filter(line -> line.startsWith(PEAK))
                    .mapToLong(line -> KIB * Long.parseLong(line.replaceAll("\\D", ""))).findFirst();
        } catch (IOException _) { // a system without this file has no answer either
            return OptionalLong.empty();
        }
    }
}
