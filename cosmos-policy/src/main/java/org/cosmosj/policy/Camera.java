package org.cosmosj.policy;

/** The views a robot may have; a suite uses some of them. Source: spec 04 section 1. */
public enum Camera {
    /** Wrist camera; the left one where there are two. */
    WRIST,
    /** Second wrist camera, the right one. */
    WRIST2,
    /** Third-person camera. */
    PRIMARY,
    /** Second third-person camera. */
    SECONDARY
}
