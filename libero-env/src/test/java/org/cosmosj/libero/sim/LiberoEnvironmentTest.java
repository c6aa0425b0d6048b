package org.cosmosj.libero.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.cosmosj.libero.EpisodeId;
import org.cosmosj.libero.EpisodeProtocol;
import org.cosmosj.libero.Observation;
import org.cosmosj.libero.RandomAgent;
import org.cosmosj.libero.StepResult;
import org.cosmosj.libero.mujoco.MujocoLibrary;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LiberoEnvironmentTest {

    private static final String ALL_INSTALLATIONS = "org.cosmosj.libero.mujoco.Installations#all";
    private static final LiberoSettings SMALL = new LiberoSettings(48, 64, 0);
    private static final double[] STILL = {0, 0, 0, 0, 0, 0, -1};

    private static LiberoEnvironment environment(String place) {
        return new LiberoEnvironment(new PrimitiveScene(), MujocoLibrary.load(place), SMALL);
    }

    @ParameterizedTest
    @MethodSource(ALL_INSTALLATIONS)
    void movesTheHandWhereActionsSay(String place) {
        try (LiberoEnvironment environment = environment(place)) {
            double[] before = environment.reset(environment.episode(0, 195)).arrays().get("robot0_eef_pos");
            double[] after = null;
            for (int i = 0; i < 40; i++) {
                double x = i < 10 ? 0.2 : 0;
                after = environment.step(new double[] {x, 0, x, 0, 0, 0, -1}).observation().arrays()
                        .get("robot0_eef_pos");
            }
            // The goal follows the hand, so ten actions of 1 cm move it less than 10 cm, but that way.
            assertThat(after[0] - before[0]).isBetween(0.01, 0.1);
            assertThat(after[2] - before[2]).isBetween(0.01, 0.1);
            assertThat(after[1] - before[1]).isCloseTo(0, within(0.03));
        }
    }

    @ParameterizedTest
    @MethodSource(ALL_INSTALLATIONS)
    void firstGoalIsThatOfTheResetPose(String place) {
        try (LiberoEnvironment environment = environment(place)) {
            environment.reset(0L);
            double[] goal = environment.controller().goalPosition();
            LiberoObservation observation = environment.reset(environment.episode(1, 0));
            assertThat(observation.arrays().get("robot0_eef_pos")[1]).isNotCloseTo(goal[1], within(1e-3));

            environment.step(new double[] {1, 0, 0, 0, 0, 0, -1});

            assertThat(environment.controller().goalPosition()).containsExactly(goal[0] + 0.05, goal[1], goal[2]);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL_INSTALLATIONS)
    void observesOneSubstepBeforeTheEnd(String place) {
        try (LiberoEnvironment environment = environment(place)) {
            environment.reset(environment.episode(0, 0));
            StepResult result = environment.step(new double[] {1, 1, 1, 0, 0, 0, 1});
            double[] now = environment.simulation().data().numbers("qpos");
            double[] seen = result.observation().arrays().get("robot0_joint_pos");
            double[] speed = result.observation().arrays().get("robot0_joint_vel");
            assertThat(seen).isNotEqualTo(Arrays.copyOf(now, 7));
            for (int i = 0; i < 7; i++) { // one substep of 2 ms apart
                assertThat(now[i] - seen[i]).isCloseTo(0.002 * speed[i], within(1e-3));
            }
            environment.reset(0L);
            assertThat(environment.step(STILL).observation().arrays().get("robot0_joint_pos"))
                    .isEqualTo(Arrays.copyOf(environment.simulation().data().numbers("qpos"), 7));
        }
    }

    @ParameterizedTest
    @MethodSource(ALL_INSTALLATIONS)
    void succeedsWhenThePuckLiesOnTheTray(String place) {
        try (LiberoEnvironment environment = environment(place)) {
            environment.reset(environment.episode(0, 0));
            assertThat(environment.step(STILL).done()).isFalse();
            double[] state = environment.scene().initStates()[0].clone();
            System.arraycopy(new double[] {0.3, -0.2, 0.025}, 0, state, 1 + 9, 3);
            environment.setState(state);
            StepResult result = environment.step(STILL);
            for (int i = 0; i < 5 && !result.done(); i++) {
                result = environment.step(STILL);
            }
            assertThat(result.done()).isTrue();
            assertThat(result.reward()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL_INSTALLATIONS)
    void sameEpisodeGivesSameBits(String place) {
        EpisodeId episode = new EpisodeId("own", "put_the_puck_on_the_tray", 2, 7);
        try (LiberoEnvironment one = environment(place); LiberoEnvironment two = environment(place)) {
            two.reset(two.episode(1, 7)); // leaves traces in a solver that remembers
            for (int i = 0; i < 20; i++) {
                two.step(new double[] {1, 1, -1, 1, 0, 0, 1});
            }
            for (LiberoEnvironment each : new LiberoEnvironment[] {one, two}) {
                EpisodeProtocol protocol = new EpisodeProtocol(2, STILL, 30);
                assertThat(protocol.run(each, episode, new RandomAgent(7, 3)).steps()).isEqualTo(30);
            }
            assertThat(two.simulation().data().numbers("qpos")).isEqualTo(one.simulation().data().numbers("qpos"));
            assertThat(two.simulation().model().numbers("body_pos"))
                    .isEqualTo(one.simulation().model().numbers("body_pos"));
        }
    }

    @ParameterizedTest
    @MethodSource(ALL_INSTALLATIONS)
    void closesAndOpensTheGripper(String place) {
        try (LiberoEnvironment environment = environment(place)) {
            environment.reset(environment.episode(0, 0));
            Observation observation = null;
            for (int i = 0; i < 12; i++) {
                observation = environment.step(new double[] {0, 0, 0, 0, 0, 0, 1}).observation();
            }
            assertThat(environment.gripperCommand()).containsExactly(-1, 1);
            assertThat(observation.proprio()[0]).isLessThan(0.006);
            for (int i = 0; i < 16; i++) {
                observation = environment.step(STILL).observation();
            }
            assertThat(observation.proprio()[0]).isGreaterThan(0.034);
            assertThat(observation.proprio()[1]).isLessThan(-0.034);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL_INSTALLATIONS)
    void refusesWhatCannotBeMeant(String place) {
        try (LiberoEnvironment environment = environment(place)) {
            assertThatThrownBy(() -> environment.step(STILL)).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("call reset first");
            assertThatThrownBy(() -> environment.reset(new EpisodeId("own", "another", 0, 0)))
                    .hasMessageContaining("belongs to another task, expected own/put_the_puck_on_the_tray");
            assertThatThrownBy(() -> environment.reset(environment.episode(3, 0)))
                    .hasMessageContaining("own.pruned_init holds 3 start states");
            environment.reset(environment.episode(0, 0));
            assertThatThrownBy(() -> environment.step(new double[6])).hasMessageContaining("6 numbers, expected 7");
            assertThatThrownBy(() -> environment.step(new double[] {0, 0, Double.NaN, 0, 0, 0, 0}))
                    .hasMessageContaining("action[2] is NaN");
            assertThatThrownBy(() -> environment.setState(new double[9])).hasMessageContaining("another task");
        }
        LiberoEnvironment closed = environment(place);
        closed.close();
        closed.close();
        assertThatThrownBy(() -> closed.reset(0L)).hasMessageContaining("is closed");
    }
}
