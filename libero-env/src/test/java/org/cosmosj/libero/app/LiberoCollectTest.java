package org.cosmosj.libero.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cosmosj.libero.LiberoPack;
import org.cosmosj.libero.LiberoSuite;
import org.cosmosj.libero.LiberoTask;
import org.cosmosj.libero.data.DemonstrationFile;
import org.cosmosj.libero.mujoco.Installations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Collects a real demonstration and replays it, where LIBERO's scenes are there. */
class LiberoCollectTest {

    private static final LiberoTask TASK = LiberoSuite.SPATIAL.task("8");

    @TempDir
    private Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String command, String... more) {
        LiberoPack pack = LiberoPack.findOrSkip();
        List<String> arguments = new ArrayList<>(List.of("libero", command, "--libero",
                pack.root().resolve("libero/LIBERO").toString(), "--robosuite",
                pack.root().resolve("libero/robosuite").toString(), "--mujoco",
                Installations.all().findFirst().orElseThrow()));
        arguments.addAll(List.of(more));
        return Main.run(List.of(new LiberoCommand()), new PrintWriter(out, true), new PrintWriter(err, true),
                arguments.toArray(String[]::new));
    }

    @Test
    void collectsGoesOnAndReplaysWithEqualStates() throws IOException {
        Path file = folder.resolve(TASK.demonstrationFile());
        Path parts = file.resolveSibling(TASK.name() + "_parts");
        Files.createDirectories(parts); // a run that found episode 1 unsolvable and was stopped
        Files.createFile(parts.resolve("episode_001_16_demo.hdf5.failed"));
        String[] collect = {"--tasks", "8", "--episodes", "2", "--size", "16", "--out", folder.toString()};

        assertThat(run("collect", collect)).as(err.toString()).isEqualTo(Main.OK);
        assertThat(out.toString()).contains("episode 1 of 2: solved in ").doesNotContain("episode 2 of 2")
                .contains("1 of 2 episodes solved");
        assertThat(parts).doesNotExist();
        assertThat(DemonstrationFile.read(file)).hasSize(1);
        assertThat(run("collect", collect)).isEqualTo(Main.OK);
        assertThat(out.toString()).contains("is there already");

        assertThat(run("replay", file.toString())).as(err.toString()).isEqualTo(Main.OK);
        assertThat(out.toString()).contains("joint positions within 0.0e+00, true success, recorded true")
                .endsWith("1 passed, 0 failed\n");
    }

    @Test
    void saysWhatIsWrongWithAFile() throws IOException {
        LiberoPack.findOrSkip();
        assertThat(run("replay", folder.resolve("other.hdf5").toString())).isEqualTo(Main.FAILED);
        assertThat(err.toString()).contains("expected a name that ends with _demo.hdf5");
        assertThat(run("replay", "--suite", "libero_spatial", Files.writeString(
                folder.resolve(TASK.name() + "_demo.hdf5"), "no").toString())).isEqualTo(Main.FAILED);
        assertThat(err.toString()).contains("is damaged or no HDF5 file");
        assertThat(run("collect", "--tasks", "99", "--out", folder.toString())).isEqualTo(Main.FAILED);
        assertThat(err.toString()).contains("suite libero_spatial has no task \"99\"");
    }
}
