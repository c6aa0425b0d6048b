package org.cosmosj.tensor.internal.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the kernels of every vector width on any machine; a width the processor lacks is emulated by the JDK. */
class VectorWidthTest {
    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void matrixAndAttentionKernelsGiveTheSameBitsAtEveryWidth(int bits) throws IOException, InterruptedException {
        List<String> expected = new ArrayList<>(List.of("lanes " + bits / 32));
        VectorWidthMain.fingerprints().forEach((name, print) -> expected.add(name + " " + print));

        assertThat(linesOfAFreshJvm(bits)).isEqualTo(expected);
    }

    private static List<String> linesOfAFreshJvm(int bits) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules", "jdk.incubator.vector", "-Dcosmosj.cpu.vectorBits=" + bits, "-Dcosmosj.threads=1",
                "-Xmx256m", "-cp", System.getProperty("java.class.path"), VectorWidthMain.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            List<String> lines = child.inputReader().lines().toList();
            assertThat(child.waitFor(300, TimeUnit.SECONDS)).as("the child ended").isTrue();
            assertThat(child.exitValue()).as("exit code of the child, which printed %s", lines).isZero();
            return lines;
        } finally {
            child.destroyForcibly();
        }
    }
}
