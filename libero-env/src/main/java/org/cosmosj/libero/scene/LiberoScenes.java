package org.cosmosj.libero.scene;

import java.nio.file.Path;
import org.cosmosj.libero.LiberoSuite;
import org.cosmosj.libero.LiberoTask;

/** Assembles LIBERO's scenes from folders on disk. */
public final class LiberoScenes implements SceneSource {

    private final LiberoFolders folders;

    /**
     * Takes the folders; nothing is read yet.
     *
     * @param folders where task files and parts lie
     */
    public LiberoScenes(LiberoFolders folders) {
        this.folders = folders;
    }

    /**
     * The folders.
     *
     * @return what scenes are assembled from
     */
    public LiberoFolders folders() {
        return folders;
    }

    /**
     * A task's scene.
     *
     * @param suite for example {@code libero_spatial}
     * @param task  its file name without extension, or its index
     * @return the scene
     * @throws IllegalArgumentException                 if there is no such task
     * @throws org.cosmosj.libero.bddl.BddlException    if the task file cannot be read or asks for something unknown
     * @throws SceneException                           if parts are missing or damaged
     */
    @Override
    public LiberoScene scene(String suite, String task) {
        return scene(LiberoSuite.of(suite).task(task));
    }

    /**
     * A task's scene.
     *
     * @param task the task
     * @return the scene
     * @throws org.cosmosj.libero.bddl.BddlException    if the task file cannot be read or asks for something unknown
     * @throws SceneException                           if parts are missing or damaged
     */
    public LiberoScene scene(LiberoTask task) {
        return new LiberoTaskScene(task.suite().folder(), task.name(), task.suite().maxSteps(),
                folders.bddl().resolve(task.bddlFile()), folders.init().resolve(task.initFile()), folders);
    }

    /**
     * The scene of a task file of one's own, made of LIBERO's things.
     *
     * @param bddl     the task file; its name without extension is the task's
     * @param maxSteps limit of an episode
     * @return the scene, of the suite {@code own}
     * @throws org.cosmosj.libero.bddl.BddlException    if the task file cannot be read or asks for something unknown
     * @throws SceneException                           if parts are missing or damaged
     */
    public LiberoScene scene(Path bddl, int maxSteps) {
        String name = bddl.getFileName().toString().replaceFirst("\\.bddl$", "");
        return new LiberoTaskScene("own", name, maxSteps, bddl, folders.init().resolve("own/" + name + ".pruned_init"),
                folders);
    }
}
