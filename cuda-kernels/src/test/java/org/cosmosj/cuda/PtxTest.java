package org.cosmosj.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.cosmosj.testing.gpu.Translation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The committed PTX is what the sources say, for drivers from CUDA 12.0 on, and names no folder of the builder's. */
class PtxTest {
    static List<String> modules() throws IOException {
        return PtxSources.modules();
    }

    @Test
    void everySourceHasItsModule() throws IOException {
        assertThat(KernelLibrary.MODULES).isEqualTo(PtxSources.modules());
    }

    @ParameterizedTest
    @MethodSource("modules")
    void ptxIsMadeFromTheseSources(String module) throws Exception {
        assertThat(PtxSources.header(module, "src-sha256"))
                .as("hash of %s.cu, the headers and %s; run %2$s after changing them", module, PtxSources.SCRIPT)
                .isEqualTo(PtxSources.hash(module));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void headersFitTheOldestDriverAndDevice(String module) {
        String ptx = KernelLibrary.ptx(module);

        assertThat(ptx).contains("\n.version 8.0\n", "\n.target sm_80\n");
        assertThat(ptx.lines().filter(line -> line.strip().startsWith(".file"))).isNotEmpty()
                .noneMatch(line -> line.contains("/"));
    }

    /** Only what IEEE 754 defines: the emulator then has the bits of every device. */
    @ParameterizedTest
    @MethodSource("modules")
    void kernelsUseNoApproximateInstruction(String module) {
        assertThat(Translation.of(KernelLibrary.ptx(module)).forms())
                .noneMatch(form -> form.contains("approx") || form.contains("ftz") || form.contains("atom"));
    }

    @Test
    void aRebuildGivesTheSameBytes(@TempDir Path folder) throws Exception {
        Optional<String> build = output("nvcc", "--version").map(text -> text.strip().lines().reduce((a, b) -> b)
                .orElse(""));
        assumeTrue(build.isPresent(), "there is no nvcc to rebuild the PTX with");
        String committed = PtxSources.header("copy", "nvcc");
        assumeTrue(build.get().equals(committed), "nvcc is " + build.get() + ", the PTX was built by " + committed);

        output("bash", PtxSources.SCRIPT.toString(), folder.toString()).orElseThrow();

        for (String module : PtxSources.modules()) {
            assertThat(Files.readString(folder.resolve(module + ".ptx"))).as(module)
                    .isEqualTo(KernelLibrary.ptx(module));
        }
    }

    private static Optional<String> output(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(text).isZero();
            return Optional.of(text);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
