package org.cosmosj.libero.demo;

/** Whether a policy sees its pictures. A blind one is trained and judged alike but for picture latents of zero. */
public enum Vision {
    /** Pictures as they are. */
    SIGHTED,
    /** All picture latents zero, so that only proprioception and instruction remain. */
    BLIND
}
