package org.cosmosj.libero.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Checks every file of a folder of golden numbers. */
public final class GoldenFolder {

    /** The first that covers a file checks it. */
    private static final List<GoldenCheck> CHECKS = List.of(new RandomCheck(), new InitFileCheck(),
            new PlacementCheck(), new ModelCheck(), new ProbeCheck(), new EpisodeCheck());

    private final List<Path> files;

    /**
     * Lists a folder.
     *
     * @param folder holds {@code .json} and {@code .safetensors} files; a single such file will do
     * @throws IllegalArgumentException if there are none
     */
    public GoldenFolder(Path folder) {
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.filter(Files::isRegularFile).filter(GoldenFolder::isGolden).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("golden folder " + folder + ": cannot be listed", e);
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException("golden folder " + folder
                    + ": holds no .safetensors or .json file; give the folder 'golden' of the data pack");
        }
    }

    private static boolean isGolden(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".json") || name.endsWith(".safetensors");
    }

    /**
     * Checks all files; one that cannot be checked is one failure.
     *
     * @param context scenes and MuJoCo
     * @param results takes the outcomes
     */
    public void check(GoldenContext context, GoldenResults results) {
        for (Path file : files) {
            results.begin(file.getFileName().toString());
            Optional<GoldenCheck> check = CHECKS.stream().filter(each -> each.covers(file)).findFirst();
            if (check.isEmpty()) {
                results.check("file", false, "no check is for files of this name");
                continue;
            }
            try {
                check.get().run(file, context, results);
            } catch (Exception e) {
                results.check("file", false, e.getMessage() == null ? e.toString() : e.getMessage());
            }
        }
    }
}
