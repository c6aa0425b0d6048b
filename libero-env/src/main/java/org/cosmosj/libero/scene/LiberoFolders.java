package org.cosmosj.libero.scene;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * The folders that scenes are assembled from.
 *
 * @param bddl      LIBERO's {@code bddl_files}
 * @param init      LIBERO's {@code init_files}; need not exist where start states are not asked for
 * @param assets    LIBERO's {@code assets}
 * @param robosuite robosuite's {@code models/assets}
 */
public record LiberoFolders(Path bddl, Path init, Path assets, Path robosuite) {

    /** Makes the paths absolute. */
    public LiberoFolders {
        bddl = bddl.toAbsolutePath().normalize();
        init = init.toAbsolutePath().normalize();
        assets = assets.toAbsolutePath().normalize();
        robosuite = robosuite.toAbsolutePath().normalize();
    }

    /** How to get LIBERO. */
    static final String LIBERO_CURE = "get LIBERO with 'git clone https://github.com/Lifelong-Robot-Learning/LIBERO'"
            + " and give its folder libero/libero as --libero";
    /** How to get robosuite. */
    static final String ROBOSUITE_CURE = "get robosuite with 'pip download --no-deps robosuite==1.4.1' and give the"
            + " wheel, or a folder of robosuite 1.4, as --robosuite";
    private static final String PARTS = "robosuite/models/assets/";

    /**
     * Finds the parts in what a user names.
     *
     * @param libero    LIBERO's checkout, or a folder in it that leads to {@code bddl_files}
     * @param robosuite robosuite's checkout or installed package, or its wheel or zip, whose parts are unpacked into
     *                  {@code cache} once
     * @param cache     folder for unpacked parts; made when needed
     * @return the folders
     * @throws SceneException if a folder does not hold what it should; the message says what was looked for
     */
    public static LiberoFolders find(Path libero, Path robosuite, Path cache) {
        Path root = findLibero(libero);
        return new LiberoFolders(root.resolve("bddl_files"), root.resolve("init_files"), root.resolve("assets"),
                findRobosuite(robosuite, cache));
    }

    /**
     * Finds LIBERO's folder of data.
     *
     * @param libero the checkout, or a folder in it
     * @return the folder that holds {@code bddl_files}, {@code init_files} and {@code assets}
     * @throws SceneException if there is none
     */
    public static Path findLibero(Path libero) {
        return first(libero, "bddl_files", "", "libero/libero", "libero", "LIBERO/libero/libero")
                .orElseThrow(() -> new SceneException(libero + ": "
                        + (Files.isDirectory(libero)
                                ? "holds no bddl_files, nor does a libero/libero in it"
                                : "is not a folder")
                        + "; " + LIBERO_CURE));
    }

    /**
     * Finds robosuite's parts.
     *
     * @param robosuite the checkout, the installed package, or a wheel or zip
     * @param cache     folder for unpacked parts
     * @return the folder {@code models/assets}
     * @throws SceneException if there is none
     */
    public static Path findRobosuite(Path robosuite, Path cache) {
        if (Files.isRegularFile(robosuite)) {
            return unpack(robosuite, cache);
        }
        return first(robosuite, "base.xml", "models/assets", "robosuite/models/assets", "",
                "robosuite/robosuite/models/assets")
                .orElseThrow(() -> new SceneException(robosuite + ": "
                        + (Files.isDirectory(robosuite)
                                ? "holds no models/assets/base.xml"
                                : "is neither a folder nor a wheel")
                        + "; " + ROBOSUITE_CURE));
    }

    private static Optional<Path> first(Path given, String holds, String... below) {
        return List.of(below).stream().map(each -> each.isEmpty() ? given : given.resolve(each))
                .filter(each -> Files.exists(each.resolve(holds))).findFirst();
    }

    /** Unpacks a wheel's parts; the folder appears under its name only when it is complete. */
    private static Path unpack(Path wheel, Path cache) {
        try (ZipFile zip = new ZipFile(wheel.toFile())) {
            Path target = cache.resolve(wheel.getFileName() + "-" + Files.size(wheel) + "-"
                    + Files.getLastModifiedTime(wheel).toMillis());
            if (Files.isDirectory(target)) {
                return target;
            }
            Files.createDirectories(cache);
            Path growing = Files.createTempDirectory(cache, "unpacking");
            if (extract(zip, growing) == 0) {
                Files.delete(growing);
                throw new SceneException(wheel + ": is an archive without " + PARTS + "; " + ROBOSUITE_CURE);
            }
            try {
                Files.move(growing, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                if (!Files.isDirectory(target)) { // unless another process was faster
                    throw e;
                }
            }
            return target;
        } catch (ZipException e) {
            throw new SceneException(wheel + ": is not a zip archive (" + e.getMessage() + "); " + ROBOSUITE_CURE, e);
        } catch (IOException e) {
            throw new UncheckedIOException(wheel + ": cannot be unpacked into " + cache + ": " + e, e);
        }
    }

    private static int extract(ZipFile zip, Path into) throws IOException {
        int count = 0;
        for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements();) {
            ZipEntry entry = entries.nextElement();
            int at = entry.getName().indexOf(PARTS);
            if (at < 0 || entry.isDirectory()) {
                continue;
            }
            Path file = into.resolve(entry.getName().substring(at + PARTS.length())).normalize();
            if (!file.startsWith(into)) {
                throw new SceneException(zip.getName() + ": entry " + entry.getName() + " leads out of its folder;"
                        + " this is no robosuite wheel");
            }
            Files.createDirectories(file.getParent());
            try (InputStream in = zip.getInputStream(entry)) {
                Files.copy(in, file);
            }
            count++;
        }
        return count;
    }
}
