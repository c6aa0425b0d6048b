package org.cosmosj.libero.scene;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cosmosj.libero.bddl.Predicate;
import org.cosmosj.libero.bddl.Predicate.JointState;
import org.cosmosj.libero.bddl.SceneView;
import org.cosmosj.libero.bddl.Site;
import org.cosmosj.libero.geometry.Pose;

/** Answers what predicates ask about a simulated scene. Source: libero object_states/base_object_states.py. */
final class LiberoSceneView implements SceneView {

    private final SceneThings things;
    private final SceneState state;
    private final Map<String, Set<String>> collisionGeoms = new HashMap<>();

    LiberoSceneView(SceneThings things, SceneState state) {
        this.things = things;
        this.state = state;
    }

    @Override
    public double[] position(String object) {
        return state.bodyPosition(things.thing(object).mainBody());
    }

    @Override
    public boolean touches(String a, String b) {
        return state.touching(geoms(a), geoms(b));
    }

    private Set<String> geoms(String object) {
        return collisionGeoms.computeIfAbsent(object, name -> things.thing(name).collisionGeoms());
    }

    @Override
    public Optional<Site> site(String key) {
        return things.place(key).map(place -> {
            double[] p = state.sitePosition(key);
            return new Site(new Pose(p[0], p[1], p[2], state.siteRotation(key)), place.half(),
                    place.parent().map(SceneObject::name));
        });
    }

    /** {@code Open} and {@code TurnOn} ask for any joint, {@code Close} and {@code TurnOff} for all. */
    @Override
    public boolean articulation(String object, JointState asked) {
        JointMeaning meaning = things.meaning(new Predicate.Articulated(asked, object));
        List<String> joints = things.joints(object);
        boolean any = asked == JointState.OPEN || asked == JointState.TURNON;
        return any
                ? joints.stream().anyMatch(joint -> meaning.is(asked, state.jointPosition(joint)))
                : joints.stream().allMatch(joint -> meaning.is(asked, state.jointPosition(joint)));
    }
}
