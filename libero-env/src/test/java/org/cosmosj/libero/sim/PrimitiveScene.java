package org.cosmosj.libero.sim;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.cosmosj.libero.bddl.BddlParser;
import org.cosmosj.libero.bddl.BddlProblem;
import org.cosmosj.libero.bddl.Predicate;
import org.cosmosj.libero.bddl.SceneView;
import org.cosmosj.libero.bddl.Site;
import org.cosmosj.libero.scene.LiberoScene;
import org.cosmosj.libero.scene.ResetDraw;
import org.cosmosj.libero.scene.SceneSimulation;
import org.cosmosj.libero.scene.SceneState;
import org.cosmosj.tensor.NumpyRandom;

/** A scene of this project's own with the names of LIBERO's: an arm of seven joints, a puck, a tray and a stove. */
public final class PrimitiveScene implements LiberoScene {

    private static final String TASK = "put_the_puck_on_the_tray";
    private static final String BDDL = """
            (define (problem own) (:domain robosuite) (:language put the puck on the tray)
              (:regions )
              (:fixtures stove_1 - flat_stove)
              (:objects puck_1 - puck tray_1 - tray)
              (:obj_of_interest puck_1 tray_1)
              (:init (On puck_1 tray_1))
              (:goal (And (On puck_1 tray_1))))
            """;
    private static final double[][] STATES = new double[3][];

    static {
        for (int i = 0; i < STATES.length; i++) {
            double[] state = new double[1 + 24 + 22];
            double[] q = {0.05, -0.2, 0.03 * i, -2.4, 0, 2.2, 0.8, 0.02, -0.02,
                0.1 * i, 0.2, 0.011, 1, 0, 0, 0, 0.3, -0.2, 0.005, 1, 0, 0, 0, 0};
            System.arraycopy(q, 0, state, 1, q.length);
            STATES[i] = state;
        }
    }

    private final double stoveShift;

    public PrimitiveScene() {
        this(0);
    }

    PrimitiveScene(double stoveShift) {
        this.stoveShift = stoveShift;
    }

    @Override
    public String suite() {
        return "own";
    }

    @Override
    public String task() {
        return TASK;
    }

    @Override
    public String instruction() {
        return BddlProblem.instruction(TASK);
    }

    @Override
    public int maxSteps() {
        return 50;
    }

    @Override
    public BddlProblem problem() {
        return BddlParser.parse(BDDL, TASK);
    }

    @Override
    public String mjcf() {
        StringBuilder arm = new StringBuilder();
        String[] axes = {"0 0 1", "0 1 0", "0 0 1", "0 -1 0", "0 0 1", "0 -1 0", "0 0 -1"};
        String[] places = {"-0.5 0 0.33", "0 0 0", "0 0 .32", ".08 0 0", "-.08 0 .38", "0 0 0", ".09 0 0"};
        for (int i = 0; i < 7; i++) {
            arm.append("<body name='robot0_link%d' pos='%s'><joint name='robot0_joint%d' axis='%s' damping='.1'/>"
                    .formatted(i + 1, places[i], i + 1, axes[i]))
                    .append("<geom type='capsule' fromto='0 0 0 0 0 .1' size='.03' mass='2' contype='0'"
                            + " conaffinity='0' group='1' rgba='.9 .9 .9 1'/>");
        }
        StringBuilder motors = new StringBuilder();
        for (int i = 1; i <= 7; i++) {
            motors.append("<motor name='robot0_torq_j%d' joint='robot0_joint%d' ctrlrange='-80 80'/>".formatted(i, i));
        }
        return """
                <mujoco>
                  <compiler angle="radian" autolimits="true"/>
                  <option timestep="0.002" integrator="Euler" cone="elliptic" impratio="20"/>
                  <visual><global offwidth="640" offheight="480"/></visual>
                  <worldbody>
                    <light pos="0 0 3" dir="0 0 -1" directional="true"/>
                    <camera name="agentview" pos="0 0 2" quat="1 0 0 0" fovy="45"/>
                    <geom name="floor" type="plane" size="2 2 .1" group="1" rgba=".2 .2 .2 1"/>
                    %s
                      <body name="robot0_right_hand" pos="0 0 -.1" quat="0 1 0 0">
                        <camera name="robot0_eye_in_hand" pos=".05 0 0" quat="0 .707 .707 0" fovy="75"/>
                        <site name="gripper0_grip_site" pos="0 0 .1" size=".01" rgba="1 0 0 1"/>
                        <site name="gripper0_grip_site_cylinder" pos="0 0 .1" size=".01" rgba="0 1 0 .3"/>
                        <body name="left"><joint name="gripper0_finger_joint1" type="slide" axis="0 1 0"
                          range="0 .04"/><geom name="left_pad" type="box" pos="0 0 .09" size=".01 .005 .02" mass=".1"
                          group="0"/></body>
                        <body name="right"><joint name="gripper0_finger_joint2" type="slide" axis="0 1 0"
                          range="-.04 0"/><geom name="right_pad" type="box" pos="0 0 .09" size=".01 .005 .02"
                          mass=".1" group="0"/></body>
                      </body>
                    </body></body></body></body></body></body></body>
                    <body name="puck_1_main" pos="0 .2 .011"><freejoint name="puck_1_joint0"/>
                      <geom name="puck_1_g0" type="cylinder" size=".04 .01" mass=".1" group="0"/>
                      <geom name="puck_1_visual" type="cylinder" size=".04 .01" mass="0" contype="0" conaffinity="0"
                        group="1" rgba="1 0 0 1"/></body>
                    <body name="tray_1_main" pos=".3 -.2 .005"><freejoint name="tray_1_joint0"/>
                      <geom name="tray_1_g0" type="box" size=".08 .08 .004" mass=".3" group="1" rgba="0 0 1 1"/></body>
                    <body name="stove_1_main" pos="0 -.4 .02"><geom type="box" size=".05 .05 .02" group="1"
                        contype="0" conaffinity="0"/>
                      <site name="stove_1_burner" pos="0 0 .03" size=".04 .04 .01" type="box" rgba="1 1 0 .5"/>
                      <body name="knob"><joint name="stove_1_button" axis="0 0 1" damping="1" range="-1 1"/>
                      <geom type="box" size=".01 .01 .01" mass=".05" contype="0" conaffinity="0" group="1"/></body>
                    </body>
                  </worldbody>
                  <actuator>%s
                    <position name="gripper0_gripper_finger_joint1" joint="gripper0_finger_joint1" kp="1000"
                      ctrlrange="0 .04" forcerange="-20 20"/>
                    <position name="gripper0_gripper_finger_joint2" joint="gripper0_finger_joint2" kp="1000"
                      ctrlrange="-.04 0" forcerange="-20 20"/>
                  </actuator>
                </mujoco>
                """.formatted(arm, motors);
    }

    @Override
    public Path initFile() {
        return Path.of("own.pruned_init");
    }

    @Override
    public double[][] initStates() {
        return STATES.clone();
    }

    @Override
    public void place(NumpyRandom random, SceneSimulation simulation, int reset, Consumer<ResetDraw> listener) {
        simulation.setBodyPose("stove_1_main", new double[] {stoveShift + 0.1 * random.nextDouble(), -.4, .02},
                new double[] {1, 0, 0, 0});
        simulation.setJoint("puck_1_joint0", 0.1 * random.nextDouble(), .2, .011, 1, 0, 0, 0);
    }

    @Override
    public SceneView view(SceneState state) {
        return new SceneView() {
            @Override
            public double[] position(String object) {
                return state.bodyPosition(object + "_main");
            }

            @Override
            public boolean touches(String a, String b) {
                return state.touching(Set.of(a + "_g0"), Set.of(b + "_g0"));
            }

            @Override
            public Optional<Site> site(String key) {
                return Optional.empty();
            }

            @Override
            public boolean articulation(String object, Predicate.JointState asked) {
                double q = state.jointPosition(object + "_button");
                return asked == Predicate.JointState.TURNON ? q >= 0.5 : q < 0;
            }
        };
    }
}
