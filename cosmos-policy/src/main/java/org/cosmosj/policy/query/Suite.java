package org.cosmosj.policy.query;

import java.util.Arrays;
import java.util.Locale;
import org.cosmosj.policy.CosmosPolicyConfig;
import org.cosmosj.policy.image.ImagePreparation;

/** The released policies as their published commands query them. Source: spec 06 sections 1.5 and 7. */
enum Suite {
    /** LIBERO. */
    LIBERO(CosmosPolicyConfig.LIBERO, 5, ImagePreparation.REFERENCE_QUALITY),
    /** RoboCasa. */
    ROBOCASA(CosmosPolicyConfig.ROBOCASA, 5, ImagePreparation.REFERENCE_QUALITY),
    /** ALOHA, the base policy. */
    ALOHA(CosmosPolicyConfig.ALOHA, 10, 0);

    private final CosmosPolicyConfig config;
    private final int steps;
    private final int jpeg;

    Suite(CosmosPolicyConfig config, int steps, int jpeg) {
        this.config = config;
        this.steps = steps;
        this.jpeg = jpeg;
    }

    CosmosPolicyConfig config() {
        return config;
    }

    /** Denoising steps of an action query. */
    int steps() {
        return steps;
    }

    /** JPEG quality that pictures pass through first, as those it was trained on did; 0 for none. */
    int jpeg() {
        return jpeg;
    }

    /** By its name in lower case. */
    static Suite parse(String name) {
        return Arrays.stream(values()).filter(suite -> suite.name().toLowerCase(Locale.ROOT).equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("suite '" + name + "' is unknown; use one of "
                        + Arrays.toString(values()).toLowerCase(Locale.ROOT)));
    }
}
