package org.cosmosj.tensor.determinism;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tensor;
import org.junit.jupiter.api.Test;

/**
 * A compiler that takes over must not change bits: a fresh JVM's first call against its 20,000th, and against this
 * JVM.
 */
class FirstCallTest {
    @Test
    void theFirstCallOfAFreshJvmEqualsTheTwentyThousandth() throws IOException, InterruptedException {
        List<String> lines = runInAFreshJvm();
        Map<String, Long> here = FirstCallMain.once();
        List<String> wrong = new ArrayList<>();
        for (String line : lines) {
            String[] fields = line.split(" ");
            if (!fields[1].equals(fields[2]) || !fields[3].equals("-1")) {
                wrong.add(fields[0] + ": call " + fields[3] + " had other bits than the first");
            }
            if (here.get(fields[0]) != Long.parseLong(fields[1])) {
                wrong.add(fields[0] + ": a fresh JVM has other bits than this one");
            }
        }

        assertThat(lines).hasSize(here.size());
        assertThat(wrong).isEmpty();
    }

    @Test
    void aChangeOfBitsIsSeen() {
        try (Scope _ = Scope.open(Device.cpu(), "inputs")) {
            Tensor before = Tensor.of(new float[] {1, 2}, 2);
            Tensor after = Tensor.of(new float[] {1, Math.nextUp(2f)}, 2);
            AtomicInteger calls = new AtomicInteger();

            String seen = FirstCallMain.watch(() -> calls.getAndIncrement() == 7 ? after : before, 20);

            assertThat(seen).isEqualTo(Bits.of(before) + " " + Bits.of(before) + " 7");
        }
    }

    private static List<String> runInAFreshJvm() throws IOException, InterruptedException {
        Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules", "jdk.incubator.vector", "-Dcosmosj.threads=1", "-Xmx256m", "-cp",
                System.getProperty("java.class.path"), FirstCallMain.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            List<String> lines = child.inputReader().lines().toList();
            assertThat(child.waitFor(120, TimeUnit.SECONDS)).as("the child ended").isTrue();
            assertThat(child.exitValue()).as("exit code of the child, which printed %s", lines).isZero();
            return lines;
        } finally {
            child.destroyForcibly();
        }
    }
}
