package org.cosmosj.libero.bddl;

import java.util.Optional;

/** What predicates need to know about a scene; implemented by every environment. */
public interface SceneView {

    /**
     * Centre of an object's main body.
     *
     * @param object its name
     * @return (3), metres, world frame
     * @throws BddlException if there is no such object
     */
    double[] position(String object);

    /**
     * Whether two objects are in contact.
     *
     * @param a name
     * @param b name
     * @return whether any of their collision shapes touch
     * @throws BddlException if there is no such object
     */
    boolean touches(String a, String b);

    /**
     * A region of the scene.
     *
     * @param key {@code <target>_<region>}
     * @return the region, or empty if the name is that of an object
     */
    Optional<Site> site(String key);

    /**
     * State of an articulated object.
     *
     * @param object name or region key
     * @param state  the question
     * @return the answer
     * @throws BddlException if the object has no joints
     */
    default boolean articulation(String object, Predicate.JointState state) {
        throw new BddlException("(" + state + " " + object + "): this scene has no articulated objects");
    }
}
