package org.cosmosj.libero.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.cosmosj.libero.EpisodeId;
import org.cosmosj.libero.bddl.BddlParser;
import org.cosmosj.libero.bddl.BddlProblem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemonstrationPartsTest {

    private static final String BDDL = "(define (problem a) (:goal (On bowl plate)))";
    private static final BddlProblem PROBLEM = BddlParser.parse(BDDL, "a.bddl");
    private static final String MODEL = "<mujoco>" + "x".repeat(100_000) + "</mujoco>";

    @TempDir
    private Path folder;

    private static SimulatedDemonstration demonstration(int episode, int steps) {
        byte[][] pictures = new byte[steps][2 * 2 * 3];
        double[][] states = new double[steps][];
        for (int i = 0; i < steps; i++) {
            Arrays.fill(pictures[i], (byte) (200 + i));
            states[i] = new double[] {i, 0.5 * i, episode};
        }
        Demonstration demo = new Demonstration(new EpisodeId("libero_spatial", "a_task", episode, 0), "a task", 2, 2,
                pictures, pictures, new double[steps][9], new double[steps][7], new double[steps][7], true);
        return new SimulatedDemonstration(demo, states, new double[] {7, 8, 9}, MODEL, 10, "3.14.0");
    }

    private Path part(int episode, int steps) {
        Path part = folder.resolve("part" + episode + "_demo.hdf5");
        DemonstrationFile.write(part, PROBLEM, BDDL, demonstration(episode, steps));
        return part;
    }

    @Test
    void joinsFilesOfOneDemonstrationEach() {
        Path file = folder.resolve("libero_spatial/a_task_demo.hdf5");
        DemonstrationParts.join(List.of(part(3, 4), part(5, 2)), file, PROBLEM, BDDL);

        List<Demonstration> read = DemonstrationFile.read(file);
        assertThat(read).extracting(Demonstration::length).containsExactly(4, 2);
        assertThat(read.get(1).episode()).isEqualTo(new EpisodeId("libero_spatial", "a_task", 5, 0));
        assertThat(read.getFirst().agentviewImages()[3]).containsOnly(203);
        assertThat(read.getFirst().success()).isTrue();

        List<RecordedActions> recorded = RecordedActions.read(file);
        assertThat(recorded.get(1).states()).isDeepEqualTo(new double[][] {{0, 0, 5}, {1, 0.5, 5}});
        assertThat(recorded.getFirst().initState()).containsExactly(7, 8, 9);
        assertThat(recorded.getFirst().model()).contains(MODEL);
        assertThat(recorded.getFirst().settleSteps()).isEqualTo(10);
        assertThat(recorded.getFirst().episode()).contains(3);
        assertThat(recorded.getFirst().success()).isTrue();
    }

    @Test
    void namesAPartThatIsDamaged() throws IOException {
        Path good = part(0, 2);
        Path bad = Files.write(folder.resolve("bad_demo.hdf5"), Arrays.copyOf(Files.readAllBytes(good), 500));

        assertThatThrownBy(() -> DemonstrationParts.join(List.of(good, bad), folder.resolve("a_demo.hdf5"), PROBLEM,
                BDDL)).isInstanceOf(UncheckedIOException.class).hasMessageContaining("bad_demo.hdf5: is damaged")
                .hasMessageContaining("delete it and collect again");
        assertThat(folder.resolve("a_demo.hdf5")).doesNotExist();
    }

    @Test
    void saysWhatIsNoDemonstrationFile() throws IOException {
        assertThatThrownBy(() -> RecordedActions.read(folder.resolve("none"))).hasMessageContaining("does not exist")
                .hasMessageContaining("expected a LIBERO demonstration file (HDF5) with actions and states");
        Path text = Files.writeString(folder.resolve("text"), "no HDF5");
        assertThatThrownBy(() -> RecordedActions.read(text)).isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("text: is damaged or no HDF5 file");
    }
}
