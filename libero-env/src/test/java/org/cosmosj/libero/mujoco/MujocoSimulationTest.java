package org.cosmosj.libero.mujoco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MujocoSimulationTest {

    private static final String ALL_INSTALLATIONS = "org.cosmosj.libero.mujoco.Installations#all";
    /** A ball above a floor, and a planar arm of two links of 1 m. */
    private static final String SCENE = """
            <mujoco>
              <option timestep="0.002"/>
              <worldbody>
                <geom name="floor" type="plane" size="5 5 .1"/>
                <body name="ball" pos="3 0 0.5"><freejoint name="ball_free"/>
                  <geom name="ball_shape" type="sphere" size="0.1" mass="1"/></body>
                <body name="upper" pos="0 0 2"><joint name="shoulder" axis="0 1 0"/>
                  <geom type="capsule" fromto="0 0 0 1 0 0" size=".05" mass="1" contype="0" conaffinity="0"/>
                  <body name="lower" pos="1 0 0"><joint name="elbow" axis="0 1 0"/>
                    <geom type="capsule" fromto="0 0 0 1 0 0" size=".05" mass="1" contype="0" conaffinity="0"/>
                    <site name="tip" pos="1 0 0" size=".01 .02 .03" type="box"/></body></body>
              </worldbody>
              <actuator><motor name="shoulder_motor" joint="shoulder"/></actuator>
            </mujoco>
            """;

    @ParameterizedTest
    @MethodSource(ALL_INSTALLATIONS)
    void fallsAsBodiesFallAndLands(String place) {
        try (MujocoSimulation simulation = new MujocoSimulation(MujocoLibrary.load(place), SCENE)) {
            simulation.forward();
            assertThat(simulation.touching(Set.of("floor"), Set.of("ball_shape"))).isFalse();
            for (int i = 0; i < 100; i++) {
                simulation.data().step();
            }
            assertThat(simulation.data().time()).isCloseTo(0.2, within(1e-12));
            // Semi-implicit Euler: z = z0 - g dt^2 n (n + 1) / 2.
            simulation.forward();
            assertThat(simulation.bodyPosition("ball")[2])
                    .isCloseTo(0.5 - 9.81 * 0.002 * 0.002 * 100 * 101 / 2, within(1e-12));
            for (int i = 0; i < 500; i++) {
                simulation.data().step();
            }
            assertThat(simulation.touching(Set.of("ball_shape"), Set.of("floor"))).isTrue();
            assertThat(simulation.touching(Set.of("ball_shape"), Set.of("ball_shape"))).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource(ALL_INSTALLATIONS)
    void knowsTheArmsJacobianAndInertia(String place) {
        try (MujocoSimulation simulation = new MujocoSimulation(MujocoLibrary.load(place), SCENE)) {
            simulation.setJoint("elbow", Math.PI / 2);
            simulation.forward();
            double[] tip = simulation.sitePosition("tip");
            assertThat(tip).containsExactly(new double[] {1, 0, 1}, within(1e-12));
            MujocoModel model = simulation.model();
            int nv = (int) model.size("nv");
            double[] jacobian = new double[6 * nv];
            simulation.data().siteJacobian(model.id(ObjectKind.SITE, "tip"), jacobian);
            int shoulder = model.integer("jnt_dofadr", model.id(ObjectKind.JOINT, "shoulder"));
            // Turning about y at the shoulder (0, 0, 2): v = y x (1, 0, -1) = (-1, 0, -1).
            assertThat(jacobian[shoulder]).isCloseTo(-1, within(1e-12));
            assertThat(jacobian[2 * nv + shoulder]).isCloseTo(-1, within(1e-12));
            assertThat(jacobian[4 * nv + shoulder]).isCloseTo(1, within(1e-12));

            double[] mass = new double[4];
            simulation.data().massMatrix(new int[] {shoulder, shoulder + 1}, mass);
            assertThat(mass[1]).isEqualTo(mass[2]);
            assertThat(mass[0]).isGreaterThan(mass[3]);
            assertThat(mass[3]).isCloseTo(1.0 / 3, within(0.02)); // a rod of 1 kg and 1 m, with round ends
        }
    }

    @ParameterizedTest
    @MethodSource(ALL_INSTALLATIONS)
    void readsFieldsOfEveryKindAndWritesState(String place) {
        try (MujocoSimulation simulation = new MujocoSimulation(MujocoLibrary.load(place), SCENE)) {
            MujocoModel model = simulation.model();
            assertThat(model.names(ObjectKind.JOINT)).containsExactly("ball_free", "shoulder", "elbow");
            assertThat(model.names(ObjectKind.ACTUATOR)).containsExactly("shoulder_motor");
            assertThat(model.numbers("opt.timestep")).containsExactly(0.002);
            assertThat(model.numbers("opt.gravity")).containsExactly(0, 0, -9.81);
            assertThat(model.numbers("geom_type")).startsWith(0, 2, 3);
            assertThat(model.numbers("site_rgba")).hasSize(4);
            assertThat(model.numbers("jnt_range")).hasSize(6);
            assertThat(simulation.siteSize("tip")).containsExactly(.01, .02, .03);
            assertThat(simulation.hasSite("nothing")).isFalse();

            double[] state = new double[1 + 9 + 8];
            state[0] = 1.5;
            state[4] = 1;
            state[8] = 0.25;
            state[17] = -2;
            simulation.data().setState(state);
            assertThat(simulation.data().time()).isEqualTo(1.5);
            assertThat(simulation.jointPosition("shoulder")).isEqualTo(0.25);
            assertThat(simulation.data().numbers("qvel")).endsWith(-2);
            simulation.data().reset();
            assertThat(simulation.data().time()).isZero();
            simulation.setBodyPose("ball", new double[] {1, 2, 3}, new double[] {0, 1, 0, 0});
            assertThat(model.numbers("body_pos")).startsWith(0, 0, 0, 1, 2, 3);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL_INSTALLATIONS)
    void namesWhatIsWrong(String place) {
        MujocoLibrary library = MujocoLibrary.load(place);
        assertThatThrownBy(() -> new MujocoSimulation(library, "<mujoco><worldbody><body></mujoco>"))
                .isInstanceOf(MujocoException.class).hasMessageContaining("cannot compile");
        assertThatThrownBy(() -> new MujocoSimulation(library, "<mujoco><asset><mesh name='m' file='/no/such.stl'/>"
                + "</asset><worldbody><geom type='mesh' mesh='m'/></worldbody></mujoco>"))
                .isInstanceOf(MujocoException.class).hasMessageContaining("/no/such.stl");
        MujocoSimulation simulation = new MujocoSimulation(library, SCENE);
        assertThatThrownBy(() -> simulation.bodyPosition("bal")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no body 'bal' among [ball, lower, upper, world]");
        assertThatThrownBy(() -> simulation.setJoint("ball_free", 1)).hasMessageContaining("1 numbers, expected 7");
        assertThatThrownBy(() -> simulation.data().setState(new double[5]))
                .hasMessageContaining("5 numbers, expected 1 + 9 joint positions + 8 velocities = 18");
        simulation.close();
        simulation.close();
        assertThatThrownBy(() -> simulation.jointPosition("elbow")).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @MethodSource(ALL_INSTALLATIONS)
    void keepsWarningsOfAnUnstableSimulation(String place) {
        try (MujocoSimulation simulation = new MujocoSimulation(MujocoLibrary.load(place), SCENE)) {
            MujocoData.takeWarnings();
            double[] state = new double[1 + 9 + 8];
            state[4] = 1;
            state[15] = 1e200;
            simulation.data().setState(state);
            simulation.data().step();

            assertThat(MujocoData.takeWarnings()).anyMatch(text -> text.contains("unstable"));
            assertThat(MujocoData.takeWarnings()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource(ALL_INSTALLATIONS)
    void turnsErrorsIntoExceptions(String place) throws Throwable {
        MujocoLibrary library = MujocoLibrary.load(place);
        try (Arena arena = Arena.ofConfined(); MujocoSimulation simulation = new MujocoSimulation(library, SCENE)) {
            library.function("mju_error", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS))
                    .invokeExact(arena.allocateFrom("a fatal error"));

            assertThatThrownBy(simulation::forward).isInstanceOf(MujocoException.class)
                    .hasMessageContaining("mj_forward: ").hasMessageContaining("a fatal error");
            simulation.forward();
        }
    }
}
