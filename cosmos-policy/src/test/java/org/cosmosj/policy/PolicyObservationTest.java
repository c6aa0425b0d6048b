package org.cosmosj.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.cosmosj.policy.image.RgbImage;
import org.junit.jupiter.api.Test;

class PolicyObservationTest {
    private static RgbImage stripes() {
        byte[] rgb = new byte[20 * 30 * RgbImage.CHANNELS];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i * 37);
        }
        return new RgbImage(20, 30, rgb);
    }

    @Test
    void keepsItsPictures() {
        Map<Camera, RgbImage> images = new HashMap<>(Map.of(Camera.WRIST, stripes()));
        PolicyObservation observation = new PolicyObservation(images, new double[] {1});

        images.clear();

        assertThat(observation.images()).containsOnlyKeys(Camera.WRIST);
    }
}
