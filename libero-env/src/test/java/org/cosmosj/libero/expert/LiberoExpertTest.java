package org.cosmosj.libero.expert;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.cosmosj.libero.EpisodeProtocol;
import org.cosmosj.libero.LiberoPack;
import org.cosmosj.libero.LiberoSuite;
import org.cosmosj.libero.Observation;
import org.cosmosj.libero.StepResult;
import org.cosmosj.libero.mujoco.Installations;
import org.cosmosj.libero.scene.LiberoFolders;
import org.cosmosj.libero.scene.LiberoScene;
import org.cosmosj.libero.scene.LiberoScenes;
import org.cosmosj.libero.scene.StandIns;
import org.cosmosj.libero.sim.LiberoEnvironment;
import org.cosmosj.libero.sim.LiberoSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiberoExpertTest {

    @TempDir
    private Path folder;

    private boolean solves(LiberoEnvironment environment, Observation first) {
        LiberoExpert expert = LiberoExpert.of(environment);
        EpisodeProtocol protocol = EpisodeProtocol.libero(environment.spec());
        Observation observation = first;
        for (int i = 0; i < protocol.settleSteps(); i++) {
            observation = environment.step(protocol.settleAction()).observation();
        }
        expert.begin(environment.episode(0, 0), environment.instruction());
        for (int i = 0; i < protocol.maxSteps(); i++) {
            StepResult result = environment.step(expert.act(observation));
            if (result.done()) {
                return true;
            }
            observation = result.observation();
        }
        return false;
    }

    /** LIBERO's tasks with things of this project's own: a basket, a drawer, a knob, two things, a bowl. */
    @ParameterizedTest
    @CsvSource({"libero_object,0", "libero_goal,0", "libero_goal,7", "libero_goal,8", "libero_10,0"})
    void solvesTasksWithStandIns(String suite, String task) {
        LiberoFolders real = LiberoPack.findOrSkip().folders();
        StandIns.write(folder);
        LiberoScene scene = new LiberoScenes(new LiberoFolders(real.bddl(), real.init(), folder, real.robosuite()))
                .scene(suite, task);

        try (LiberoEnvironment environment =
                new LiberoEnvironment(scene, Installations.any(), LiberoSettings.EVALUATION)) {
            assertThat(solves(environment, environment.reset(0))).as(scene.task()).isTrue();
        }
    }

    @Test
    void solvesARealTask() {
        LiberoScene scene = new LiberoScenes(LiberoPack.findOrSkip().folders()).scene(LiberoSuite.SPATIAL.task("0"));

        try (LiberoEnvironment environment =
                new LiberoEnvironment(scene, Installations.any(), LiberoSettings.EVALUATION)) {
            assertThat(solves(environment, environment.reset(environment.episode(0, 0)))).isTrue();
        }
    }
}
