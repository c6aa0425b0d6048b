package org.cosmosj.libero.scene;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A scene without physics: it remembers what it was told. */
final class ArrangedScene implements SceneSimulation {

    final Map<String, double[]> joints = new HashMap<>();
    final Map<String, double[]> bodies = new HashMap<>();
    final Map<String, double[]> sites = new HashMap<>();
    final Set<Set<String>> contacts = new HashSet<>();
    final List<String> order = new ArrayList<>();

    @Override
    public void setJoint(String joint, double... qpos) {
        joints.put(joint, qpos.clone());
        order.add(joint);
    }

    @Override
    public void setBodyPose(String body, double[] position, double[] quaternion) {
        double[] pose = Arrays.copyOf(position, 7);
        System.arraycopy(quaternion, 0, pose, 3, 4);
        bodies.put(body, pose);
        order.add(body);
    }

    @Override
    public void forward() {
        order.add("forward");
    }

    @Override
    public double[] bodyPosition(String body) {
        return Arrays.copyOf(bodies.get(body), 3);
    }

    @Override
    public double[] bodyQuaternion(String body) {
        return Arrays.copyOfRange(bodies.get(body), 3, 7);
    }

    @Override
    public boolean hasSite(String site) {
        return sites.containsKey(site);
    }

    @Override
    public double[] sitePosition(String site) {
        return sites.get(site).clone();
    }

    @Override
    public double[] siteRotation(String site) {
        return new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1};
    }

    @Override
    public double[] siteSize(String site) {
        throw new UnsupportedOperationException(site);
    }

    @Override
    public double jointPosition(String joint) {
        return joints.get(joint)[0];
    }

    @Override
    public boolean touching(Set<String> a, Set<String> b) {
        return contacts.stream().anyMatch(pair -> pair.stream().anyMatch(a::contains)
                && pair.stream().anyMatch(b::contains));
    }
}
