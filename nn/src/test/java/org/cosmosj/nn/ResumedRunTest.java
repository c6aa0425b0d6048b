package org.cosmosj.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that was saved goes on in another process, with another number of threads, to the same bits. */
class ResumedRunTest {
    private static final long STEPS = 6;

    @Test
    void aRunThatTwoProcessesShareHasTheBitsOfOneThatWasNotInterrupted(@TempDir Path folder) throws Exception {
        String whole = ResumedRun.bits(folder.resolve("whole.safetensors"), STEPS);

        Path shared = folder.resolve("shared.safetensors");
        String half = inAFreshJvm(shared, STEPS / 2, 1);
        String rest = inAFreshJvm(shared, STEPS, 3);

        assertThat(rest).isEqualTo(whole).isNotEqualTo(half);
    }

    private static String inAFreshJvm(Path file, long end, int threads) throws Exception {
        Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules", "jdk.incubator.vector", "-Dcosmosj.threads=" + threads, "-Xmx256m", "-cp",
                System.getProperty("java.class.path"), ResumedRun.class.getName(), file.toString(),
                Long.toString(end)).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            List<String> lines = child.inputReader().lines().toList();
            assertThat(child.waitFor(120, TimeUnit.SECONDS)).as("the child ended").isTrue();
            assertThat(child.exitValue()).as("exit code of the child, which printed %s", lines).isZero();
            return lines.getLast();
        } finally {
            child.destroyForcibly();
        }
    }
}
