package org.cosmosj.libero.mujoco;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Where a MuJoCo library and its headers lie: Debian's packages, a release folder, or a Python wheel, which is opened
 * without Python. Closing removes what was unpacked.
 */
public final class MujocoInstallation implements AutoCloseable {

    /** The word for the system's own library. */
    public static final String SYSTEM = "system";

    private static final List<String> SYSTEM_FOLDERS = List.of("/usr/lib/x86_64-linux-gnu",
            "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/local/lib", "/opt/homebrew/lib");
    private static final List<String> SYSTEM_HEADERS =
            List.of("/usr/include/mujoco", "/usr/local/include/mujoco", "/opt/homebrew/include/mujoco");
    private static final Pattern LIBRARY = Pattern.compile("libmujoco[.0-9]*\\.(so|dylib)[.0-9]*");
    private static final Pattern IN_WHEEL = Pattern.compile(
            "mujoco/(libmujoco[.0-9]*\\.(so|dylib)[.0-9]*|include/mujoco/mj\\w*\\.h|include/mujoco/mujoco\\.h)");
    private static final String CURE =
            "; give --mujoco system (after apt-get install libmujoco2.2.2 libmujoco-dev), the"
                    + " folder of a MuJoCo release, or a mujoco wheel";

    private final String origin;
    private final Path library;
    private final Optional<Path> headers;
    private final Optional<Path> unpacked;

    private MujocoInstallation(String origin, Path library, Optional<Path> headers, Optional<Path> unpacked) {
        this.origin = origin;
        this.library = library;
        this.headers = headers;
        this.unpacked = unpacked;
    }

    /**
     * Finds an installation.
     *
     * @param where {@code system}, a folder that holds the library (or its {@code lib} and {@code include}), the
     *              library itself, or a wheel
     * @return the installation, to be closed
     * @throws MujocoException if there is none; the message says where was looked
     */
    public static MujocoInstallation find(String where) {
        if (where.equals(SYSTEM)) {
            return in(where, SYSTEM_FOLDERS.stream().map(Path::of).toList(),
                    SYSTEM_HEADERS.stream().map(Path::of).toList(), Optional.empty());
        }
        Path path = Path.of(where);
        if (Files.isDirectory(path)) {
            return inFolder(where, path, Optional.empty());
        }
        if (!Files.exists(path)) {
            throw new MujocoException("MuJoCo: " + where + " does not exist" + CURE);
        }
        if (LIBRARY.matcher(path.getFileName().toString()).matches()) {
            Path folder = path.toAbsolutePath().getParent();
            return new MujocoInstallation(where, path.toAbsolutePath(),
                    headers(headerFolders(folder)), Optional.empty());
        }
        return inWheel(path);
    }

    private static MujocoInstallation inFolder(String origin, Path folder, Optional<Path> unpacked) {
        return in(origin, List.of(folder, folder.resolve("lib"), folder.resolve("mujoco"), folder.resolve("bin")),
                headerFolders(folder), unpacked);
    }

    private static List<Path> headerFolders(Path folder) {
        List<Path> folders = new ArrayList<>(List.of(folder.resolve("include/mujoco"), folder.resolve("include"),
                folder.resolve("mujoco/include/mujoco"), folder));
        if (folder.getParent() != null) {
            folders.add(folder.resolveSibling("include/mujoco"));
        }
        return folders;
    }

    private static MujocoInstallation in(String origin, List<Path> libraries, List<Path> headers,
            Optional<Path> unpacked) {
        for (Path folder : libraries) {
            Optional<Path> library = library(folder);
            if (library.isPresent()) {
                return new MujocoInstallation(origin, library.get(), headers(headers), unpacked);
            }
        }
        throw new MujocoException("MuJoCo: no libmujoco.so in " + libraries + CURE);
    }

    private static Optional<Path> library(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> LIBRARY.matcher(file.getFileName().toString()).matches())
                    .filter(Files::isRegularFile).max(Comparator.comparing(Path::toString)).map(Path::toAbsolutePath);
        } catch (IOException e) {
            throw new MujocoException("MuJoCo: cannot read " + folder + " (" + e.getMessage() + ")" + CURE, e);
        }
    }

    private static Optional<Path> headers(List<Path> folders) {
        return folders.stream().filter(folder -> Files.exists(folder.resolve("mujoco.h"))).findFirst();
    }

    private static MujocoInstallation inWheel(Path wheel) {
        Path folder = null;
        try (ZipFile zip = new ZipFile(wheel.toFile())) {
            folder = Files.createTempDirectory("cosmosj-mujoco"); // private to this user
            Files.createDirectory(folder.resolve("include"));
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements();) {
                ZipEntry entry = entries.nextElement();
                if (IN_WHEEL.matcher(entry.getName()).matches()) {
                    String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
                    Path target = name.endsWith(".h") ? folder.resolve("include").resolve(name) : folder.resolve(name);
                    try (InputStream in = zip.getInputStream(entry)) {
                        Files.copy(in, target);
                    }
                }
            }
            return inFolder(wheel.toString(), folder, Optional.of(folder));
        } catch (IOException | RuntimeException e) {
            if (folder != null) {
                remove(folder);
            }
            throw new MujocoException("MuJoCo: " + wheel + " is no wheel of mujoco (" + e.getMessage() + ")" + CURE, e);
        }
    }

    /**
     * What was asked for.
     *
     * @return the word or path given to {@link #find}
     */
    public String origin() {
        return origin;
    }

    /**
     * The library.
     *
     * @return an existing file
     */
    public Path library() {
        return library;
    }

    /**
     * Its C headers.
     *
     * @return the folder that holds {@code mujoco.h}, or empty if there is none
     */
    public Optional<Path> headers() {
        return headers;
    }

    @Override
    public void close() {
        unpacked.ifPresent(MujocoInstallation::remove);
    }

    private static void remove(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (Files.isDirectory(file)) {
                    remove(file);
                } else {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new MujocoException("MuJoCo: cannot remove " + folder + " (" + e.getMessage() + ")", e);
        }
    }

    @Override
    public String toString() {
        return origin.equals(SYSTEM) ? library.toString() : origin;
    }
}
