package org.cosmosj.libero.app;

import java.nio.file.Path;
import org.cosmosj.libero.mujoco.MujocoLibrary;
import org.cosmosj.libero.scene.LiberoFolders;
import org.cosmosj.libero.scene.LiberoScenes;
import picocli.CommandLine.Option;

/** The options that say where LIBERO's parts are; the same for all of its commands. */
final class LiberoInstall {

    @Option(names = "--libero", paramLabel = "DIR", required = true,
            description = "LIBERO's checkout, or its folder libero/libero.")
    private Path libero;

    @Option(names = "--robosuite", paramLabel = "DIR|WHEEL", required = true,
            description = "robosuite 1.4's checkout, installed package or wheel.")
    private Path robosuite;

    @Option(names = "--mujoco", paramLabel = "system|DIR|WHEEL", defaultValue = "system",
            description = "The system's MuJoCo, the folder of a release, or a wheel (default: ${DEFAULT-VALUE}).")
    private String mujoco;

    @Option(names = "--cache", paramLabel = "DIR",
            description = "Folder for what a wheel of robosuite is unpacked to (default: ~/.cache/cosmosj).")
    private Path cache = Path.of(System.getProperty("user.home"), ".cache", "cosmosj");

    Path libero() {
        return libero;
    }

    Path robosuite() {
        return robosuite;
    }

    Path cache() {
        return cache;
    }

    String mujocoPlace() {
        return mujoco;
    }

    LiberoFolders folders() {
        return LiberoFolders.find(libero, robosuite, cache);
    }

    LiberoScenes scenes() {
        return new LiberoScenes(folders());
    }

    MujocoLibrary mujoco() {
        return MujocoLibrary.load(mujoco);
    }
}
