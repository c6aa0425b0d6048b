package org.cosmosj.libero.sim;

import static org.cosmosj.libero.control.ArmSample.JOINTS;

import org.cosmosj.libero.control.ArmSample;
import org.cosmosj.libero.control.GripperCommand;
import org.cosmosj.libero.control.OscPoseController;
import org.cosmosj.libero.mujoco.MujocoData;
import org.cosmosj.libero.mujoco.MujocoModel;
import org.cosmosj.libero.mujoco.MujocoSimulation;
import org.cosmosj.libero.mujoco.ObjectKind;

/**
 * robosuite's Panda in a simulation: reads what the controller needs, writes what it commands.
 *
 * <p>The controller's view of the arm is kept between uses as robosuite keeps it: a refresh does nothing until torques
 * were computed from the last one. After a reset the kept view is that of the reset, whatever state is set then, so the
 * first goal and the first torques of an episode come from the reset pose, at whose time the fingers were still at 0.
 * Source: robosuite 1.4.1, controllers/base_controller.py#update, robots/single_arm.py#control.
 */
final class SimulatedPanda {

    /** Where the arm starts, radians. */
    private static final double[] START = {0, -0.161037389, 0, -2.44459747, 0, 2.2267522, Math.PI / 4};
    private static final double[] FINGER_START = {0.020833, -0.020833};
    private static final String SITE = "gripper0_grip_site";
    private static final String HAND = "robot0_right_hand";

    private final MujocoData data;
    private final int site;
    private final int hand;
    private final int nv;
    private final int[] qpos = new int[JOINTS];
    private final int[] dofs = new int[JOINTS];
    private final int[] fingerQpos = new int[2];
    private final int[] fingerDofs = new int[2];
    private final int[] actuators = new int[JOINTS + 2];
    private final double[][] ranges = new double[JOINTS + 2][];
    private final OscPoseController controller = new OscPoseController(START);
    private final GripperCommand gripper = new GripperCommand();
    private final ArmSample arm = new ArmSample();
    private final double[] fullJacobian;
    private final double[] qvel;
    private final double[] one = new double[1];
    /** robosuite computes the substep's forward dynamics once more, which older solvers let show in later bits. */
    private final boolean repeats;
    private boolean stale = true;
    private double[] bias = new double[JOINTS];
    private double[] torques = new double[JOINTS];

    SimulatedPanda(MujocoSimulation simulation) {
        MujocoModel model = simulation.model();
        data = simulation.data();
        repeats = !model.forwardIsRepeatable();
        site = model.id(ObjectKind.SITE, SITE);
        hand = model.id(ObjectKind.BODY, HAND);
        nv = Math.toIntExact(model.size("nv"));
        fullJacobian = new double[6 * nv];
        qvel = new double[nv];
        double[] qposAddress = model.numbers("jnt_qposadr");
        double[] dofAddress = model.numbers("jnt_dofadr");
        double[] range = model.numbers("actuator_ctrlrange");
        for (int i = 0; i < JOINTS + 2; i++) {
            int finger = i - JOINTS;
            int joint = model.id(ObjectKind.JOINT,
                    finger < 0 ? "robot0_joint" + (i + 1) : "gripper0_finger_joint" + (finger + 1));
            (finger < 0 ? qpos : fingerQpos)[finger < 0 ? i : finger] = (int) qposAddress[joint];
            (finger < 0 ? dofs : fingerDofs)[finger < 0 ? i : finger] = (int) dofAddress[joint];
            actuators[i] = model.id(ObjectKind.ACTUATOR,
                    finger < 0 ? "robot0_torq_j" + (i + 1) : "gripper0_gripper_finger_joint" + (finger + 1));
            ranges[i] = new double[] {range[2 * actuators[i]], range[2 * actuators[i] + 1]};
        }
    }

    /** Puts the arm into its start pose, gives the controller its goal there, and only then sets the fingers. */
    void reset() {
        for (int i = 0; i < JOINTS; i++) {
            data.write("qpos", qpos[i], START[i]);
        }
        if (!repeats) {
            data.forward();
        }
        stale = true;
        refresh();
        controller.reset(arm);
        gripper.reset();
        for (int i = 0; i < 2; i++) {
            data.write("qpos", fingerQpos[i], FINGER_START[i]);
        }
    }

    /** Moves the goal; at the first substep of a step. */
    void setGoal(double[] action) {
        refresh();
        controller.setGoal(arm, action);
    }

    /** Writes the controls of one substep; poses must be computed. */
    void control(double gripperAction) {
        refresh();
        bias = pick("qfrc_bias", dofs);
        torques = controller.torques(arm, bias);
        stale = true;
        gripper.advance(gripperAction);
        for (int i = 0; i < actuators.length; i++) {
            double low = ranges[i][0];
            double high = ranges[i][1];
            data.write("ctrl", actuators[i], i < JOINTS
                    ? Math.clamp(torques[i], low, high)
                    : gripper.control(i - JOINTS, low, high));
        }
    }

    private void refresh() {
        if (!stale) {
            return;
        }
        if (repeats) {
            data.forward();
        }
        data.read("site_xpos", 3 * site, arm.position());
        data.read("site_xmat", 9 * site, arm.rotation());
        data.siteJacobian(site, fullJacobian);
        data.read("qvel", 0, qvel);
        for (int row = 0; row < 6; row++) {
            double speed = 0;
            for (int j = 0; j < nv; j++) {
                speed += fullJacobian[row * nv + j] * qvel[j];
            }
            arm.velocity()[row] = speed;
            for (int j = 0; j < JOINTS; j++) {
                arm.jacobian()[row * JOINTS + j] = fullJacobian[row * nv + dofs[j]];
            }
        }
        data.massMatrix(dofs, arm.mass());
        System.arraycopy(joints(), 0, arm.joints(), 0, JOINTS);
        System.arraycopy(jointVelocities(), 0, arm.jointVelocity(), 0, JOINTS);
        stale = false;
    }

    private double[] pick(String field, int[] addresses) {
        double[] picked = new double[addresses.length];
        for (int i = 0; i < picked.length; i++) {
            data.read(field, addresses[i], one);
            picked[i] = one[0];
        }
        return picked;
    }

    double[] joints() {
        return pick("qpos", qpos);
    }

    double[] jointVelocities() {
        return pick("qvel", dofs);
    }

    double[] fingers() {
        return pick("qpos", fingerQpos);
    }

    double[] fingerVelocities() {
        return pick("qvel", fingerDofs);
    }

    /** The grip site's position, metres. */
    double[] position() {
        double[] position = new double[3];
        data.read("site_xpos", 3 * site, position);
        return position;
    }

    /** The hand body's rotation, x, y, z, w. */
    double[] quaternion() {
        double[] q = new double[4];
        data.read("xquat", 4 * hand, q);
        return new double[] {q[1], q[2], q[3], q[0]};
    }

    /** Tells what the last controls came from. */
    void tell(SubstepListener listener) {
        listener.substep(arm, bias, torques);
    }

    OscPoseController controller() {
        return controller;
    }

    GripperCommand gripper() {
        return gripper;
    }
}
