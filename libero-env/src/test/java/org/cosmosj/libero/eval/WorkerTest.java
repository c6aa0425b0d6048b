package org.cosmosj.libero.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cosmosj.libero.LiberoPack;
import org.cosmosj.libero.LiberoSuite;
import org.cosmosj.libero.mujoco.Installations;
import org.cosmosj.libero.scene.LiberoFolders;
import org.cosmosj.libero.sim.LiberoEnvironment;
import org.cosmosj.libero.sim.LiberoSettings;
import org.cosmosj.libero.sim.PrimitiveScene;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Episodes on MuJoCo: of a scene of this project's own, and, where they are, of LIBERO's in a real worker. */
class WorkerTest {

    private static final double[] NORTH = {0, 0.2, 0, 0, 0, 0, -1};

    @TempDir
    private Path folder;

    @Test
    void episodesOnMujocoEqualThemselves() {
        EvaluationProtocol protocol = new EvaluationProtocol(10, 6, 4);
        double[][] hands = new double[2][];
        try (LiberoEnvironment environment = new LiberoEnvironment(new PrimitiveScene(), Installations.any(),
                new LiberoSettings(8, 8, 0))) {
            for (int i = 0; i < hands.length; i++) {
                ProtocolEpisode episode = protocol.begin(environment, environment.episode(1, 195 + i));
                while (!episode.ended()) {
                    episode.act(new double[][] {NORTH, NORTH, NORTH, NORTH, NORTH}, (_, _) -> {});
                }
                assertThat(episode.steps()).isEqualTo(6);
                assertThat(episode.success()).isFalse();
                hands[i] = episode.observation().arrays().get("robot0_eef_pos");
            }
        }
        assertThat(hands[0]).isEqualTo(hands[1]);
    }

    @Test
    @Timeout(240)
    void runsRandomActionsOnLiberoInAProcessOfItsOwn() throws Exception {
        LiberoFolders folders = LiberoPack.findOrSkip().folders();
        String mujoco = Installations.all().findFirst().orElseThrow();
        EvaluationPlan plan = new EvaluationPlan("libero_spatial", List.of(LiberoSuite.SPATIAL.task("0").name()), 1,
                List.of(195L), new EvaluationProtocol(10, 3, 16), "random", 1, 200, 0);
        EvaluationFolder out = EvaluationFolder.open(folder, Map.of(), EvaluationFolder.Start.NEW);
        try (EpisodeLog log = EpisodeLog.open(out.records())) {
            new Evaluation(plan, Optional.empty(), EvaluationWorker.command(folders, mujoco, out.workers()), Map.of(),
                    out, log, _ -> {}).run();
            assertThat(log.records()).singleElement().satisfies(record -> {
                assertThat(record.outcome()).isEqualTo(EpisodeRecord.Outcome.FAILURE);
                assertThat(record.steps()).isEqualTo(3);
                assertThat(record.firstState()).hasSize(16);
                assertThat(record.versions().get("engine")).startsWith("MuJoCo ");
            });
        }
    }
}
