package org.cosmosj.libero.mujoco;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.cosmosj.libero.scene.SceneSimulation;

/** A scene in MuJoCo, asked and arranged by names. Owns its model and state; belongs to one thread at a time. */
public final class MujocoSimulation implements SceneSimulation, AutoCloseable {

    private static final int FREE_JOINT_NUMBERS = 7;

    private final MujocoModel model;
    private final MujocoData data;
    private final Map<Set<String>, boolean[]> shapes = new HashMap<>();
    private int[] pairs = new int[512];

    /**
     * Compiles a scene.
     *
     * @param library which MuJoCo
     * @param mjcf    the scene; files are named by absolute paths
     * @throws MujocoException with MuJoCo's reason if it cannot be compiled
     */
    public MujocoSimulation(MujocoLibrary library, String mjcf) {
        this(MujocoModel.compile(library, mjcf));
    }

    /**
     * Simulates a model.
     *
     * @param model closed with the simulation
     */
    public MujocoSimulation(MujocoModel model) {
        this.model = model;
        this.data = new MujocoData(model);
    }

    /**
     * The compiled model.
     *
     * @return the model, owned by the simulation
     */
    public MujocoModel model() {
        return model;
    }

    /**
     * The state.
     *
     * @return the state, owned by the simulation
     */
    public MujocoData data() {
        return data;
    }

    @Override
    public double[] bodyPosition(String body) {
        return row("xpos", model.id(ObjectKind.BODY, body), 3);
    }

    @Override
    public double[] bodyQuaternion(String body) {
        return row("xquat", model.id(ObjectKind.BODY, body), 4);
    }

    @Override
    public boolean hasSite(String site) {
        return model.contains(ObjectKind.SITE, site);
    }

    @Override
    public double[] sitePosition(String site) {
        return row("site_xpos", model.id(ObjectKind.SITE, site), 3);
    }

    @Override
    public double[] siteRotation(String site) {
        return row("site_xmat", model.id(ObjectKind.SITE, site), 9);
    }

    @Override
    public double[] siteSize(String site) {
        return model.row("site_size", model.id(ObjectKind.SITE, site), 3);
    }

    @Override
    public double jointPosition(String joint) {
        return row("qpos", model.integer("jnt_qposadr", model.id(ObjectKind.JOINT, joint)), 1)[0];
    }

    private double[] row(String name, int index, int width) {
        double[] row = new double[width];
        data.read(name, index * width, row);
        return row;
    }

    @Override
    public boolean touching(Set<String> a, Set<String> b) {
        boolean[] first = shapes(a);
        boolean[] second = shapes(b);
        if (pairs.length < 2 * data.contacts()) {
            pairs = new int[4 * data.contacts()];
        }
        int count = data.contactGeoms(pairs);
        for (int i = 0; i < count; i++) {
            int g = pairs[2 * i];
            int h = pairs[2 * i + 1];
            if (g >= 0 && h >= 0 && (first[g] && second[h] || first[h] && second[g])) { // -1: a flex, no geom
                return true;
            }
        }
        return false;
    }

    private boolean[] shapes(Set<String> names) {
        return shapes.computeIfAbsent(names, set -> {
            boolean[] chosen = new boolean[Math.toIntExact(model.size("ngeom"))];
            set.forEach(name -> chosen[model.id(ObjectKind.GEOM, name)] = true);
            return chosen;
        });
    }

    @Override
    public void setJoint(String joint, double... qpos) {
        int id = model.id(ObjectKind.JOINT, joint);
        int expected = switch (model.integer("jnt_type", id)) {
            case 0 -> FREE_JOINT_NUMBERS; // mjJNT_FREE, mjJNT_BALL, then slide and hinge: the same in every version
            case 1 -> 4;
            default -> 1;
        };
        if (qpos.length != expected) {
            throw new IllegalArgumentException("joint " + joint + ": " + qpos.length + " numbers, expected "
                    + expected);
        }
        data.write("qpos", model.integer("jnt_qposadr", id), qpos);
    }

    @Override
    public void setBodyPose(String body, double[] position, double[] quaternion) {
        int id = model.id(ObjectKind.BODY, body);
        model.setRow("body_pos", id, position);
        model.setRow("body_quat", id, quaternion);
    }

    @Override
    public void forward() {
        data.forward();
    }

    @Override
    public void close() {
        data.close();
        model.close();
    }
}
