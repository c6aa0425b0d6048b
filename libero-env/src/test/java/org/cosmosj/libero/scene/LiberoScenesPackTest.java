package org.cosmosj.libero.scene;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.zip.CRC32;
import org.cosmosj.libero.LiberoPack;
import org.cosmosj.libero.LiberoSuite;
import org.cosmosj.libero.LiberoTask;
import org.cosmosj.libero.bddl.BddlParser;
import org.cosmosj.libero.bddl.BddlProblem;
import org.junit.jupiter.api.Test;

/** LIBERO's own files, where they are there. */
class LiberoScenesPackTest {

    @Test
    void parsesAllTasks() {
        LiberoFolders folders = LiberoPack.findOrSkip().folders();

        for (LiberoSuite suite : LiberoSuite.values()) {
            for (LiberoTask task : suite.tasks()) {
                BddlProblem problem = BddlParser.parse(folders.bddl().resolve(task.bddlFile()));
                assertThat(problem.goal()).as(task.toString()).isNotEmpty();
                assertThat(Domain.of(problem, task.bddlFile())).isNotNull();
                problem.objects().forEach(item -> assertThat(ObjectCategory.find(item.category()))
                        .as(task + ": " + item).isNotNull());
            }
        }
    }

    @Test
    void assemblesTheSpatialScenesWithStatesOfTheirWidth() {
        LiberoScenes scenes = new LiberoScenes(LiberoPack.findOrSkip().folders());

        for (LiberoTask task : LiberoSuite.SPATIAL.tasks()) {
            assertThat(scenes.scene(task).initStates()).as(task.toString()).hasDimensions(50, 92);
        }
    }

    @Test
    void readsTheInitFilesExactly() throws IOException {
        LiberoPack pack = LiberoPack.findOrSkip();
        JsonNode golden = new JsonMapper().readTree(pack.golden("pruned_init.json").toFile());

        for (Map.Entry<String, JsonNode> each : golden.properties()) {
            double[][] states = InitStates.read(pack.folders().init().resolve(each.getKey()));
            ByteBuffer bytes = ByteBuffer.allocate(8 * states.length * states[0].length)
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (double[] row : states) {
                for (double number : row) {
                    bytes.putDouble(number);
                }
            }
            CRC32 crc = new CRC32();
            crc.update(bytes.flip());
            assertThat(crc.getValue()).as(each.getKey()).isEqualTo(each.getValue().get("crc32_le_f64").asLong());
        }
        assertThat(golden.size()).isEqualTo(40);
    }
}
