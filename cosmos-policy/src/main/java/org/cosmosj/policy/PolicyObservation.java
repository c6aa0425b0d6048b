package org.cosmosj.policy;

import java.util.Map;
import org.cosmosj.policy.image.RgbImage;

/**
 * What a robot senses before a query. Source: spec 05 section 2.
 *
 * @param images upright pictures of the layout's cameras, of any size
 * @param proprio joint state in the robot's units, P numbers
 */
public record PolicyObservation(Map<Camera, RgbImage> images, double[] proprio) {
    /** Copies the map. */
    public PolicyObservation {
        images = Map.copyOf(images);
    }
}
