package org.cosmosj.libero.scene;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cosmosj.libero.bddl.BddlException;
import org.cosmosj.libero.bddl.BddlProblem;
import org.cosmosj.libero.bddl.BddlProblem.Region;
import org.cosmosj.libero.bddl.Predicate;
import org.cosmosj.libero.scene.Spot.Placement;

/**
 * Where things stand after a reset: what {@code :init} says, drawn as the reference draws it.
 * Source: libero bddl_base_domain.py#_add_placement_initializer, #_reset_internal; robosuite
 * utils/placement_samplers.py#SequentialCompositeSampler.
 */
final class ResetPlacer {

    private static final int ARM_JOINTS = 7;
    private static final int MOST_TRIES = 100;

    /**
     * Joints that {@code :init} sets.
     *
     * @param joints their names
     * @param range  values to draw from
     */
    private record Setting(List<String> joints, JointMeaning.Range range) {
    }

    private final String source;
    private final SceneThings things;
    private final List<Setting> settings = new ArrayList<>();
    private final List<Spot> spots = new ArrayList<>();

    ResetPlacer(BddlProblem problem, String source, Domain domain, SceneThings things) {
        this.source = source;
        this.things = things;
        List<Spot> onParts = new ArrayList<>();
        List<Spot> onObjects = new ArrayList<>();
        List<Spot> inParts = new ArrayList<>();
        for (Predicate statement : problem.init()) {
            switch (statement) {
                case Predicate.On on when things.objects().containsKey(on.place()) ->
                    onObjects.add(Spot.onObject(object(on.object()), on.place()));
                case Predicate.On on when problem.regions().containsKey(on.place()) ->
                    onRegion(on, problem.regions().get(on.place()), domain, onParts);
                case Predicate.On _ -> {
                    // neither a region nor a movable thing: the reference places nothing
                }
                case Predicate.In in when problem.regions().containsKey(in.region()) ->
                    inParts.add(Spot.inPart(object(in.object()),
                            problem.regions().get(in.region()).target(), in.region()));
                case Predicate.In _ -> {
                    // as above
                }
                case Predicate.Articulated joint -> settings.add(new Setting(things.joints(joint.object()),
                        things.range(joint)));
            }
        }
        spots.addAll(onParts);
        spots.addAll(inParts);
        spots.addAll(onObjects);
    }

    private void onRegion(Predicate.On on, Region region, Domain domain, List<Spot> onParts) {
        if (things.contains(region.target())) {
            SceneObject.Part part = things.part(on.place()).orElseThrow(() -> new BddlException(source + ": (On "
                    + on.object() + " " + on.place() + "): " + region.target() + " has no such part"));
            onParts.add(Spot.onPart(object(on.object()), region.target(), part));
        } else if (things.fixtures().containsKey(on.object())) {
            spots.add(Spot.fixture(things.fixtures().get(on.object()), region, domain));
        } else {
            spots.add(Spot.onWorkspace(object(on.object()), region, domain));
        }
    }

    private SceneObject object(String name) {
        SceneObject object = things.objects().get(name);
        if (object == null) {
            throw new BddlException(source + ": :init places " + name + ", which :objects does not hold");
        }
        return object;
    }

    /** Draws and places; a try that finds no place for a thing is followed by another, as by another reset. */
    void place(ResetRandom random, SceneSimulation simulation, int reset) {
        for (int attempt = 0; attempt < MOST_TRIES; attempt++) {
            if (tryPlace(random, simulation, reset + attempt)) {
                return;
            }
        }
        throw new SceneException(source + ": " + MOST_TRIES + " resets found no places in which things do not overlap;"
                + " widen the regions of :init");
    }

    private boolean tryPlace(ResetRandom random, SceneSimulation simulation, int reset) {
        random.normals(ARM_JOINTS);
        for (int load = 0; load <= reset; load++) {
            for (Setting setting : settings) {
                double value = random.uniform(setting.range.low(), setting.range.high());
                setting.joints.forEach(joint -> simulation.setJoint(joint, value));
            }
        }
        // the reference's scene is new at every reset: fixtures stand where their file says
        things.fixtures().values().forEach(each -> simulation.setBodyPose(each.mainBody(), each.filePosition(),
                each.fileQuaternion()));
        simulation.forward();
        Map<String, Placement> placed = new LinkedHashMap<>();
        for (Spot spot : spots) {
            Placement placement = spot.draw(random, placed, simulation);
            if (placement == null) {
                return false;
            }
            placed.put(placement.object().name(), placement);
        }
        for (Placement each : placed.values()) {
            if (things.fixtures().containsKey(each.object().name())) {
                simulation.setBodyPose(each.object().mainBody(), each.position(), each.quaternion());
            } else {
                double[] p = each.position();
                double[] q = each.quaternion();
                simulation.setJoint(each.object().freeJoint(), p[0], p[1], p[2], q[0], q[1], q[2], q[3]);
            }
        }
        return true;
    }
}
