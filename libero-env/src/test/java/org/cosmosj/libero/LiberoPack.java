package org.cosmosj.libero;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.cosmosj.libero.scene.LiberoFolders;

/**
 * Scene files of LIBERO and golden numbers of the Python reference, which are not part of this project. They are looked
 * for where the system property {@code cosmosj.libero.pack} says, else in the folders beside the checkout; tests that
 * need them are skipped, with a reason, where there are none.
 *
 * @param root the folder that holds {@code golden} and {@code libero}
 */
public record LiberoPack(Path root) {

    private static final String GOLDEN = "golden/placements.json";

    /**
     * Finds the pack or skips the test.
     *
     * @return the pack
     */
    public static LiberoPack findOrSkip() {
        Optional<Path> found = find();
        assumeThat(found).as("no LIBERO scenes and golden numbers: -Dcosmosj.libero.pack=FOLDER names them")
                .isPresent();
        return new LiberoPack(found.orElseThrow());
    }

    private static Optional<Path> find() {
        String named = System.getProperty("cosmosj.libero.pack");
        if (named != null) {
            return Optional.of(Path.of(named)).filter(each -> Files.exists(each.resolve(GOLDEN)));
        }
        Path checkout = Path.of("").toAbsolutePath();
        while (checkout.getParent() != null && !Files.isDirectory(checkout.resolve(".ci"))) {
            checkout = checkout.getParent();
        }
        if (checkout.getParent() == null) {
            return Optional.empty();
        }
        try (Stream<Path> beside = Files.list(checkout.getParent())) {
            return beside.map(each -> each.resolve("libero")).filter(each -> Files.exists(each.resolve(GOLDEN)))
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A golden file.
     *
     * @param name its name
     * @return its path
     */
    public Path golden(String name) {
        return root.resolve("golden").resolve(name);
    }

    /**
     * The scene files.
     *
     * @return folders of both collections
     */
    public LiberoFolders folders() {
        return LiberoFolders.find(root.resolve("libero/LIBERO"), root.resolve("libero/robosuite"), root);
    }
}
