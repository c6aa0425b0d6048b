package org.cosmosj.libero.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cosmosj.libero.data.DemonstrationFile;
import org.cosmosj.libero.render.PictureFiles;
import org.cosmosj.libero.tabletop.TabletopTask;
import org.cosmosj.tensor.Safetensors;

/** The files that a demo leaves in its folder, and a check that each of them can be read again. */
final class Artefacts {
    /** Names of the trainings, from which their checkpoints and logs are named. */
    static final String TOKENIZER = "tokenizer";
    static final String POLICY = "policy";
    static final String BLIND_POLICY = "blind policy";

    private static final Pattern PICTURE = Pattern.compile("src=\"data:image/[a-z]+;base64,([^\"]*)\"");

    private final Path folder;

    Artefacts(Path folder) {
        this.folder = folder;
    }

    Path report() {
        return folder.resolve("report.html");
    }

    Path demonstrations(TabletopTask task) {
        return folder.resolve(DemonstrationFile.name(task.name()));
    }

    Path checkpoint(String training) {
        return folder.resolve(training.replace(' ', '_') + ".safetensors");
    }

    Path animation(TabletopTask task) {
        return folder.resolve(task.name() + ".gif");
    }

    /**
     * Reads everything that a finished run must have left.
     *
     * @param settings of the run
     * @throws IllegalStateException naming the first file that cannot be read or lacks something
     * @throws java.io.UncheckedIOException if a log of losses is damaged; one that was removed is not missed
     */
    void check(DemoSettings settings) {
        for (TabletopTask task : settings.tasks()) {
            int episodes = DemonstrationFile.read(demonstrations(task)).size();
            require(episodes > 0, demonstrations(task), episodes + " episodes");
            picture(bytes(animation(task)), animation(task).toString());
        }
        for (String training : new String[] {TOKENIZER, POLICY, BLIND_POLICY}) {
            Path file = checkpoint(training);
            try (Safetensors checkpoint = Safetensors.open(file)) {
                require(!checkpoint.keys().isEmpty(), file, "no tensors");
            } catch (IOException e) {
                throw new IllegalStateException("demo: " + file + " cannot be read again: " + e.getMessage(), e);
            }
            LossLog log = LossLog.beside(file, Long.MAX_VALUE);
            require(log.isRemoved() || log.losses().x().length > 0, file, "a log without steps");
        }
        checkReport();
    }

    private void checkReport() {
        Matcher pictures = PICTURE.matcher(new String(bytes(report()), StandardCharsets.UTF_8));
        int count = 0;
        while (pictures.find()) {
            count++;
            picture(Base64.getDecoder().decode(pictures.group(1)), report() + ": picture " + count);
        }
        require(count > 0, report(), "no pictures");
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IllegalStateException("demo: " + file + " cannot be read again: " + e, e);
        }
    }

    private static void picture(byte[] file, String source) {
        try {
            PictureFiles.decode(file, source);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("demo: " + e.getMessage(), e);
        }
    }

    private static void require(boolean holds, Path file, String found) {
        if (!holds) {
            throw new IllegalStateException("demo: " + file + " was written but has " + found
                    + "; free disk space and run the demo again");
        }
    }
}
