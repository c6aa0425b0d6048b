package org.cosmosj.libero;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * LIBERO's suites of tasks.
 * Source: libero/libero/benchmark/libero_suite_task_map.py; limits: cosmos_policy/experiments/robot/libero/
 * run_libero_eval.py#TASK_MAX_STEPS.
 */
public enum LiberoSuite {
    /** Ten tasks that differ in where a bowl stands. */
    SPATIAL("libero_spatial", 220),
    /** Ten tasks that differ in which thing goes into a basket. */
    OBJECT("libero_object", 280),
    /** Ten tasks that differ in what is to be done. */
    GOAL("libero_goal", 300),
    /** Ten long tasks, in three rooms. */
    LONG("libero_10", 520),
    /** Ninety tasks for training, in three rooms. */
    NINETY("libero_90", 400);

    private final String folder;
    private final int maxSteps;

    LiberoSuite(String folder, int maxSteps) {
        this.folder = folder;
        this.maxSteps = maxSteps;
    }

    /** Read once, when tasks are first asked for. */
    private static final class Names {
        private static final String RESOURCE = "tasks.txt";
        private static final List<String> ALL = read();

        private static List<String> read() {
            try (InputStream in = LiberoSuite.class.getResourceAsStream(RESOURCE)) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * The suite's name, which is that of its folders.
     *
     * @return for example {@code libero_spatial}
     */
    public String folder() {
        return folder;
    }

    /**
     * Steps of the policy after which an episode has failed.
     *
     * @return the limit
     */
    public int maxSteps() {
        return maxSteps;
    }

    /**
     * The suite's tasks in the benchmark's order.
     *
     * @return 10 tasks, or 90
     */
    public List<LiberoTask> tasks() {
        List<LiberoTask> tasks = new ArrayList<>();
        for (String line : Names.ALL) {
            if (line.startsWith(folder + "/")) {
                tasks.add(new LiberoTask(this, tasks.size(), line.substring(folder.length() + 1)));
            }
        }
        return List.copyOf(tasks);
    }

    /**
     * Finds a task.
     *
     * @param nameOrIndex file name without extension, or index from 0
     * @return the task
     * @throws IllegalArgumentException if the suite has no such task; the message lists what it has
     */
    public LiberoTask task(String nameOrIndex) {
        return tasks().stream()
                .filter(task -> task.name().equals(nameOrIndex) || Integer.toString(task.index()).equals(nameOrIndex))
                .findFirst().orElseThrow(() -> new IllegalArgumentException("suite " + folder + " has no task \""
                        + nameOrIndex + "\"; give an index from 0 to " + (tasks().size() - 1) + " or one of "
                        + tasks().stream().map(LiberoTask::name).toList()));
    }

    /**
     * Finds a suite.
     *
     * @param folder its name, for example {@code libero_10}
     * @return the suite
     * @throws IllegalArgumentException if there is none of that name
     */
    public static LiberoSuite of(String folder) {
        String wanted = folder.toLowerCase(Locale.ROOT);
        return Arrays.stream(values()).filter(suite -> suite.folder.equals(wanted)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no suite \"" + folder + "\"; LIBERO has "
                        + Arrays.stream(values()).map(LiberoSuite::folder).toList()));
    }
}
