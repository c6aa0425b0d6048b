package org.cosmosj.libero.mujoco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MujocoLibraryTest {

    @TempDir
    private Path folder;

    @Test
    void writesVersionsAsTheyAreKnown() {
        assertThat(MujocoLibrary.name(222)).isEqualTo("2.2.2");
        assertThat(MujocoLibrary.name(332)).isEqualTo("3.3.2");
        assertThat(MujocoLibrary.name(3014000)).isEqualTo("3.14.0");
    }

    @Test
    void saysWhereItLooked() {
        assertThatThrownBy(() -> MujocoLibrary.load(folder.toString())).isInstanceOf(MujocoException.class)
                .hasMessageContaining("no libmujoco.so in").hasMessageContaining(folder.toString())
                .hasMessageContaining("apt-get install libmujoco2.2.2");
        assertThatThrownBy(() -> MujocoLibrary.load(folder.resolve("none").toString()))
                .hasMessageContaining("does not exist");
    }

    @Test
    void refusesWhatIsNoWheel() throws IOException {
        Path text = Files.writeString(folder.resolve("mujoco.whl"), "no zip");
        assertThatThrownBy(() -> MujocoLibrary.load(text.toString())).hasMessageContaining("is no wheel of mujoco");

        Path empty = folder.resolve("empty.whl");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(empty))) {
            zip.putNextEntry(new ZipEntry("mujoco/../../libmujoco.so.3"));
        }
        assertThatThrownBy(() -> MujocoLibrary.load(empty.toString())).hasMessageContaining("is no wheel of mujoco");
    }

    @Test
    void refusesWhatIsNoLibrary() throws IOException {
        Files.writeString(folder.resolve("libmujoco.so"), "text");

        assertThatThrownBy(() -> MujocoLibrary.load(folder.toString())).isInstanceOf(MujocoException.class)
                .hasMessageContaining("cannot be loaded");
    }

    @Test
    void refusesAnUnknownVersionWithoutHeaders() throws Exception {
        Installations.library(folder, "int mj_version(void) { return 3015000; }");

        assertThatThrownBy(() -> MujocoLibrary.load(folder.toString())).isInstanceOf(MujocoException.class)
                .hasMessageContaining("is version 3.15.0, whose headers are missing")
                .hasMessageContaining("include/mujoco");
    }

    @Test
    void refusesHeadersOfAnotherVersion() throws Exception {
        Installations.library(folder, "int mj_version(void) { return 3015000; }");
        Path headers = Files.createDirectories(folder.resolve("include/mujoco"));
        Files.writeString(headers.resolve("mujoco.h"), "#define mjVERSION_HEADER 3016000\n");
        Files.writeString(headers.resolve("mjmodel.h"), "typedef struct mjModel_ { int nq; } mjModel;\n");

        assertThatThrownBy(() -> MujocoLibrary.load(folder.toString())).isInstanceOf(MujocoException.class)
                .hasMessageContaining("is version 3.15.0 but its headers").hasMessageContaining("are of 3.16.0");
    }

    @Test
    void namesAMissingFunction() throws Exception {
        Installations.library(folder, "int mj_version(void) { return 222; } void mj_loadXML(void) { }");

        assertThatThrownBy(() -> MujocoLibrary.load(folder.toString())).isInstanceOf(MujocoException.class)
                .hasMessageContaining("(version 2.2.2) has no function mj_deleteModel");
    }

    @Test
    void namesALibraryThatIsNotMujoco() throws Exception {
        Installations.library(folder, "int something(void) { return 1; }");

        assertThatThrownBy(() -> MujocoLibrary.load(folder.toString())).hasMessageContaining("it is no MuJoCo");
    }

    @Test
    void leavesNothingOfAWheelBehind() throws Exception {
        Installations.library(folder, "int mj_version(void) { return 3015000; }");
        Path wheel = folder.resolve("mujoco-3.15.0.whl");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(wheel))) {
            zip.putNextEntry(new ZipEntry("mujoco/libmujoco.so.3.15.0"));
            Files.copy(folder.resolve("libmujoco.so"), zip);
        }
        List<Path> before = temporary();

        assertThatThrownBy(() -> MujocoLibrary.load(wheel.toString())).hasMessageContaining("is version 3.15.0");

        assertThat(temporary()).isEqualTo(before);
    }

    private static List<Path> temporary() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("cosmosj-mujoco")).sorted().toList();
        }
    }
}
