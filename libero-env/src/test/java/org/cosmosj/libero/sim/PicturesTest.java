package org.cosmosj.libero.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.concurrent.CompletableFuture;
import org.cosmosj.libero.mujoco.MujocoException;
import org.cosmosj.libero.mujoco.MujocoLibrary;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PicturesTest {

    private static final String ALL_INSTALLATIONS = "org.cosmosj.libero.mujoco.Installations#all";
    private static final LiberoSettings SMALL = new LiberoSettings(48, 64, 0);
    private static final double[] STILL = {0, 0, 0, 0, 0, 0, -1};

    /** The camera looks down from 2 m; up in the picture is +y, right is +x: 0.5 m are 14.5 pixels. */
    @ParameterizedTest
    @MethodSource(ALL_INSTALLATIONS)
    void areUprightAndShowWhatIsThere(String place) {
        try (LiberoEnvironment environment = environment(place)) {
            byte[] picture = agentview(environment.reset(environment.episode(0, 0)));

            assertThat(picture).hasSize(48 * 64 * 3);
            int[] puck = pixel(picture, 0, 0.2); // red, above the middle
            assertThat(puck[0]).isGreaterThan(puck[1] + 60).isGreaterThan(puck[2] + 60);
            int[] tray = pixel(picture, 0.3, -0.2); // blue, below and to the right
            assertThat(tray[2]).isGreaterThan(tray[0] + 60).isGreaterThan(tray[1] + 60);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL_INSTALLATIONS)
    void areDrawnLateWithTheSameBytes(String place) {
        try (LiberoEnvironment one = environment(place); LiberoEnvironment two = environment(place)) {
            LiberoObservation start = one.reset(one.episode(1, 0));
            byte[] atOnce = agentview(two.reset(two.episode(1, 0))).clone();
            for (int i = 0; i < 10; i++) {
                one.step(new double[] {1, 0, -1, 0, 0, 1, -1});
            }
            assertThat(start.agentviewImage()).isEqualTo(atOnce).isSameAs(start.agentviewImage());
            assertThat(start.wristImage()).isNotEqualTo(atOnce);
            assertThat(CompletableFuture.supplyAsync(() -> one.step(STILL).observation().wristImage()).join())
                    .hasSize(48 * 64 * 3); // another thread
        }
    }

    /** The burner's picture follows the step: it glows in the observation after the one that turned it on. */
    @ParameterizedTest
    @MethodSource(ALL_INSTALLATIONS)
    void showTheStovesBurnerWhileItIsOn(String place) {
        try (LiberoEnvironment environment = environment(place)) {
            double[] off = environment.scene().initStates()[0];
            double[] on = off.clone();
            on[1 + 23] = 0.8;
            environment.reset(0L);
            byte[] dark = agentview(environment.setState(off));
            byte[] before = environment.setState(on).agentviewImage();
            byte[] after = environment.setState(on).agentviewImage();
            double x = environment.view().position("stove_1")[0];
            assertThat(pixel(dark, x, -0.4)).isNotEqualTo(pixel(before, x, -0.4));
            assertThat(pixel(before, x, -0.4)).isEqualTo(pixel(after, x, -0.4));
            assertThat(pixel(before, x, -0.4)[0]).isGreaterThan(pixel(before, x, -0.4)[2] + 60); // yellow
            byte[] later = environment.step(STILL).observation().agentviewImage();
            assertThat(pixel(later, x, -0.4)[0]).isGreaterThan(pixel(later, x, -0.4)[2] + 60);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL_INSTALLATIONS)
    void largerThanTheSceneAllowsAreRefused(String place) {
        try (LiberoEnvironment environment = new LiberoEnvironment(new PrimitiveScene(), MujocoLibrary.load(place),
                new LiberoSettings(481, 640, 0))) {
            LiberoObservation observation = environment.reset(0L);

            assertThatThrownBy(observation::agentviewImage).isInstanceOf(MujocoException.class)
                    .hasMessageContaining("pictures of 640x481 pixels, the model allows 640x480");
            assertThat(environment.step(STILL).done()).isFalse(); // physics goes on
        }
    }

    private static LiberoEnvironment environment(String place) {
        return new LiberoEnvironment(new PrimitiveScene(), MujocoLibrary.load(place), SMALL);
    }

    private static byte[] agentview(LiberoObservation observation) {
        try {
            return observation.agentviewImage();
        } catch (MujocoException e) {
            if (e.getMessage().contains("EGL")) {
                abort(e.getMessage());
            }
            throw e;
        }
    }

    private static int[] pixel(byte[] picture, double x, double y) {
        double metresPerPixel = 2 * 2 * Math.tan(Math.toRadians(22.5)) / 48;
        int column = (int) Math.round(31.5 + x / metresPerPixel);
        int row = (int) Math.round(23.5 - y / metresPerPixel);
        int at = 3 * (64 * row + column);
        return new int[] {picture[at] & 255, picture[at + 1] & 255, picture[at + 2] & 255};
    }
}
