package org.cosmosj.libero.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.cosmosj.libero.LiberoPack;
import org.cosmosj.libero.mujoco.Installations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiberoCommandTest {

    private static final String GOLDEN = "golden/libero_spatial_t0_reset_only.safetensors";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(Stream<String> args) {
        return Main.run(List.of(new LiberoCommand()), new PrintWriter(out), new PrintWriter(err),
                args.toArray(String[]::new));
    }

    private int run(String command, String libero, String robosuite, String mujoco, String... more) {
        return run(Stream.concat(Stream.of("libero", command, "--libero", libero, "--robosuite", robosuite, "--mujoco",
                mujoco), Stream.of(more)));
    }

    @Test
    void doctorNamesEveryMissingPartAndItsCure() {
        String nowhere = folder.toString();

        int code = run("doctor", nowhere, nowhere, nowhere, "--out", folder.resolve("frame.png").toString());

        assertThat(code).isEqualTo(Main.FAILED);
        assertThat(out.toString().lines().filter(line -> line.startsWith("FAIL")))
                .anyMatch(line -> line.contains("libero") && line.contains("git clone"))
                .anyMatch(line -> line.contains("robosuite") && line.contains("pip download"))
                .anyMatch(line -> line.contains("no libmujoco.so") && line.contains("apt-get install"));
        assertThat(out.toString().lines().toList().getLast()).startsWith("3 parts are missing");
    }

    @Test
    void verifyRefusesAFolderWithoutGoldenFiles() {
        assertThat(run("verify", "none", "none", "system", folder.toString())).isEqualTo(Main.FAILED);
        assertThat(err.toString()).contains("holds no .safetensors or .json file");
    }

    @Test
    void wrongUsageIsAUsageError() {
        assertThat(run(Stream.of("libero"))).isEqualTo(Main.USAGE);
        assertThat(run(Stream.of("libero", "verify", "--libero", "x"))).isEqualTo(Main.USAGE);
        assertThat(err.toString()).contains("--robosuite");
    }

    @Test
    void verifyComparesAnEpisodeAndSeesAChange() throws Exception {
        Path pack = LiberoPack.findOrSkip().root();
        String mujoco = Installations.all().findFirst().orElseThrow();
        Path golden = Files.copy(pack.resolve(GOLDEN), folder.resolve("libero_spatial_t0_reset_only.safetensors"));

        assertThat(verify(pack, mujoco)).isEqualTo(Main.OK);
        assertThat(out.toString().lines().toList().getLast()).matches("[6-9]\\d passed, 0 failed");

        byte[] bytes = Files.readAllBytes(golden);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putDouble(bytes.length - 8, buffer.getDouble(bytes.length - 8) + 1e-3);
        Files.write(golden, bytes);
        Files.writeString(folder.resolve("unknown.json"), "{}");
        out.getBuffer().setLength(0);

        assertThat(verify(pack, mujoco)).isEqualTo(Main.FAILED);
        assertThat(out.toString()).contains("unknown.json: file: no check is for files of this name");
        assertThat(out.toString().lines().filter(line -> line.startsWith("FAIL"))).hasSizeGreaterThan(1);
    }

    @Test
    void doctorDrawsAFrame() {
        Path pack = LiberoPack.findOrSkip().root();
        Path frame = folder.resolve("frame.png");

        int code = run("doctor", pack.resolve("libero/LIBERO").toString(), pack.resolve("libero/robosuite").toString(),
                Installations.all().findFirst().orElseThrow(), "--out", frame.toString());

        assertThat(out.toString()).contains("50 start states of 92 numbers", "environment steps/s", "paper's 3.3.2");
        assumeTrue(!out.toString().contains("EGL"), "this machine cannot draw off screen");
        assertThat(code).isEqualTo(Main.OK);
        assertThat(frame).exists();
    }

    private int verify(Path pack, String mujoco) {
        return run("verify", pack.resolve("libero/LIBERO").toString(), pack.resolve("libero/robosuite").toString(),
                mujoco, folder.toString());
    }
}
