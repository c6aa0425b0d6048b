package org.cosmosj.libero.golden;

import java.nio.file.Path;
import org.cosmosj.libero.mujoco.MujocoLibrary;
import org.cosmosj.libero.scene.SceneSource;

/**
 * What golden files are checked with.
 *
 * @param libero    LIBERO's folder that holds {@code bddl_files}, {@code init_files} and {@code assets}
 * @param robosuite robosuite's folder that holds {@code models/assets}
 * @param scenes    assembles scenes from the two
 * @param mujoco    the library that compiles and simulates them
 */
public record GoldenContext(Path libero, Path robosuite, SceneSource scenes, MujocoLibrary mujoco) {
}
