package org.cosmosj.libero.scene;

import java.util.Set;

/**
 * What a simulated scene tells about itself, by the names of its MJCF. Poses are those that the last forward
 * computation or step left, which after a step are the poses at the step's start.
 */
public interface SceneState {

    /**
     * Where a body is.
     *
     * @param body its name, for example {@code plate_1_main}
     * @return (3), metres, world frame; a new array
     * @throws IllegalArgumentException if the scene has no such body
     */
    double[] bodyPosition(String body);

    /**
     * How a body is turned.
     *
     * @param body its name
     * @return (4), unit quaternion w, x, y, z; a new array
     * @throws IllegalArgumentException if the scene has no such body
     */
    double[] bodyQuaternion(String body);

    /**
     * Whether the scene has a site of a name.
     *
     * @param site the name
     * @return true if it has
     */
    boolean hasSite(String site);

    /**
     * Where a site's centre is.
     *
     * @param site its name
     * @return (3), metres, world frame; a new array
     * @throws IllegalArgumentException if the scene has no such site
     */
    double[] sitePosition(String site);

    /**
     * How a site is turned.
     *
     * @param site its name
     * @return (9), row-major rotation; a new array
     * @throws IllegalArgumentException if the scene has no such site
     */
    double[] siteRotation(String site);

    /**
     * A site's extents as the compiled model has them.
     *
     * @param site its name
     * @return (3), metres, half sizes for a box; a new array
     * @throws IllegalArgumentException if the scene has no such site
     */
    double[] siteSize(String site);

    /**
     * Where a joint stands.
     *
     * @param joint its name; a hinge or a slide
     * @return radians or metres
     * @throws IllegalArgumentException if the scene has no such joint
     */
    double jointPosition(String joint);

    /**
     * Whether any shape of one set is in contact with any of another.
     *
     * @param a names of geoms
     * @param b names of geoms
     * @return true if the contacts hold such a pair, in either order
     */
    boolean touching(Set<String> a, Set<String> b);
}
