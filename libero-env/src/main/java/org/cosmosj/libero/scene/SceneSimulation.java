package org.cosmosj.libero.scene;

/** A simulated scene that can be arranged. */
public interface SceneSimulation extends SceneState {

    /**
     * Sets where a joint stands; poses follow with {@link #forward}.
     *
     * @param joint its name
     * @param qpos  1 number for a hinge (radians) or slide (metres); 7 for a free joint: position and quaternion
     *              w, x, y, z
     * @throws IllegalArgumentException if there is no such joint, or it takes another count of numbers
     */
    void setJoint(String joint, double... qpos);

    /**
     * Sets where a body stands in its parent: a change of the model, which outlives a reset of the state.
     *
     * @param body       its name
     * @param position   (3), metres
     * @param quaternion (4), w, x, y, z
     * @throws IllegalArgumentException if there is no such body
     */
    void setBodyPose(String body, double[] position, double[] quaternion);

    /** Computes poses and contacts of the present joint values. */
    void forward();
}
