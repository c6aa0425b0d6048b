package org.cosmosj.libero.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.cosmosj.libero.LiberoPack;
import org.cosmosj.libero.mujoco.Installations;
import org.cosmosj.libero.mujoco.MujocoLibrary;
import org.cosmosj.libero.scene.LiberoFolders;
import org.cosmosj.libero.scene.LiberoScenes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenChecksTest {

    private static final List<GoldenCheck> CHECKS = List.of(new ModelCheck(), new PlacementCheck(), new ProbeCheck(),
            new RandomCheck(), new InitFileCheck());

    private static final JsonMapper JSON = new JsonMapper();

    private final StringWriter lines = new StringWriter();
    private final GoldenResults results = new GoldenResults(new PrintWriter(lines));

    static Stream<String> installations() {
        return Installations.all();
    }

    private static GoldenContext context(LiberoPack pack, MujocoLibrary mujoco) {
        LiberoFolders folders = pack.folders();
        return new GoldenContext(folders.bddl().getParent(), folders.robosuite(), new LiberoScenes(folders), mujoco);
    }

    private void check(Path file, GoldenContext context) throws Exception {
        for (GoldenCheck check : CHECKS) {
            if (check.covers(file)) {
                check.run(file, context, results);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("installations")
    void everyGoldenNumberOfScenesAgrees(String where) throws Exception {
        LiberoPack pack = LiberoPack.findOrSkip();

        for (String name : List.of("libero_spatial_t7_model.safetensors", "libero_spatial_t4_probes.safetensors",
                "placements.json", "rng.json", "pruned_init.json")) {
            check(pack.golden(name), context(pack, MujocoLibrary.load(where)));
        }

        assertThat(results.failed()).as(lines.toString()).isZero();
        assertThat(results.passed()).isGreaterThan(200);
    }

    @Test
    void aWrongNumberFails(@TempDir Path folder) throws Exception {
        LiberoPack pack = LiberoPack.findOrSkip();
        GoldenContext context = context(pack, Installations.any());
        ObjectNode placements = (ObjectNode) JSON.readTree(pack.golden("placements.json").toFile());
        ObjectNode tasks = (ObjectNode) placements.at("/suites/libero_spatial");
        tasks.retain(tasks.fieldNames().next());
        String number = "0.035610583525729114";
        assertThat(placements.toString()).contains(number);
        check(Files.writeString(folder.resolve("placements.json"),
                placements.toString().replace(number, "0.035610583525729121")), context);
        String starts = Files.readString(pack.golden("pruned_init.json"));
        check(Files.writeString(folder.resolve("pruned_init.json"),
                starts.replaceFirst("2\\.457112976205914", "2.457112976205915")), context);

        assertThat(results.failed()).as(lines.toString()).isEqualTo(2);
        assertThat(lines.toString()).contains("FAIL").contains("reset 1 (seed 0)");
    }

    @Test
    void judgesTheGeneratorNumberByNumber(@TempDir Path folder) throws Exception {
        Path golden = Files.writeString(folder.resolve("rng.json"), """
            {"seeds": {"0": {"random_sample_20": [0.5488135039273248, 0.7151893663724195],
             "randint": [{"low": 0, "high": 1, "result": 0}, {"low": 3, "high": 10, "result": 6}],
             "after_randn3": {"pos": 8, "has_gauss": 1, "cached_gaussian": 2.240893199201458},
             "state_key_first8_last4": [0, 1]}}}""");

        check(golden, null);

        assertThat(results).hasToString("2 passed, 1 failed");
        assertThat(lines.toString()).contains("FAIL  : seed 0 randint: got [0.0, ").contains("skip  ");
    }
}
