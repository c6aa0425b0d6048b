package org.cosmosj.libero.tabletop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.cosmosj.libero.tabletop.Scenes.BLOCK;
import static org.cosmosj.libero.tabletop.Scenes.CLOSE;
import static org.cosmosj.libero.tabletop.Scenes.OPEN;

import java.util.List;
import java.util.Random;
import org.cosmosj.libero.geometry.Pose;
import org.cosmosj.libero.geometry.Rotations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TabletopPhysicsTest {

    private static final double CONTACT = 5e-4;
    private static final double NO_INTERSECTION = 5e-5;

    @ParameterizedTest
    @CsvSource({"0, 0", "0.010, 0", "-0.010, 0", "0, 0.010", "0, -0.0115", "0.007, 0.007"})
    void graspsABlockWithinTwelveMillimetres(double dx, double dy) {
        TabletopEnvironment environment = descendAndClose(dx, dy);

        assertThat(environment.scene().held()).contains(BLOCK);
        Scenes.move(environment, 0, 0, 0.1, CLOSE);
        assertThat(environment.scene().position(BLOCK)[2]).isCloseTo(0.12, within(1e-3));
    }

    @ParameterizedTest
    @CsvSource({"0.015, 0", "-0.015, 0", "0, 0.015", "0, -0.015", "0.015, 0.015"})
    void failsToGraspABlockFifteenMillimetresOff(double dx, double dy) {
        TabletopEnvironment environment = descendAndClose(dx, dy);

        assertThat(environment.scene().held()).isEmpty();
        Scenes.move(environment, 0, 0, 0.1, CLOSE);
        assertThat(environment.scene().position(BLOCK)[2]).isCloseTo(0.02, within(1e-6));
        assertThat(environment.scene().deepestIntersection()).isLessThan(NO_INTERSECTION);
    }

    @Test
    void closingFingersCentreABlockAlongTheirAxisOnly() {
        TabletopEnvironment environment = descendAndClose(0.005, 0.009);

        assertThat(environment.scene().position(BLOCK)[1]).isCloseTo(0.009, within(CONTACT));
        assertThat(environment.scene().position(BLOCK)[0]).isCloseTo(0, within(1e-9));
        assertThat(environment.scene().padDistance()).isCloseTo(0.04, within(CONTACT));
    }

    @Test
    void aFingerThatComesDownOnABlockStandsOnIt() {
        TabletopEnvironment environment = Scenes.block(0, 0.015, 0.1);
        Scenes.move(environment, 0, 0, -0.1, OPEN);

        double tip = environment.scene().endEffector().z() - Gripper.TIP;
        assertThat(tip).isCloseTo(0.04, within(CONTACT));
        assertThat(environment.scene().position(BLOCK)).containsExactly(0, 0, 0.02);
    }

    @Test
    void theTableStopsTheFingers() {
        TabletopEnvironment environment = Scenes.block(0.1, 0.1, 0.1);
        Scenes.move(environment, 0, 0, -0.3, CLOSE);

        assertThat(environment.scene().endEffector().z()).isCloseTo(Gripper.TIP, within(CONTACT));
    }

    @Test
    void carriesABlockAndDropsItStraightDown() {
        TabletopEnvironment environment = descendAndClose(0.003, 0);
        Scenes.move(environment, 0, 0, 0.15, CLOSE);
        Scenes.move(environment, -0.1, 0.05, 0, CLOSE);
        double[] carried = environment.scene().position(BLOCK);
        Scenes.gripper(environment, OPEN, 1);
        double[] dropped = environment.scene().position(BLOCK);

        assertThat(carried[2]).isGreaterThan(0.16);
        assertThat(environment.scene().held()).isEmpty();
        assertThat(dropped[0]).isCloseTo(carried[0], within(CONTACT));
        assertThat(dropped[1]).isCloseTo(carried[1], within(CONTACT));
        assertThat(dropped[2]).isCloseTo(0.02, within(1e-6));
    }

    @Test
    void stacksABlockOnAnother() {
        TabletopEnvironment environment =
                Scenes.block(0, 0, 0.1, Scenes.body("green_block_1", "green_block", -0.1, 0, 0.02));
        Scenes.move(environment, 0, 0, -0.08, OPEN);
        Scenes.gripper(environment, CLOSE, 3);
        Scenes.move(environment, 0, 0, 0.08, CLOSE);
        Scenes.move(environment, -0.1, 0, 0, CLOSE);
        Scenes.gripper(environment, OPEN, 4);

        assertThat(environment.scene().position(BLOCK)[2]).isCloseTo(0.06, within(1e-6));
        assertThat(environment.scene().position("green_block_1")).containsExactly(-0.1, 0, 0.02);
    }

    @Test
    void aPushedPlateTakesAlongWhatStandsOnIt() {
        TabletopEnvironment environment = Scenes.start(List.of(Scenes.body(BLOCK, "red_block", 0, 0, 0.032),
                Scenes.body(Scenes.BASKET, "basket", 0.2, 0.2, 0), Scenes.body("plate_1", "plate", 0, 0, 0)), 0, 0.12,
                0.1);
        Scenes.gripper(environment, CLOSE, 4);
        Scenes.move(environment, 0, 0, -0.09, CLOSE);
        Scenes.move(environment, 0, -0.1, 0, CLOSE);

        double[] plate = environment.scene().position("plate_1");
        double[] block = environment.scene().position(BLOCK);
        assertThat(plate[1]).isLessThan(-0.05);
        assertThat(block[1]).isCloseTo(plate[1], within(1e-9));
        assertThat(block[2]).isCloseTo(0.032, within(1e-6));
    }

    @Test
    void aCarriedBasketTakesAlongWhatLiesInIt() {
        TabletopEnvironment environment = Scenes.start(List.of(Scenes.body(BLOCK, "red_block", 0, -0.03, 0.024),
                Scenes.body(Scenes.BASKET, "basket", 0, 0, 0)), 0, 0.063, 0.12);
        Scenes.move(environment, 0, 0, -0.08, OPEN);
        Scenes.gripper(environment, CLOSE, 5);
        assertThat(environment.scene().held()).contains(Scenes.BASKET);
        Scenes.move(environment, -0.05, 0, 0.1, CLOSE);

        assertThat(environment.scene().position(Scenes.BASKET)[2]).isCloseTo(0.1, within(1e-3));
        assertThat(environment.scene().position(BLOCK)[2]).isCloseTo(0.124, within(1e-3));
        assertThat(environment.scene().position(BLOCK)[0]).isCloseTo(-0.05, within(1e-3));
    }

    @Test
    void aBlockLetGoOverTheBasketsWallSlidesIn() {
        TabletopEnvironment environment = Scenes.start(List.of(Scenes.body(BLOCK, "red_block", 0, 0, 0.02),
                Scenes.body(Scenes.BASKET, "basket", 0.15, 0, 0)), 0, 0, 0.1);
        Scenes.move(environment, 0, 0, -0.08, OPEN);
        Scenes.gripper(environment, CLOSE, 3);
        Scenes.move(environment, 0, 0, 0.08, CLOSE);
        Scenes.move(environment, 0.10, 0, 0, CLOSE);
        assertThat(environment.succeeded()).isFalse();
        Scenes.gripper(environment, OPEN, 2);

        assertThat(environment.scene().position(BLOCK)[2]).isCloseTo(0.024, within(1e-6));
        assertThat(environment.succeeded()).isTrue();
    }

    @Test
    void pushesABlockByTheDistanceAfterContact() {
        TabletopEnvironment environment = Scenes.block(-0.1, 0, 0.1);
        Scenes.gripper(environment, CLOSE, 4);
        Scenes.move(environment, 0, 0, -0.08, CLOSE);
        Scenes.move(environment, 0.2, 0, 0, CLOSE);

        double front = environment.scene().endEffector().x() + Gripper.PAD_HALF_WIDTH;
        assertThat(environment.scene().endEffector().x()).isCloseTo(0.1, within(1e-6));
        assertThat(environment.scene().position(BLOCK)[0]).isCloseTo(front + 0.02, within(CONTACT));
        assertThat(environment.scene().position(BLOCK)[1]).isCloseTo(0, within(1e-6));
    }

    @Test
    void frictionTakesABlockAlongAnObliquePush() {
        TabletopEnvironment environment = Scenes.block(-0.04, 0, 0.1);
        Scenes.gripper(environment, CLOSE, 4);
        Scenes.move(environment, 0, 0, -0.08, CLOSE);
        Scenes.move(environment, 0.1, 0.05, 0, CLOSE);

        double[] block = environment.scene().position(BLOCK);
        double[] hand = environment.scene().endEffector().position();
        assertThat(hand[1] - block[1]).isBetween(0.0, 0.006);
        assertThat(hand[0] - block[0]).isCloseTo(-0.032, within(CONTACT));
    }

    @Test
    void aPushedBlockPushesTheNextOne() {
        TabletopEnvironment environment =
                Scenes.block(-0.06, 0, 0.1, Scenes.body("can_1", "can", 0.06, 0, 0.035));
        Scenes.gripper(environment, CLOSE, 4);
        Scenes.move(environment, 0, 0, -0.08, CLOSE);
        Scenes.move(environment, 0.12, 0, 0, CLOSE);

        assertThat(environment.scene().position("can_1")[0]).isGreaterThan(0.1);
        assertThat(environment.scene().deepestIntersection()).isLessThan(NO_INTERSECTION);
    }

    @Test
    void nothingEverIntersectsWhateverIsCommanded() {
        Random random = new Random(11);
        for (int episode = 0; episode < 30; episode++) {
            TabletopEnvironment environment =
                    Scenes.block(-0.05, 0, 0.06, Scenes.body("bowl_1", "bowl", -0.1, 0.08, 0),
                            Scenes.body("plate_1", "plate", 0.02, -0.13, 0),
                            Scenes.body("can_1", "can", 0.1, 0.02, 0.035));
            double[] action = new double[7];
            for (int step = 0; step < 100; step++) {
                for (int i = 0; i < 7 && step % 5 == 0; i++) {
                    action[i] = (i > 2 && i < 6 ? 0.4 : 1) * (2 * random.nextDouble() - 1);
                }
                action[2] -= 0.05;
                environment.step(action);
                assertThat(environment.scene().deepestIntersection()).as("episode %d step %d", episode, step)
                        .isLessThan(NO_INTERSECTION);
            }
        }
    }

    /** What falls past a tilted finger must not fall into it, wherever beside or above the gripper it starts. */
    @ParameterizedTest
    @ValueSource(doubles = {0.3, 0.8, 1.3})
    void nothingFallsIntoATiltedGripper(double tilt) {
        Pose hand = new Pose(0, 0, 0.2, Rotations.multiply(Rotations.fromAxisAngle(tilt, 0.4 * tilt, 0),
                new double[] {1, 0, 0, 0, -1, 0, 0, 0, -1}));
        int tried = 0;
        for (int i = 0; i < 20 * 20 * 10; i++) {
            Body block = Scenes.body(BLOCK, "red_block", -0.12 + 0.012 * (i % 20), -0.12 + 0.012 * (i / 20 % 20),
                    0.1 + 0.025 * (i / 400));
            if (Body.deepest(Gripper.boxes(hand, Gripper.OPEN), block.boxes(), 0) == null) {
                TabletopWorld world = new TabletopWorld(List.of(block), hand);
                assertThat(world.deepestIntersection()).as("start %d", i).isLessThan(NO_INTERSECTION);
                tried++;
            }
        }
        assertThat(tried).isGreaterThan(1000);
    }

    @Test
    void whatFallsOntoATiltedFingerStopsThere() {
        Pose hand = new Pose(0, 0, 0.2, Rotations.multiply(Rotations.fromAxisAngle(Math.PI / 2, 0, 0),
                new double[] {1, 0, 0, 0, -1, 0, 0, 0, -1}));
        Body block = Scenes.body(BLOCK, "red_block", 0, 0, 0.4);
        TabletopWorld world = new TabletopWorld(List.of(block), hand);

        double highest = Math.max(world.gripperBoxes()[0].top(), world.gripperBoxes()[1].top());
        assertThat(block.bottom()).isCloseTo(highest, within(CONTACT));
    }

    @Test
    void anEdgeOfATwentiethOfAMillimetreCarriesAndTheBlockSlidesOff() {
        Body falling = Scenes.body("green_block_1", "green_block", 0.04 - 5e-5, 0, 0.2);
        TabletopEnvironment environment = Scenes.block(-0.1, 0, 0.1, falling);

        assertThat(environment.scene().position("green_block_1")[2]).isCloseTo(0.02, within(1e-9));
        assertThat(environment.scene().position("green_block_1")[0]).isGreaterThan(0.04);
        assertThat(environment.scene().deepestIntersection()).isLessThan(TabletopWorld.TOLERANCE);
    }

    /** Drives at objects with a gripper that tilts and turns, grasps, carries and lets go. */
    @ParameterizedTest
    @MethodSource("org.cosmosj.libero.tabletop.TabletopTask#suite")
    void nothingEverIntersectsWhenObjectsAreHuntedForByATurningGripper(TabletopTask task) {
        Random random = new Random(23);
        TabletopEnvironment environment = new TabletopEnvironment(task, TabletopSettings.withImages(8));
        int held = 0;
        for (int episode = 0; episode < 40; episode++) {
            environment.reset(environment.episode(episode, 23));
            double[] goal = new double[5];
            for (int step = 0; step < 80; step++) {
                if (step % 12 == 0) {
                    List<String> objects = task.problem().objectsOfInterest();
                    double[] at = environment.scene().position(objects.get(random.nextInt(objects.size())));
                    goal = new double[] {at[0] + 0.03 * random.nextGaussian(), at[1] + 0.03 * random.nextGaussian(),
                        0.06 * random.nextDouble(), random.nextDouble() - 0.5, random.nextInt(2) * 2 - 1};
                }
                double[] hand = environment.scene().endEffector().position();
                double scale = environment.spec().positionScale();
                environment.step(new double[] {(goal[0] - hand[0]) / scale, (goal[1] - hand[1]) / scale,
                    (goal[2] - hand[2]) / scale, 0.2 * random.nextGaussian(), 0.2 * random.nextGaussian(), goal[3],
                    goal[4]});
                held += environment.scene().held().isPresent() ? 1 : 0;
                assertThat(environment.scene().deepestIntersection()).as("episode %d step %d", episode, step)
                        .isLessThan(NO_INTERSECTION);
            }
        }
        assertThat(held).as("steps with something in the fingers").isPositive();
    }

    @Test
    void theIntersectionMeasureSeesAnIntersection() {
        TabletopEnvironment environment = Scenes.block(0, 0, 0.1);
        Body sunk = Scenes.body("can_1", "can", 0.01, 0, 0.035);
        TabletopWorld world = new TabletopWorld(
                List.of(Scenes.body(BLOCK, "red_block", 0, 0, 0.02), sunk), environment.scene().endEffector());

        assertThat(world.deepestIntersection()).isGreaterThan(0.01);
    }

    private static TabletopEnvironment descendAndClose(double dx, double dy) {
        TabletopEnvironment environment = Scenes.block(dx, dy, 0.1);
        Scenes.move(environment, 0, 0, -0.08, OPEN);
        Scenes.gripper(environment, CLOSE, 4);
        return environment;
    }
}
