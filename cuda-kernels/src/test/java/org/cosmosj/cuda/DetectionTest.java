package org.cosmosj.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jcuda.driver.CUresult;
import org.cosmosj.tensor.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is missing, detection gives one line and no exception, and leaves no file behind. */
class DetectionTest {
    @TempDir
    private Path temporary;

    @Test
    void aMachineWithoutADriverIsToldSo() throws Exception {
        assumeTrue(!Files.exists(Path.of("/proc/driver/nvidia")), "this machine has an NVIDIA driver");

        assertThat(detect(_ -> true)).containsExactly("libcuda.so.1 not found (no NVIDIA driver); install one");
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left).as("files left in the temporary folder").isEmpty();
        }
    }

    @Test
    void missingNativesAreNamed() throws Exception {
        assertThat(detect(jar -> !jar.contains("jcuda-natives"))).singleElement().asString()
                .startsWith("JCuda has no native libraries for ").endsWith("add jcuda-natives for this platform");
    }

    @Test
    void aMissingBindingIsNamed() throws Exception {
        assertThat(detect(jar -> !jar.contains("jcuda"))).singleElement().asString()
                .startsWith("JCuda cannot be loaded").endsWith("put jcuda and jcuda-natives of one version on the class"
                        + " path");
    }

    @Test
    void refusalsOfTheDriverGiveTheCure() {
        assertThat(DriverLibrary.refusal(CUresult.CUDA_ERROR_NO_DEVICE)).contains("no CUDA device", "nvidia-smi");
        assertThat(DriverLibrary.refusal(CUresult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH)).contains("different versions");
        assertThat(DriverLibrary.refusal(CUresult.CUDA_ERROR_NOT_INITIALIZED)).contains("CUDA_ERROR_NOT_INITIALIZED");
        assertThat(DriverLibrary.oldDriver(11080)).hasValue("the NVIDIA driver supports CUDA 11.8, the kernels need"
                + " 12.0 or newer; update the driver");
        assertThat(DriverLibrary.oldDriver(12000)).isEmpty();
        assertThat(DriverLibrary.linkProblem("x: libcublas.so.12: cannot open shared object file"))
                .isEqualTo("libcublas.so.12 not found; install it");
    }

    @Test
    void olderGenerationsAreRefused() {
        assertThat(new CudaDevice(0, "Tesla T4", 75, 1L << 34).problem()).hasValue("Tesla T4 has compute capability"
                + " 7.5, the kernels need 8.0 (Ampere) or newer; use the CPU");
        assertThat(new CudaDevice(0, "A100", 80, 1L << 34).problem()).isEmpty();
        assertThat(new CudaBackendProvider().kind()).isEqualTo(Device.Kind.CUDA);
    }

    private List<String> detect(java.util.function.Predicate<String> onClassPath)
            throws IOException, InterruptedException {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> onClassPath.test(Path.of(entry).getFileName().toString()))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-Djava.io.tmpdir=" + temporary, "-cp",
                classPath, DetectionMain.class.getName()));
        // Without redirection: whatever is printed besides the answer fails the test.
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().toList();
    }
}
