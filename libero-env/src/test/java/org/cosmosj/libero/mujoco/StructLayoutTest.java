package org.cosmosj.libero.mujoco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StructLayoutTest {

    private static final String ALL_INSTALLATIONS = "org.cosmosj.libero.mujoco.Installations#all";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource(ALL_INSTALLATIONS)
    void offsetsEqualTheCompilers(String place) throws Exception {
        try (MujocoInstallation installation = MujocoInstallation.find(place)) {
            Path headers = headersOf(installation);
            StructTable table = HeaderParser.parse(headers);
            List<String> ours = new ArrayList<>();
            StringBuilder source = new StringBuilder("#include <stdio.h>\n#include <stddef.h>\n"
                    + "#include <mujoco/mujoco.h>\nint main() {\n");
            for (String name : LayoutFile.STRUCTS) {
                ours.add(name + " " + table.struct(name).size());
                source.append("printf(\"%s %zu\\n\", \"").append(name).append("\", sizeof(").append(name)
                        .append("));\n");
                table.struct(name).fields().forEach((path, field) -> {
                    ours.add(name + "." + path + " " + field.offset());
                    source.append("printf(\"%s %zu\\n\", \"").append(name).append('.').append(path)
                            .append("\", offsetof(").append(name).append(", ").append(path).append("));\n");
                });
            }
            String compiled = runC(source + "return 0; }\n", headers);

            assertThat(compiled.split("\n")).containsExactlyElementsOf(ours);
            assertThat(ours).hasSizeGreaterThan(600);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL_INSTALLATIONS)
    void constantsEqualTheCompilers(String place) throws Exception {
        try (MujocoInstallation installation = MujocoInstallation.find(place)) {
            Path headers = headersOf(installation);
            StructTable table = HeaderParser.parse(headers);
            StringBuilder source = new StringBuilder("#include <stdio.h>\n#include <mujoco/mujoco.h>\nint main() {\n");
            List<String> ours = new ArrayList<>();
            table.constants().forEach((name, value) -> {
                ours.add(name + " " + value);
                source.append("printf(\"%s %lld\\n\", \"").append(name).append("\", (long long) ").append(name)
                        .append(");\n");
            });
            assertThat(runC(source + "return 0; }\n", headers).split("\n")).containsExactlyElementsOf(ours);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL_INSTALLATIONS)
    void tablesEqualHeaders(String place) {
        try (MujocoInstallation installation = MujocoInstallation.find(place)) {
            StructTable parsed = HeaderParser.parse(headersOf(installation));
            assumeTrue(LayoutFile.known(parsed.version()).isPresent(),
                    "there is no table of MuJoCo " + MujocoLibrary.name(parsed.version()));

            assertThat(LayoutFile.write(LayoutFile.known(parsed.version()).orElseThrow()))
                    .isEqualTo(LayoutFile.write(parsed));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {222, 3014000})
    void tablesAreThere(int version) {
        StructTable table = LayoutFile.known(version).orElseThrow();

        assertThat(table.version()).isEqualTo(version);
        assertThat(table.field("mjModel", "body_pos").extent()).isEqualTo("nbody 3");
        assertThat(table.field("mjModel", "opt.timestep").offset())
                .isEqualTo(table.field("mjModel", "opt").offset());
    }

    @Test
    void followsTheRulesOfCCompilers() throws IOException {
        Files.writeString(folder.resolve("mujoco.h"), "#define mjVERSION_HEADER 7654321\n");
        Files.writeString(folder.resolve("mjmodel.h"), """
                #ifndef GUARD_H_
                #define GUARD_H_
                #define mjTWO 2 // two
                #ifdef mjUSESINGLE
                typedef float mjtNum;
                #else
                typedef double mjtNum;
                #endif
                typedef unsigned char mjtByte;
                typedef enum mjtThing_ { mjA = 0, mjB = 1<<3, mjC, mjD = 2*(mjC+1) } mjtThing;
                struct mjInner_ { mjtByte flag; int x[mjTWO][3]; };
                typedef struct mjInner_ mjInner;
                typedef struct mjModel_ {
                  int nq; /* one
                             comment */
                  struct { float a, b; int c; } global;
                  mjtByte b1, b2;
                  mjtThing thing;
                  mjInner inner;
                  const char* name;  int (*callback)(const mjInner* m, int n);
                  mjtNum *qpos0, *nothing; // (nq x 1)
                } mjModel;
                #endif
                """);
        Files.writeString(folder.resolve("mjdata.h"), "typedef struct mjData_ { double t; } mjData;\n");
        Files.writeString(folder.resolve("mjxmacro.h"), "#define MJMODEL_POINTERS \\\n  X( mjtNum, qpos0, nq, 1 )\n");

        StructTable table = HeaderParser.parse(folder);

        assertThat(table.version()).isEqualTo(7654321);
        assertThat(table.constants()).containsEntry("mjC", 9L).containsEntry("mjD", 20L);
        List<Long> offsets = table.struct("mjModel").fields().values().stream().map(StructTable.Field::offset).toList();
        assertThat(table.struct("mjModel").fields().keySet()).containsExactly("nq", "global", "global.a", "global.b",
                "global.c", "b1", "b2", "thing", "inner", "name", "callback", "qpos0", "nothing");
        assertThat(offsets).containsExactly(0L, 4L, 4L, 8L, 12L, 16L, 17L, 20L, 24L, 56L, 64L, 72L, 80L);
        assertThat(table.struct("mjModel").size()).isEqualTo(88);
        assertThat(table.field("mjModel", "inner.x").offset()).isEqualTo(28);
        assertThat(table.field("mjModel", "qpos0").extent()).isEqualTo("nq 1");
    }

    @Test
    void namesWhatItDoesNotUnderstand() throws IOException {
        Files.writeString(folder.resolve("mujoco.h"), "#define mjVERSION_HEADER 1\n");
        Files.writeString(folder.resolve("mjmodel.h"), "typedef struct mjModel_ { mjSomething x; } mjModel;\n");

        assertThatThrownBy(() -> HeaderParser.parse(folder)).isInstanceOf(MujocoException.class)
                .hasMessageContaining("unknown type mjSomething of field x").hasMessageContaining(folder.toString());
    }

    private Path headersOf(MujocoInstallation installation) {
        assumeTrue(installation.headers().isPresent(), installation + " has no headers: install libmujoco-dev");
        return installation.headers().orElseThrow();
    }

    private String runC(String source, Path headers) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("layout.c"), source);
        Path copies = Files.createDirectory(folder.resolve("mujoco")); // sources say <mujoco/mujoco.h>
        try (DirectoryStream<Path> files = Files.newDirectoryStream(headers, "*.h")) {
            for (Path file : files) {
                Files.copy(file, copies.resolve(file.getFileName()));
            }
        }
        Installations.run(folder, "gcc", "-w", "-I.", "-o", "layout", "layout.c");
        return Installations.run(folder, folder.resolve("layout").toString());
    }
}
