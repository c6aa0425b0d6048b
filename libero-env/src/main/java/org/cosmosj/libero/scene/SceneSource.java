package org.cosmosj.libero.scene;

/** Finds tasks and assembles their scenes. */
@FunctionalInterface
public interface SceneSource {

    /**
     * A task's scene.
     *
     * @param suite for example {@code libero_spatial}
     * @param task  its file name without extension
     * @return the scene
     * @throws IllegalArgumentException if there is no such task
     */
    LiberoScene scene(String suite, String task);
}
