package org.cosmosj.libero.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiberoEvalCommandTest {

    @TempDir
    private Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        List<String> all = new ArrayList<>(List.of("libero", "eval"));
        all.addAll(List.of(args));
        return Main.run(List.of(new LiberoCommand()), new PrintWriter(out, true), new PrintWriter(err, true),
                all.toArray(String[]::new));
    }

    private int runInFolder(String... args) {
        List<String> all = new ArrayList<>(List.of("--libero", folder.toString(), "--robosuite", folder.toString(),
                "--out", folder.resolve("out").toString()));
        all.addAll(List.of(args));
        return run(all.toArray(String[]::new));
    }

    @Test
    void helpSaysWhatIsRunAndWhereItGoes() {
        assertThat(run("--help")).isEqualTo(Main.OK);
        assertThat(out.toString()).contains("--policy", "--resume", "--films", "episodes.jsonl", "195,196,197");
    }

    @Test
    void namesWhatIsWrongWithTheCommandLine() {
        assertThat(runInFolder("--policy", "chance")).isEqualTo(Main.USAGE);
        assertThat(err.toString()).contains("--policy", "chance", "random");
        assertThat(runInFolder("--policy", "replay:none.hdf5")).isEqualTo(Main.USAGE);
        assertThat(err.toString()).contains("none.hdf5 does not exist");
        assertThat(runInFolder("--policy", "random", "--suite", "libero_special")).isEqualTo(Main.FAILED);
        assertThat(err.toString()).contains("there is no suite \"libero_special\"", "libero_10");
        assertThat(runInFolder("--policy", "random", "--tasks", "10")).isEqualTo(Main.FAILED);
        assertThat(err.toString()).contains("has no task \"10\"");
        assertThat(runInFolder("--policy", "random", "--tasks", "1,1")).isEqualTo(Main.FAILED);
        assertThat(err.toString()).contains("expected each once");
        assertThat(runInFolder("--policy", "random", "--episodes", "0")).isEqualTo(Main.FAILED);
        assertThat(err.toString()).contains("0 episodes");
    }

    @Test
    void namesTheFolderThatIsWrongAndTheCure() throws IOException {
        assertThat(runInFolder("--policy", "random")).isEqualTo(Main.FAILED);
        assertThat(err.toString()).contains("holds no bddl_files", "git clone");
        Files.createDirectories(folder.resolve("bddl_files"));
        assertThat(runInFolder("--policy", "random")).isEqualTo(Main.FAILED);
        assertThat(err.toString()).contains("holds no models/assets/base.xml", "pip download");
        assertThat(folder.resolve("out")).doesNotExist();
    }
}
