package org.cosmosj.libero.bddl;

import java.util.List;
import java.util.Locale;

/** One statement about the scene; {@code :init} and {@code :goal} are lists of them. */
public sealed interface Predicate {

    /** Two bodies' centres may be this far apart, horizontally, for one to stand on the other, metres. */
    double ON_DISTANCE = 0.03;

    /**
     * {@code (On object place)}: on another object, or on a region of an object or of the table.
     *
     * @param object what lies
     * @param place  object or region key
     */
    record On(String object, String place) implements Predicate {
        @Override
        public boolean holds(SceneView scene) {
            return scene.site(place).map(site -> site.isUnder(scene.position(object))
                    && site.parent().map(parent -> scene.touches(parent, object)).orElse(true))
                    .orElseGet(() -> standsOnObject(scene));
        }

        private boolean standsOnObject(SceneView scene) {
            double[] above = scene.position(object);
            double[] below = scene.position(place);
            double dx = above[0] - below[0];
            double dy = above[1] - below[1];
            return below[2] <= above[2] && scene.touches(place, object)
                    && Math.sqrt(dx * dx + dy * dy) < ON_DISTANCE;
        }
    }

    /**
     * {@code (In object region)}: the object's centre lies inside the region's box.
     *
     * @param object what lies
     * @param region region key
     */
    record In(String object, String region) implements Predicate {
        @Override
        public boolean holds(SceneView scene) {
            Site site = scene.site(region).orElseThrow(() -> new BddlException(
                    "(In " + object + " " + region + "): the scene has no region of that name"));
            return site.contains(scene.position(object));
        }
    }

    /**
     * A statement about the joints of an articulated object.
     *
     * @param state  which
     * @param object object or region key
     */
    record Articulated(JointState state, String object) implements Predicate {
        @Override
        public boolean holds(SceneView scene) {
            return scene.articulation(object, state);
        }
    }

    /** What an articulated object's joints can be said to be. */
    enum JointState {
        /** Any joint is beyond its opening threshold. */
        OPEN,
        /** All joints are closed. */
        CLOSE,
        /** Any knob is turned on. */
        TURNON,
        /** All knobs are turned off. */
        TURNOFF
    }

    /**
     * The statement that words make.
     *
     * @param words its name in lower case, then its arguments: {@code on}, {@code in} with two, {@code open},
     *              {@code close}, {@code turnon}, {@code turnoff} with one
     * @return the statement
     * @throws IllegalArgumentException if there is no such statement or it takes another number of arguments
     */
    static Predicate of(List<String> words) {
        String head = words.isEmpty() ? "" : words.getFirst();
        List<String> arguments = words.subList(Math.min(1, words.size()), words.size());
        int expected = head.equals("on") || head.equals("in") ? 2 : 1;
        if (!List.of("on", "in", "open", "close", "turnon", "turnoff").contains(head)) {
            throw new IllegalArgumentException("unknown predicate \"" + head
                    + "\", expected On, In, Open, Close, TurnOn, TurnOff or And");
        }
        if (arguments.size() != expected) {
            throw new IllegalArgumentException(head + " takes " + expected + " names, got " + arguments);
        }
        return switch (head) {
            case "on" -> new On(arguments.get(0), arguments.get(1));
            case "in" -> new In(arguments.get(0), arguments.get(1));
            default -> new Articulated(JointState.valueOf(head.toUpperCase(Locale.ROOT)), arguments.getFirst());
        };
    }

    /**
     * Evaluates the statement.
     *
     * @param scene the scene after a step
     * @return whether it is true now
     * @throws BddlException if the scene does not know a name in it
     */
    boolean holds(SceneView scene);

    /**
     * Evaluates a conjunction.
     *
     * @param all   its members
     * @param scene the scene after a step
     * @return whether all are true now
     */
    static boolean allHold(List<Predicate> all, SceneView scene) {
        for (Predicate each : all) {
            if (!each.holds(scene)) {
                return false;
            }
        }
        return true;
    }
}
