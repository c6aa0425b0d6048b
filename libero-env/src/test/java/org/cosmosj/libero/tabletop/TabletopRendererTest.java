package org.cosmosj.libero.tabletop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.cosmosj.libero.Observation;
import org.junit.jupiter.api.Test;

class TabletopRendererTest {

    private static final int SIZE = 64;

    @Test
    void theScenePictureShowsABlockWhereItIs() {
        double[] near = red(scene(0.1, 0).agentviewImage());
        double[] far = red(scene(-0.1, 0).agentviewImage());
        double[] left = red(scene(0, -0.1).agentviewImage());
        double[] right = red(scene(0, 0.1).agentviewImage());

        assertThat(near[1]).as("x points to the viewer: nearer is lower").isGreaterThan(far[1] + 10);
        assertThat(right[0]).as("y points to the right").isGreaterThan(left[0] + 10);
        assertThat(near[2]).as("pixels of the block").isGreaterThan(15);
    }

    @Test
    void theWristPictureHasForwardOnTop() {
        double[] ahead = red(scene(0.1, 0).wristImage());
        double[] below = red(scene(0, 0).wristImage());
        double[] left = red(scene(0.05, 0.1).wristImage());
        double[] right = red(scene(0.05, -0.1).wristImage());

        assertThat(ahead[1]).isLessThan(below[1] - 5);
        assertThat(left[0]).as("the robot's left is the picture's left").isLessThan(right[0] - 10);
    }

    @Test
    void theWristPictureSeesFingersAndBlockDuringAGrasp() {
        TabletopEnvironment environment = new TabletopEnvironment(TabletopTask.BLOCK_IN_BASKET,
                TabletopSettings.withImages(SIZE));
        Observation observation = environment.start(bodies(0, 0), new double[] {0, 0, 0.02});

        assertThat(red(observation.wristImage())[2]).as("pixels of the block").isGreaterThan(60);
        assertThat(orange(observation.wristImage())).as("pixels of the pads").isGreaterThan(30);
    }

    @Test
    void everyObjectOfEveryTaskCoversEnoughPixelsAtThirtyTwo() {
        for (TabletopTask task : TabletopTask.suite()) {
            TabletopEnvironment environment = new TabletopEnvironment(task, TabletopSettings.withImages(32));
            Observation observation = environment.reset(environment.episode(0, 3));
            assertThat(observation.agentviewImage()).hasSize(32 * 32 * 3);
            long colours = java.util.stream.IntStream.range(0, 32 * 32).filter(i -> {
                byte[] p = observation.agentviewImage();
                int spread = Math.max(Math.abs((p[3 * i] & 255) - (p[3 * i + 1] & 255)),
                        Math.abs((p[3 * i + 1] & 255) - (p[3 * i + 2] & 255)));
                return spread > 60;
            }).count();
            assertThat(colours).as(task.name()).isGreaterThan(4);
        }
    }

    private static Observation scene(double x, double y) {
        TabletopEnvironment environment = new TabletopEnvironment(TabletopTask.BLOCK_IN_BASKET,
                TabletopSettings.withImages(SIZE));
        return environment.start(bodies(x, y), new double[] {-0.02, 0, 0.2});
    }

    private static List<Body> bodies(double x, double y) {
        return List.of(Scenes.body(Scenes.BLOCK, "red_block", x, y, 0.02),
                Scenes.body(Scenes.BASKET, "basket", 0.4, 0.4, 0));
    }

    /** Mean column, mean row and number of clearly red pixels. */
    private static double[] red(byte[] rgb) {
        double x = 0;
        double y = 0;
        int n = 0;
        for (int i = 0; i < SIZE * SIZE; i++) {
            double others = Math.max(rgb[3 * i + 1] & 255, rgb[3 * i + 2] & 255);
            if ((rgb[3 * i] & 255) > 2.2 * others) {
                x += i % SIZE;
                y += i / SIZE;
                n++;
            }
        }
        return new double[] {x / n, y / n, n};
    }

    private static int orange(byte[] rgb) {
        int n = 0;
        for (int i = 0; i < SIZE * SIZE; i++) {
            int red = rgb[3 * i] & 255;
            int green = rgb[3 * i + 1] & 255;
            n += red > 120 && green > 0.4 * red && green < 0.7 * red && (rgb[3 * i + 2] & 255) < 0.4 * red ? 1 : 0;
        }
        return n;
    }
}
