package org.cosmosj.libero.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cosmosj.libero.bddl.BddlException;
import org.cosmosj.libero.scene.ResetDraw.Kind;
import org.cosmosj.tensor.NumpyRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResetPlacerTest {

    private static final String GOAL = "(On akita_black_bowl_1 plate_1)";

    @TempDir
    private Path folder;
    private final ArrangedScene arranged = new ArrangedScene();
    private final List<ResetDraw> draws = new ArrayList<>();

    private void place(String init, long seed, int reset) {
        TinyParts.in(folder).scene(init, GOAL).place(NumpyRandom.seeded(seed), arranged, reset, draws::add);
    }

    /** Numbers of {@code np.random.seed(0); randn(7); uniform(-0.1 + r, 0.1 - r); uniform(0.1 + r, 0.3 - r)}. */
    @Test
    void drawsAsTheReferenceDoes() {
        place("(On akita_black_bowl_1 main_table_bowl_region)", 0, 1);

        assertThat(draws).extracting(ResetDraw::kind)
                .containsExactly(Kind.RANDN, Kind.RANDINT, Kind.UNIFORM, Kind.UNIFORM, Kind.UNIFORM);
        assertThat(draws.getFirst().numbers()).startsWith(7, 1.764052345967664, 0.4001572083672233);
        assertThat(draws.get(1).numbers()).containsExactly(1, 0);
        assertThat(draws.get(2).numbers()).startsWith(-0.1 + 0.025, 0.1 - 0.025);
        double[] pose = arranged.joints.get("akita_black_bowl_1_joint0");
        assertThat(pose[0]).isEqualTo(draws.get(2).numbers()[2]);
        assertThat(pose[1]).isEqualTo(draws.get(3).numbers()[2]);
        assertThat(pose[2]).isEqualTo(0.01 + 0.9 + 0.05);
        assertThat(pose).endsWith(0.7071067811865475, 0, 0, 0.7071067811865476);
    }

    @Test
    void drawsJointValuesOncePerLoadedScene() {
        String init = "(Open wooden_cabinet_1_top_region) (Turnon flat_stove_1)";

        place(init, 0, 1);
        assertThat(draws).hasSize(1 + 2 * 2);
        assertThat(arranged.joints.get("wooden_cabinet_1_top_level"))
                .containsExactly(draws.get(3).numbers()[2]).satisfies(q -> assertThat(q[0]).isBetween(-0.16, -0.14));
        assertThat(arranged.joints.get("flat_stove_1_button"))
                .containsExactly(draws.get(4).numbers()[2]).satisfies(q -> assertThat(q[0]).isBetween(0.5, 2.1));
        assertThat(arranged.joints).doesNotContainKey("wooden_cabinet_1_bottom_level");

        draws.clear();
        place(init, 0, 3);
        assertThat(draws).hasSize(1 + 4 * 2);
    }

    @Test
    void putsFixturesInTheModelAndThingsOnTheirParts() {
        arranged.sites.put("wooden_cabinet_1_top_side", new double[] {0.1, 0, 0.22});

        place("(On akita_black_bowl_1 wooden_cabinet_1_top_side) (On wooden_cabinet_1 main_table_cabinet_region)", 3,
                1);

        double[] cabinet = arranged.bodies.get("wooden_cabinet_1_main");
        double yaw = draws.get(4).numbers()[2];
        assertThat(cabinet[2]).isEqualTo(-0.04 + 0.9 + 0.045);
        assertThat(cabinet[3]).isEqualTo(Trigonometry.cos(yaw / 2));
        assertThat(cabinet[6]).isEqualTo(Trigonometry.sin(yaw / 2));
        double[] bowl = arranged.joints.get("akita_black_bowl_1_joint0");
        assertThat(bowl[0]).isCloseTo(cabinet[0] + draws.get(6).numbers()[2] + 0.1 * Math.cos(yaw), within(1e-7));
        assertThat(bowl[1]).isCloseTo(cabinet[1] + draws.get(7).numbers()[2] + 0.1 * Math.sin(yaw), within(1e-7));
        assertThat(bowl[2]).isCloseTo(cabinet[2] + 0.045 + 0.22 + 0.05, within(1e-7));
    }

    @Test
    void putsAThingIntoADrawerThatStandsOpen() {
        arranged.sites.put("wooden_cabinet_1_top_region", new double[] {0.01, -0.13, 0.13});

        place("(On wooden_cabinet_1 main_table_cabinet_region) (In akita_black_bowl_1 wooden_cabinet_1_top_region)"
                + "(Open wooden_cabinet_1_top_region)", 0, 1);

        assertThat(arranged.order.indexOf("forward"))
                .isGreaterThan(arranged.order.indexOf("wooden_cabinet_1_top_level"));
        double[] cabinet = arranged.bodies.get("wooden_cabinet_1_main");
        assertThat(arranged.joints.get("akita_black_bowl_1_joint0")[2])
                .isCloseTo(cabinet[2] + 0.13 + 0.05, within(1e-12));
    }

    @Test
    void stacksAThingOnAnother() {
        place("(On plate_1 main_table_bowl_region) (On akita_black_bowl_1 plate_1)", 0, 1);

        double[] plate = arranged.joints.get("plate_1_joint0");
        double[] bowl = arranged.joints.get("akita_black_bowl_1_joint0");
        assertThat(bowl).startsWith(plate[0], plate[1], 0.01 + (plate[2] + 0.04) + 0.05);
    }

    @Test
    void drawsAmongRangesAndAgainWhereThingsOverlap() {
        int tries = 0;
        for (int seed = 0; seed < 20; seed++) {
            draws.clear();
            place("(On plate_1 main_table_two_region) (On akita_black_bowl_1 main_table_two_region)", seed, 1);
            double[] plate = arranged.joints.get("plate_1_joint0");
            double[] bowl = arranged.joints.get("akita_black_bowl_1_joint0");
            assertThat(Math.hypot(plate[0] - bowl[0], plate[1] - bowl[1])).isGreaterThan(0.05);
            tries = Math.max(tries, draws.size());
        }
        assertThat(tries).isGreaterThan(1 + 2 * 4);
    }

    @Test
    void saysWhenThereIsNoRoomForAThing() {
        assertThatThrownBy(() -> place("(On plate_1 main_table_narrow_region)"
                + "(On akita_black_bowl_1 main_table_narrow_region)", 0, 1))
                .isInstanceOf(SceneException.class).hasMessageContaining("a_task.bddl: 100 resets found no places");
    }

    @Test
    void namesWhatAStatementMisses() {
        assertThatThrownBy(() -> place("(On cup_1 main_table_bowl_region)", 0, 1)).isInstanceOf(BddlException.class)
                .hasMessageContaining(":init places cup_1, which :objects does not hold");
        assertThatThrownBy(() -> place("(Turnon wooden_cabinet_1)", 0, 1)).isInstanceOf(BddlException.class)
                .hasMessageContaining("(TURNON wooden_cabinet_1): a wooden_cabinet is never that");
        assertThatThrownBy(() -> place("(On akita_black_bowl_1 akita_black_bowl_2)", 0, 1))
                .hasMessageContaining("akita_black_bowl_1 is to be put relative to akita_black_bowl_2");
        assertThatThrownBy(() -> place("", 0, 0)).hasMessageContaining("expected >= 1");
    }
}
