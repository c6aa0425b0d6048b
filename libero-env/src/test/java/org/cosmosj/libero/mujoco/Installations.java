package org.cosmosj.libero.mujoco;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The MuJoCo libraries of this machine: the system's, and what {@code MUJOCO_HOME} names (a folder or a wheel). */
public final class Installations {

    private Installations() {
    }

    /** Places to give to {@link MujocoLibrary#load}; skips the test if there is none. */
    public static Stream<String> all() {
        List<String> places = new ArrayList<>();
        for (String place : new String[] {"system", System.getenv("MUJOCO_HOME")}) {
            if (place != null && exists(place)) {
                places.add(place);
            }
        }
        if (places.isEmpty()) {
            abort("no MuJoCo: apt-get install libmujoco2.2.2 libmujoco-dev, or let MUJOCO_HOME name a release or a"
                    + " wheel");
        }
        return places.stream();
    }

    /** One library; skips the test if there is none. */
    public static MujocoLibrary any() {
        return MujocoLibrary.load(all().findFirst().orElseThrow());
    }

    private static boolean exists(String place) {
        try (MujocoInstallation _ = MujocoInstallation.find(place)) {
            return true;
        } catch (MujocoException e) {
            if (!place.equals("system")) {
                throw e;
            }
            return false;
        }
    }

    /** Runs a command in a folder and returns what it printed; skips the test if there is no such command. */
    static String run(Path folder, String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        } catch (IOException e) {
            abort("there is no " + command[0]);
            throw e;
        }
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        return output;
    }

    /** Compiles a C source to a library that could be taken for MuJoCo. */
    static Path library(Path folder, String source) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("lib.c"), source);
        run(folder, "gcc", "-shared", "-fPIC", "-Wl,-z,noexecstack", "-o", "libmujoco.so", "lib.c");
        return folder;
    }
}
