package org.cosmosj.libero.tabletop;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cosmosj.libero.Observation;
import org.cosmosj.libero.geometry.Pose;
import org.cosmosj.libero.geometry.Rotations;
import org.cosmosj.libero.render.Mesh;

/** A frozen moment of the tabletop; draws its pictures when asked. */
final class TabletopObservation implements Observation {

    /**
     * Resolution of every sensor number. Without it the hand's quaternion, constant but for rounding errors of
     * 1e-12, would be blown up to full range by a min-max normalisation.
     */
    private static final double RESOLUTION = 1e-5;

    private final Snapshot snapshot;
    private final Map<String, double[]> arrays;
    private final TabletopRenderer renderer;
    private byte[] agentview;
    private byte[] wrist;

    /**
     * What a picture shows.
     *
     * @param joints   joint angles
     * @param hand     end effector, world frame
     * @param opening  joint value of the fingers
     * @param objects  what stands where
     */
    record Snapshot(double[] joints, Pose hand, double opening, List<Shown> objects) {
    }

    /**
     * A drawn object.
     *
     * @param mesh    what it looks like
     * @param pose    where it is
     * @param painted whether it is part of the table's surface
     */
    record Shown(Mesh mesh, Pose pose, boolean painted) {
    }

    private TabletopObservation(Snapshot snapshot, Map<String, double[]> arrays, TabletopRenderer renderer) {
        this.snapshot = snapshot;
        this.arrays = arrays;
        this.renderer = renderer;
    }

    static TabletopObservation of(TabletopWorld world, double[] jointsBefore, double openingBefore, double frequency,
            TabletopRenderer renderer) {
        double[] q = world.joints();
        double[] velocity = new double[q.length];
        double[] cosine = new double[q.length];
        double[] sine = new double[q.length];
        for (int i = 0; i < q.length; i++) {
            velocity[i] = (q[i] - jointsBefore[i]) * frequency;
            cosine[i] = StrictMath.cos(q[i]);
            sine[i] = StrictMath.sin(q[i]);
        }
        double opening = world.opening();
        double speed = (opening - openingBefore) * frequency;
        Map<String, double[]> arrays = new LinkedHashMap<>();
        arrays.put("robot0_joint_pos", rounded(q.clone()));
        arrays.put("robot0_joint_pos_cos", rounded(cosine));
        arrays.put("robot0_joint_pos_sin", rounded(sine));
        arrays.put("robot0_joint_vel", rounded(velocity));
        arrays.put("robot0_eef_pos", rounded(world.hand().position()));
        arrays.put("robot0_eef_quat", rounded(Rotations.toQuaternionXyzw(world.hand().rotation())));
        arrays.put("robot0_gripper_qpos", rounded(new double[] {opening, -opening}));
        arrays.put("robot0_gripper_qvel", rounded(new double[] {speed, -speed}));
        List<Shown> shown = world.bodies.stream()
                .map(body -> new Shown(body.model.mesh(), body.pose(), !body.isSolid())).toList();
        return new TabletopObservation(new Snapshot(q, world.hand(), opening, shown),
                Collections.unmodifiableMap(arrays), renderer);
    }

    @Override
    public synchronized byte[] agentviewImage() {
        if (agentview == null) {
            agentview = renderer.agentview(snapshot);
        }
        return agentview;
    }

    @Override
    public synchronized byte[] wristImage() {
        if (wrist == null) {
            wrist = renderer.wrist(snapshot);
        }
        return wrist;
    }

    @Override
    public Map<String, double[]> arrays() {
        return arrays;
    }

    /** Multiples of the resolution; adding 0.0 turns -0.0 into 0.0. */
    private static double[] rounded(double[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.rint(values[i] / RESOLUTION) * RESOLUTION + 0.0;
        }
        return values;
    }
}
