package org.cosmosj.libero.sim;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cosmosj.libero.Observation;
import org.cosmosj.libero.mujoco.MujocoSimulation;
import org.cosmosj.libero.mujoco.SceneSnapshot;

/**
 * What LIBERO's sensors say at the moment at which robosuite samples them. Pictures are drawn when they are asked for,
 * from poses kept here, so that an observation can be kept, but asked for new pictures only while its environment is
 * open.
 */
public final class LiberoObservation implements Observation {

    private final Map<String, double[]> arrays;
    private final Map<String, double[]> objects;
    private final SceneSnapshot snapshot;
    private final Map<Integer, Float> alphas;
    private final Camera camera;
    private byte[] agentview;
    private byte[] wrist;

    /** Draws a picture of a snapshot. */
    @FunctionalInterface
    interface Camera {
        byte[] picture(SceneSnapshot snapshot, String name, Map<Integer, Float> alphas);
    }

    private LiberoObservation(Map<String, double[]> arrays, Map<String, double[]> objects, SceneSnapshot snapshot,
            Map<Integer, Float> alphas, Camera camera) {
        this.arrays = Collections.unmodifiableMap(arrays);
        this.objects = Collections.unmodifiableMap(objects);
        this.snapshot = snapshot;
        this.alphas = alphas;
        this.camera = camera;
    }

    static LiberoObservation of(MujocoSimulation simulation, SimulatedPanda panda, List<String> objectNames,
            Map<Integer, Float> alphas, Camera camera) {
        double[] joints = panda.joints();
        double[] cosine = new double[joints.length];
        double[] sine = new double[joints.length];
        for (int i = 0; i < joints.length; i++) {
            cosine[i] = Math.cos(joints[i]);
            sine[i] = Math.sin(joints[i]);
        }
        Map<String, double[]> arrays = new LinkedHashMap<>();
        arrays.put("robot0_joint_pos", joints);
        arrays.put("robot0_joint_pos_cos", cosine);
        arrays.put("robot0_joint_pos_sin", sine);
        arrays.put("robot0_joint_vel", panda.jointVelocities());
        arrays.put("robot0_eef_pos", panda.position());
        arrays.put("robot0_eef_quat", panda.quaternion());
        arrays.put("robot0_gripper_qpos", panda.fingers());
        arrays.put("robot0_gripper_qvel", panda.fingerVelocities());
        Map<String, double[]> objects = new LinkedHashMap<>();
        for (String name : objectNames) {
            double[] q = simulation.bodyQuaternion(name + "_main");
            objects.put(name + "_pos", simulation.bodyPosition(name + "_main"));
            objects.put(name + "_quat", new double[] {q[1], q[2], q[3], q[0]});
        }
        return new LiberoObservation(arrays, objects, SceneSnapshot.of(simulation.data()), Map.copyOf(alphas), camera);
    }

    @Override
    public synchronized byte[] agentviewImage() {
        if (agentview == null) {
            agentview = camera.picture(snapshot, "agentview", alphas);
        }
        return agentview;
    }

    @Override
    public synchronized byte[] wristImage() {
        if (wrist == null) {
            wrist = camera.picture(snapshot, "robot0_eye_in_hand", alphas);
        }
        return wrist;
    }

    @Override
    public Map<String, double[]> arrays() {
        return arrays;
    }

    /**
     * Where the movable objects are, which no policy is told: {@code <object>_pos} (3, metres) and
     * {@code <object>_quat} (4, x, y, z, w), in the order of the task file.
     *
     * @return name to numbers; not to be modified
     */
    public Map<String, double[]> objects() {
        return objects;
    }
}
