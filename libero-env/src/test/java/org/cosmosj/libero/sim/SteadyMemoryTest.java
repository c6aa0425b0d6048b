package org.cosmosj.libero.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cosmosj.libero.mujoco.MujocoLibrary;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the process holds does not grow with episodes, nor with environments that were closed. */
class SteadyMemoryTest {

    private static final String ALL_INSTALLATIONS = "org.cosmosj.libero.mujoco.Installations#all";
    private static final Path STATUS = Path.of("/proc/self/statm");
    private static final long PAGE = 4096;
    /** A state of MuJoCo that is lost takes megabytes: over hundreds of episodes it would exceed this many times. */
    private static final long MOST_GROWTH = 64L << 20;
    private static final double[] ACTION = {0.1, 0, -0.1, 0, 0.2, 0, 1};

    @ParameterizedTest
    @MethodSource(ALL_INSTALLATIONS)
    void overEpisodesAndEnvironments(String place) throws IOException {
        assumeTrue(Files.exists(STATUS), "this system does not say how much memory is resident");
        MujocoLibrary mujoco = MujocoLibrary.load(place);
        episodes(mujoco, 50);
        environments(mujoco, 5);
        long before = resident();

        episodes(mujoco, 300);
        environments(mujoco, 60);

        assertThat(resident() - before).isLessThan(MOST_GROWTH);
    }

    private static void episodes(MujocoLibrary mujoco, int count) {
        try (LiberoEnvironment environment = environment(mujoco)) {
            for (int i = 0; i < count; i++) {
                environment.reset(environment.episode(i % 3, i));
                environment.step(ACTION);
            }
        }
    }

    private static void environments(MujocoLibrary mujoco, int count) {
        for (int i = 0; i < count; i++) {
            try (LiberoEnvironment environment = environment(mujoco)) {
                environment.reset(0L);
            }
        }
    }

    private static LiberoEnvironment environment(MujocoLibrary mujoco) {
        return new LiberoEnvironment(new PrimitiveScene(), mujoco, new LiberoSettings(48, 64, 0));
    }

    private static long resident() throws IOException {
        System.gc();
        return Long.parseLong(Files.readString(STATUS).split(" ")[1]) * PAGE;
    }
}
