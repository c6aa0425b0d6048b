package org.cosmosj.libero.scene;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.cosmosj.libero.bddl.BddlException;
import org.cosmosj.libero.bddl.BddlProblem;
import org.cosmosj.libero.bddl.BddlProblem.Region;
import org.cosmosj.libero.bddl.Predicate;

/** What names of a task's statements stand for in its scene: things, their parts, zones of the workspace. */
final class SceneThings {

    /**
     * A region that predicates can ask about.
     *
     * @param half   half extents, (3), metres
     * @param parent thing that carries it, or empty for a zone of the workspace
     * @param joints joints of the part that carries it
     */
    record Place(double[] half, Optional<SceneObject> parent, List<String> joints) {
    }

    private final String source;
    private final Map<String, SceneObject> objects;
    private final Map<String, SceneObject> fixtures;
    private final Map<String, Place> places = new LinkedHashMap<>();
    private final Map<String, SceneObject.Part> parts = new HashMap<>();

    SceneThings(BddlProblem problem, String source, Domain domain, SceneAssembler.Assembly assembly) {
        this.source = source;
        this.objects = assembly.objects();
        this.fixtures = assembly.fixtures();
        problem.regions().forEach((key, region) -> place(key, region, domain));
    }

    private void place(String key, Region region, Domain domain) {
        if (domain.isZone(key)) {
            places.put(key, new Place(Domain.zoneHalf(region), Optional.empty(), List.of()));
            return;
        }
        Stream.concat(objects.values().stream(), fixtures.values().stream()).forEach(thing -> thing.part(key)
                .ifPresent(part -> {
                    parts.put(key, part);
                    places.put(key, new Place(part.half(), Optional.of(thing), part.joints()));
                }));
    }

    Map<String, SceneObject> objects() {
        return objects;
    }

    Map<String, SceneObject> fixtures() {
        return fixtures;
    }

    boolean contains(String name) {
        return objects.containsKey(name) || fixtures.containsKey(name);
    }

    /** The thing of a name. */
    SceneObject thing(String name) {
        SceneObject thing = objects.containsKey(name) ? objects.get(name) : fixtures.get(name);
        if (thing == null) {
            throw new BddlException(source + ": \"" + name + "\" is neither a thing nor a region of the scene; it has "
                    + objects.keySet() + ", " + fixtures.keySet() + " and " + places.keySet());
        }
        return thing;
    }

    /** The region of a key, or empty if none is built into the scene. */
    Optional<Place> place(String key) {
        return Optional.ofNullable(places.get(key));
    }

    /** The part of a thing that is a region of that key. */
    Optional<SceneObject.Part> part(String key) {
        return Optional.ofNullable(parts.get(key));
    }

    /** Joints of a thing or of the part that a region belongs to. */
    List<String> joints(String name) {
        return place(name).map(Place::joints).orElseGet(() -> thing(name).joints());
    }

    /** Values that a statement about joints stands for at a reset. */
    JointMeaning.Range range(Predicate.Articulated statement) {
        return meaning(statement).range(statement.state()).orElseThrow();
    }

    /** What joints mean to a statement; throws if the thing has no such state. */
    JointMeaning meaning(Predicate.Articulated statement) {
        SceneObject thing = place(statement.object()).flatMap(Place::parent)
                .orElseGet(() -> thing(statement.object()));
        JointMeaning meaning = thing.category().meaning();
        if (meaning == null || meaning.range(statement.state()).isEmpty()) {
            throw new BddlException(source + ": (" + statement.state() + " " + statement.object() + "): a "
                    + thing.category().name() + " is never that");
        }
        return meaning;
    }
}
