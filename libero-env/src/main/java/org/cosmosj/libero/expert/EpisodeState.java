package org.cosmosj.libero.expert;

import java.util.Arrays;
import org.cosmosj.libero.mujoco.MujocoModel;
import org.cosmosj.libero.mujoco.MujocoSimulation;
import org.cosmosj.libero.mujoco.ObjectKind;
import org.cosmosj.libero.scene.LiberoScene;
import org.cosmosj.libero.scene.PlacedModel;

/** What demonstration files keep of a simulation. */
final class EpisodeState {

    private EpisodeState() {
    }

    /** Time, joint positions, joint velocities: (1 + nq + nv). */
    static double[] flattened(MujocoSimulation simulation) {
        double[] qpos = simulation.data().numbers("qpos");
        double[] qvel = simulation.data().numbers("qvel");
        double[] state = Arrays.copyOf(new double[] {simulation.data().time()}, 1 + qpos.length + qvel.length);
        System.arraycopy(qpos, 0, state, 1, qpos.length);
        System.arraycopy(qvel, 0, state, 1 + qpos.length, qvel.length);
        return state;
    }

    /** The episode's model. */
    static String model(LiberoScene scene, MujocoSimulation simulation) {
        MujocoModel model = simulation.model();
        double[] positions = model.numbers("body_pos");
        double[] quaternions = model.numbers("body_quat");
        return PlacedModel.write(scene, name -> {
            int body = model.id(ObjectKind.BODY, name);
            double[] pose = Arrays.copyOfRange(positions, 3 * body, 3 * body + 7);
            System.arraycopy(quaternions, 4 * body, pose, 3, 4);
            return pose;
        });
    }
}
