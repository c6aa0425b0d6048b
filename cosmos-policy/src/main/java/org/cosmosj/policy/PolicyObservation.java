package org.cosmosj.policy;

import java.util.EnumMap;
import java.util.Map;
import org.cosmosj.policy.image.ImagePreparation;
import org.cosmosj.policy.image.JpegCodec;
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

    /**
     * This observation as LIBERO's and RoboCasa's evaluations show it to a policy: the demonstrations were stored as
     * JPEG, so pictures go through the same codec before anything else. ALOHA's do not. Source: spec 05 section 4.
     *
     * @param quality in libjpeg's scale of 1 to 100; the reference takes {@link ImagePreparation#REFERENCE_QUALITY}
     * @return the observation with all pictures encoded and decoded
     */
    public PolicyObservation compressed(int quality) {
        Map<Camera, RgbImage> seen = new EnumMap<>(Camera.class);
        images.forEach((camera, image) -> seen.put(camera, JpegCodec.compress(image, quality)));
        return new PolicyObservation(seen, proprio);
    }
}
