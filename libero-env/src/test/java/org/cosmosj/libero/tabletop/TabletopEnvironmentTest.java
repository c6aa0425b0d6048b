package org.cosmosj.libero.tabletop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.cosmosj.libero.EpisodeId;
import org.cosmosj.libero.EpisodeProtocol;
import org.cosmosj.libero.Observation;
import org.cosmosj.libero.StepResult;
import org.cosmosj.libero.geometry.Rotations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TabletopEnvironmentTest {

    static List<TabletopTask> tasks() {
        return TabletopTask.suite();
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void sameSeedSameBytes(TabletopTask task) {
        assertThat(trace(task, 3)).isEqualTo(trace(task, 3));
        assertThat(trace(task, 3)).isNotEqualTo(trace(task, 4));
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void objectsAreSpreadOverTwentyCentimetres(TabletopTask task) {
        TabletopEnvironment environment = new TabletopEnvironment(task, TabletopSettings.withImages(8));
        for (String object : task.problem().objectsOfInterest()) {
            double[] low = {1, 1};
            double[] high = {-1, -1};
            for (int i = 0; i < 300; i++) {
                environment.reset(environment.episode(i, 5));
                double[] at = environment.scene().position(object);
                for (int k = 0; k < 2; k++) {
                    low[k] = Math.min(low[k], at[k]);
                    high[k] = Math.max(high[k], at[k]);
                }
                assertThat(environment.succeeded()).isFalse();
                assertThat(environment.scene().deepestIntersection()).isLessThan(1e-9);
            }
            assertThat(high[0] - low[0]).as(object).isGreaterThan(0.19);
            assertThat(high[1] - low[1]).as(object).isGreaterThan(0.19);
        }
    }

    /** Correlation of every start proprio number with every object coordinate over 600 starts: below 4 sigma. */
    @ParameterizedTest
    @MethodSource("tasks")
    void proprioAtTheStartSaysNothingAboutTheLayout(TabletopTask task) {
        TabletopEnvironment environment = new TabletopEnvironment(task, TabletopSettings.withImages(8));
        int n = 600;
        double[][] proprio = new double[n][];
        double[][] layout = new double[n][];
        for (int i = 0; i < n; i++) {
            proprio[i] = environment.reset(environment.episode(i, 9)).proprio();
            layout[i] = task.problem().objectsOfInterest().stream()
                    .flatMapToDouble(object -> Arrays.stream(environment.scene().position(object))).toArray();
        }
        for (int a = 0; a < Observation.PROPRIO_SIZE; a++) {
            for (int b = 0; b < layout[0].length; b++) {
                assertThat(Math.abs(correlation(proprio, a, layout, b))).isLessThan(4 / Math.sqrt(n));
            }
        }
    }

    @Test
    void theGripperStartDoesNotChangeTheLayout() {
        TabletopEnvironment environment =
                new TabletopEnvironment(TabletopTask.BOWL_ON_PLATE, TabletopSettings.withImages(8));
        Observation narrow = environment.reset(environment.episode(2, 1));
        double[] bowl = environment.scene().position("bowl_1");
        Observation wide = environment.reset(environment.episode(2, 1), TabletopSettings.GripperStart.WIDE);

        assertThat(environment.scene().position("bowl_1")).isEqualTo(bowl);
        assertThat(wide.proprio()).isNotEqualTo(narrow.proprio());
    }

    @ParameterizedTest
    @EnumSource(TabletopSettings.GripperStart.class)
    void gripperStartsInsideItsBoxPointingDownAndOpen(TabletopSettings.GripperStart start) {
        TabletopEnvironment environment = new TabletopEnvironment(TabletopTask.BLOCK_IN_BASKET,
                TabletopSettings.withImages(8).startingFrom(start));
        for (int i = 0; i < 100; i++) {
            double[] proprio = environment.reset(environment.episode(i, 1)).proprio();
            assertThat(Math.abs(proprio[2])).isLessThanOrEqualTo(start.reach + 1e-5);
            assertThat(Math.abs(proprio[3])).isLessThanOrEqualTo(start.reach + 1e-5);
            assertThat(proprio[4]).isBetween(start.low - 1e-5, start.high + 1e-5);
            assertThat(Arrays.copyOfRange(proprio, 5, 9)).containsExactly(1, 0, 0, 0);
            assertThat(Arrays.copyOf(proprio, 2)).containsExactly(new double[] {0.04, -0.04}, within(1e-9));
        }
    }

    @Test
    void hasLiberosObservationNamesAndNoObjectPositions() {
        TabletopEnvironment environment =
                new TabletopEnvironment(TabletopTask.BOWL_ON_PLATE, TabletopSettings.withImages(8));
        Observation observation = environment.reset(environment.episode(0, 0));

        assertThat(observation.arrays()).containsOnlyKeys("robot0_joint_pos", "robot0_joint_pos_cos",
                "robot0_joint_pos_sin", "robot0_joint_vel", "robot0_eef_pos", "robot0_eef_quat", "robot0_gripper_qpos",
                "robot0_gripper_qvel");
        assertThat(observation.arrays().get("robot0_joint_pos")).hasSize(7);
        assertThat(observation.proprio()).hasSize(9);
    }

    @Test
    void aFullPositionCommandMovesTwentyFiveMillimetres() {
        TabletopEnvironment environment =
                new TabletopEnvironment(TabletopTask.BOWL_ON_PLATE, TabletopSettings.withImages(8));
        double[] before = environment.reset(environment.episode(0, 0)).proprio();
        StepResult result = environment.step(new double[] {1, -0.5, 3, 0, 0, 0, 0});
        double[] after = result.observation().proprio();

        assertThat(environment.spec().positionScale()).isEqualTo(0.025);
        assertThat(after[2] - before[2]).isCloseTo(0.025, within(2e-5));
        assertThat(after[3] - before[3]).isCloseTo(-0.0125, within(2e-5));
        assertThat(after[4] - before[4]).isCloseTo(0.025, within(2e-5));
        assertThat(after[0]).isEqualTo(before[0]);
        assertThat(result.reward()).isZero();
    }

    @Test
    void aRotationCommandTurnsTheHandAndStaysPut() {
        TabletopEnvironment environment =
                new TabletopEnvironment(TabletopTask.BOWL_ON_PLATE, TabletopSettings.withImages(8));
        double[] before = environment.reset(environment.episode(0, 0)).proprio();
        environment.step(new double[] {0, 0, 0, 0, 0, 1, -1});
        double[] after = environment.step(new double[7]).observation().proprio();

        assertThat(2 * Math.asin(Math.abs(after[6]))).isCloseTo(TabletopSettings.ROTATION_SCALE, within(1e-4));
        assertThat(Arrays.copyOfRange(after, 2, 5))
                .containsExactly(Arrays.copyOfRange(before, 2, 5), within(2e-5));
    }

    /** The orientation turns by R(scale * command) in the world frame, as robosuite's operational space control. */
    @ParameterizedTest
    @CsvSource({"1, 0, 0", "-1, 0, 0", "0, 1, 0", "0, -1, 0", "0, 0, 1", "0, 0, -1", "0.4, -0.3, 0.5"})
    void aRotationCommandTurnsAboutTheWorldsAxesWithItsSign(double x, double y, double z) {
        TabletopEnvironment environment =
                new TabletopEnvironment(TabletopTask.BOWL_ON_PLATE, TabletopSettings.withImages(8));
        environment.reset(environment.episode(0, 0));
        double[] before = environment.scene().endEffector().rotation();
        environment.step(new double[] {0, 0, 0, x, y, z, -1});
        double[] turn = Rotations.toAxisAngle(Rotations.multiply(environment.scene().endEffector().rotation(),
                Rotations.transpose(before)));

        double scale = TabletopSettings.ROTATION_SCALE;
        assertThat(turn).containsExactly(new double[] {scale * x, scale * y, scale * z}, within(1e-6));
    }

    @Test
    void aPositiveGripperCommandClosesANegativeOneOpensAndZeroKeepsStill() {
        TabletopEnvironment environment =
                new TabletopEnvironment(TabletopTask.BOWL_ON_PLATE, TabletopSettings.withImages(8));
        double open = environment.reset(environment.episode(0, 0)).proprio()[0];
        double closing = environment.step(new double[] {0, 0, 0, 0, 0, 0, 0.2}).observation().proprio()[0];
        double still = environment.step(new double[7]).observation().proprio()[0];
        double opening = environment.step(new double[] {0, 0, 0, 0, 0, 0, -1}).observation().proprio()[0];

        assertThat(closing).isCloseTo(open - TabletopSettings.FINGER_SPEED, within(1e-9));
        assertThat(still).isEqualTo(closing);
        assertThat(opening).isCloseTo(open, within(1e-9));
    }

    /** Only what the robot is and does enters the arrays: another layout, the same motion, the same numbers. */
    @Test
    void theArraysDoNotDependOnWhereTheObjectsAreUntilTheyAreTouched() {
        TabletopEnvironment environment =
                new TabletopEnvironment(TabletopTask.BLOCK_IN_BASKET, TabletopSettings.withImages(8));
        List<List<String>> traces = new ArrayList<>();
        List<byte[]> pictures = new ArrayList<>();
        for (double x : new double[] {-0.1, 0.1}) {
            Observation observation = environment.start(List.of(Scenes.body(Scenes.BLOCK, "red_block", x, 0.1, 0.02),
                    Scenes.body(Scenes.BASKET, "basket", -x, -0.1, 0)), new double[] {0, 0, 0.2});
            pictures.add(observation.agentviewImage());
            Random random = new Random(5);
            List<String> trace = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                double[] action = random.doubles(7, -1, 1).toArray();
                action[2] = Math.abs(action[2]);
                environment.step(action).observation().arrays()
                        .forEach((name, numbers) -> trace.add(name + Arrays.toString(numbers)));
            }
            traces.add(trace);
        }

        assertThat(traces.get(0)).isEqualTo(traces.get(1));
        assertThat(pictures.get(0)).isNotEqualTo(pictures.get(1));
    }

    @Test
    void everyEpisodeNumberAndSeedAndTaskHasAStartOfItsOwn() {
        Set<String> starts = new HashSet<>();
        for (TabletopTask task : TabletopTask.suite()) {
            TabletopEnvironment environment = new TabletopEnvironment(task, TabletopSettings.withImages(8));
            for (int i = 0; i < 500; i++) {
                for (long seed = 0; seed < 4; seed++) {
                    Observation observation = environment.reset(environment.episode(i, seed));
                    double[] at = environment.scene().position(task.problem().objectsOfInterest().getFirst());
                    starts.add(observation.proprio()[2] + " " + at[0]);
                }
            }
        }

        assertThat(starts).hasSize(3 * 500 * 4);
    }

    /** Counted in processor time, so that a busy machine does not matter; the true rate is ten times higher. */
    @Test
    void thousandsOfStepsPerSecond() {
        ThreadMXBean clock = ManagementFactory.getThreadMXBean();
        TabletopEnvironment environment =
                new TabletopEnvironment(TabletopTask.BOWL_ON_PLATE, TabletopSettings.withImages(32));
        ScriptedExpert expert = ScriptedExpert.of(environment);
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 10; round++) {
            long start = clock.getCurrentThreadCpuTime();
            for (int episode = 0; episode < 20; episode++) {
                Observation observation = environment.reset(environment.episode(episode, 1));
                for (int step = 0; step < 50; step++) {
                    observation = environment.step(expert.act(observation)).observation();
                }
            }
            best = Math.min(best, clock.getCurrentThreadCpuTime() - start);
        }

        assertThat(20 * 50 / (best * 1e-9)).as("steps per second").isGreaterThan(2000);
    }

    @Test
    void refusesBadActionsEpisodesAndOrder() {
        TabletopEnvironment environment =
                new TabletopEnvironment(TabletopTask.BOWL_ON_PLATE, TabletopSettings.withImages(8));
        assertThatThrownBy(() -> environment.step(new double[7])).isInstanceOf(IllegalStateException.class)
                .hasMessage("tabletop put_the_bowl_on_the_plate: no episode yet, call reset first");
        environment.reset(environment.episode(0, 0));
        assertThatThrownBy(() -> environment.step(new double[8]))
                .hasMessage("step: action has 8 numbers, expected 7 (3 position, 3 rotation, gripper)");
        assertThatThrownBy(() -> environment.step(new double[] {0, Double.NaN, 0, 0, 0, 0, 0}))
                .hasMessageStartingWith("step: action[1] is NaN, expected a finite number");
        assertThatThrownBy(() -> environment.reset(new EpisodeId("libero_spatial", "x", 0, 0)))
                .hasMessageContaining("belongs to another task, expected tabletop/put_the_bowl_on_the_plate");
        assertThatThrownBy(() -> TabletopTask.named("fly")).hasMessageContaining("no task \"fly\", expected one of");
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void theScriptedExpertSolvesTheTask(TabletopTask task) {
        for (TabletopSettings.GripperStart start : TabletopSettings.GripperStart.values()) {
            TabletopEnvironment environment =
                    new TabletopEnvironment(task, TabletopSettings.withImages(8).startingFrom(start));
            EpisodeProtocol protocol = EpisodeProtocol.libero(environment.spec());
            ScriptedExpert expert = ScriptedExpert.of(environment);
            for (int i = 0; i < 50; i++) {
                EpisodeProtocol.Outcome outcome = protocol.run(environment, environment.episode(i, 21), expert,
                        (before, action, after) -> assertThat(environment.scene().deepestIntersection())
                                .isLessThan(5e-5));
                assertThat(outcome.success()).as("%s from %s", outcome.episode(), start).isTrue();
                assertThat(outcome.steps()).isBetween(5, 40);
            }
        }
    }

    /** Proprio, reward and both pictures of 25 random steps, as one hash input. */
    private static String trace(TabletopTask task, long seed) {
        TabletopEnvironment environment = new TabletopEnvironment(task, TabletopSettings.withImages(16));
        Observation observation = environment.reset(environment.episode(1, seed));
        Random random = new Random(1);
        StringBuilder trace = new StringBuilder();
        for (int i = 0; i < 25; i++) {
            trace.append(Arrays.toString(observation.proprio()))
                    .append(Arrays.hashCode(observation.agentviewImage())).append(' ')
                    .append(Arrays.hashCode(observation.wristImage())).append('\n');
            observation = environment.step(random.doubles(7, -1, 1).toArray()).observation();
        }
        return trace.toString();
    }

    private static double correlation(double[][] x, int a, double[][] y, int b) {
        double meanX = Arrays.stream(x).mapToDouble(row -> row[a]).average().orElseThrow();
        double meanY = Arrays.stream(y).mapToDouble(row -> row[b]).average().orElseThrow();
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            xy += (x[i][a] - meanX) * (y[i][b] - meanY);
            xx += (x[i][a] - meanX) * (x[i][a] - meanX);
            yy += (y[i][b] - meanY) * (y[i][b] - meanY);
        }
        return xx < 1e-18 || yy < 1e-18 ? 0 : xy / Math.sqrt(xx * yy);
    }
}
