package org.cosmosj.libero.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cosmosj.tensor.AtomicFile;

/** The folder of an evaluation: settings, records, films, and what the workers print. */
public final class EvaluationFolder {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path root;

    /** Whether records that are there are gone on from. */
    public enum Start {
        /** There must be none. */
        NEW,
        /** Episodes that are recorded are not run again. */
        RESUME
    }

    private EvaluationFolder(Path root) {
        this.root = root;
    }

    /**
     * Opens a folder, or makes it, and keeps or compares the settings.
     *
     * @param root     the folder
     * @param settings everything that decides what an episode's record says, by name
     * @param start    whether there may be records
     * @return the folder
     * @throws IllegalArgumentException if there are records and {@code start} is new, or they were made with other
     *                                  settings; the message says what differs
     * @throws UncheckedIOException     if it cannot be read or written
     */
    public static EvaluationFolder open(Path root, Map<String, String> settings, Start start) {
        EvaluationFolder folder = new EvaluationFolder(root);
        try {
            Files.createDirectories(folder.films());
            Files.createDirectories(folder.workers());
            if (Files.exists(folder.records()) && Files.size(folder.records()) > 0) {
                if (start == Start.NEW) {
                    throw new IllegalArgumentException("evaluation: " + folder.records() + " holds records; go on with"
                            + " --resume, or choose another folder with --out");
                }
                folder.compare(settings);
            }
            AtomicFile.write(folder.settings(),
                    JSON.writeValueAsString(new TreeMap<>(settings)).getBytes(StandardCharsets.UTF_8));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("evaluation: " + root + " cannot be used (" + e
                    + "); choose another folder with --out", e);
        }
    }

    private void compare(Map<String, String> now) throws IOException {
        Map<String, String> then;
        try {
            then = JSON.readValue(Files.readAllBytes(settings()), new TypeReference<TreeMap<String, String>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("evaluation: " + settings() + " is damaged (" + e.getOriginalMessage()
                    + "); choose another folder with --out", e);
        }
        List<String> differences = new ArrayList<>();
        Map<String, String> all = new TreeMap<>(then);
        all.putAll(now);
        for (String name : all.keySet()) {
            if (!java.util.Objects.equals(then.get(name), now.get(name))) {
                differences.add(name + " was " + then.get(name) + ", is " + now.get(name));
            }
        }
        if (!differences.isEmpty()) {
            throw new IllegalArgumentException("evaluation: the records of " + root + " were made with other settings: "
                    + String.join("; ", differences) + "; give the same, or choose another folder with --out");
        }
    }

    /**
     * The settings.
     *
     * @return {@code settings.json}
     */
    public Path settings() {
        return root.resolve("settings.json");
    }

    /**
     * The records.
     *
     * @return {@code episodes.jsonl}
     */
    public Path records() {
        return root.resolve("episodes.jsonl");
    }

    /**
     * The table.
     *
     * @return {@code summary.txt}
     */
    public Path summary() {
        return root.resolve("summary.txt");
    }

    /**
     * Films of episodes.
     *
     * @return a folder
     */
    public Path films() {
        return root.resolve("films");
    }

    /**
     * What workers print.
     *
     * @return a folder
     */
    public Path workers() {
        return root.resolve("workers");
    }
}
