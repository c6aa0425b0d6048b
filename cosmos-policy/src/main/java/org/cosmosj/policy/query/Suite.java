package org.cosmosj.policy.query;

import java.util.Arrays;
import java.util.Locale;
import org.cosmosj.policy.CosmosPolicyConfig;

/** The released policies as their published commands query them. Source: spec 06 sections 1.5 and 7. */
enum Suite {
    /** LIBERO. */
    LIBERO(CosmosPolicyConfig.LIBERO, 5),
    /** RoboCasa. */
    ROBOCASA(CosmosPolicyConfig.ROBOCASA, 5),
    /** ALOHA, the base policy. */
    ALOHA(CosmosPolicyConfig.ALOHA, 10);

    private final CosmosPolicyConfig config;
    private final int steps;

    Suite(CosmosPolicyConfig config, int steps) {
        this.config = config;
        this.steps = steps;
    }

    CosmosPolicyConfig config() {
        return config;
    }

    /** Denoising steps of an action query. */
    int steps() {
        return steps;
    }

    /** By its name in lower case. */
    static Suite parse(String name) {
        return Arrays.stream(values()).filter(suite -> suite.name().toLowerCase(Locale.ROOT).equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("suite '" + name + "' is unknown; use one of "
                        + Arrays.toString(values()).toLowerCase(Locale.ROOT)));
    }
}
