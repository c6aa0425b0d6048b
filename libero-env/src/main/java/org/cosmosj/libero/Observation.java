package org.cosmosj.libero;

import java.util.Map;

/**
 * What a robot senses at one moment. Pictures are drawn when they are first asked for and kept.
 *
 * <p>Pictures are <b>upright</b>, row 0 on top. LIBERO's raw pictures are bottom-up; an environment that wraps LIBERO
 * flips them before it hands them out, as Cosmos Policy's evaluation does ({@code np.flipud}).
 */
public interface Observation {

    /** Numbers in {@link #proprio}. */
    int PROPRIO_SIZE = 9;

    /**
     * The scene camera's picture ({@code agentview}).
     *
     * @return (imageHeight, imageWidth, 3) uint8 RGB, not to be modified
     */
    byte[] agentviewImage();

    /**
     * The wrist camera's picture ({@code robot0_eye_in_hand}).
     *
     * @return (imageHeight, imageWidth, 3) uint8 RGB, not to be modified
     */
    byte[] wristImage();

    /**
     * LIBERO's observations by name, pictures excluded: {@code robot0_joint_pos}, {@code robot0_joint_pos_cos},
     * {@code robot0_joint_pos_sin}, {@code robot0_joint_vel}, {@code robot0_eef_pos}, {@code robot0_eef_quat} (x, y,
     * z, w), {@code robot0_gripper_qpos}, {@code robot0_gripper_qvel}. Where objects are is in no array.
     *
     * @return name to numbers, in that order; not to be modified
     */
    Map<String, double[]> arrays();

    /**
     * The policy's proprioception: gripper joints (2), end effector position (3), end effector quaternion x, y, z, w
     * (4). Source: cosmos_policy/experiments/robot/libero/run_libero_eval.py.
     *
     * @return a new array (9): metres, metres, unit quaternion
     */
    default double[] proprio() {
        double[] proprio = new double[PROPRIO_SIZE];
        System.arraycopy(arrays().get("robot0_gripper_qpos"), 0, proprio, 0, 2);
        System.arraycopy(arrays().get("robot0_eef_pos"), 0, proprio, 2, 3);
        System.arraycopy(arrays().get("robot0_eef_quat"), 0, proprio, 5, 4);
        return proprio;
    }
}
