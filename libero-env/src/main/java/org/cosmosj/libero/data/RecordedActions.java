package org.cosmosj.libero.data;

import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a demonstration file holds for replaying: actions and states, without pictures.
 *
 * @param name        its group, for example {@code demo_0}
 * @param episode     number of the start state it began from, if the file says so
 * @param actions     (N, 7)
 * @param states      (N, 1 + nq + nv), before each action
 * @param initState   state at the start, before settle steps
 * @param model       MJCF of the episode, if the file keeps it
 * @param settleSteps steps before the first action that are not among the actions
 * @param success     whether the file says that the goal became true
 */
public record RecordedActions(String name, Optional<Integer> episode, double[][] actions, double[][] states,
        double[] initState, Optional<String> model, int settleSteps, boolean success) {

    private static final String CURE =
            "; expected a LIBERO demonstration file (HDF5) with actions and states";

    /**
     * Reads a file: one of {@code libero collect} or one of LIBERO's.
     *
     * @param file the file
     * @return its demonstrations in the order of their numbers
     * @throws UncheckedIOException if it is missing, damaged or has no states; the message names file and cure
     */
    public static List<RecordedActions> read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw error(file + ": " + (Files.exists(file) ? "is not a file" : "does not exist"), null);
        }
        try (HdfFile hdf = new HdfFile(file)) {
            List<Group> demos = new ArrayList<>();
            if (hdf.getChild("data") instanceof Group data) {
                data.forEach(node -> {
                    if (node instanceof Group demo && demo.getName().matches("demo_\\d+")) {
                        demos.add(demo);
                    }
                });
            }
            if (demos.isEmpty()) {
                throw error(file + ": holds no data/demo_0", null);
            }
            demos.sort(Comparator.comparingInt(demo -> Integer.parseInt(demo.getName().substring("demo_".length()))));
            List<RecordedActions> all = new ArrayList<>();
            for (Group demo : demos) {
                all.add(demonstration(file, demo));
            }
            return all;
        } catch (UncheckedIOException e) {
            throw e;
        } catch (RuntimeException e) { // the library reports damage by many kinds of exceptions
            throw error(file + ": is damaged or no HDF5 file (" + e + ")", e);
        }
    }

    private static RecordedActions demonstration(Path file, Group demo) {
        double[][] actions = rows(file, demo, "actions");
        double[][] states = rows(file, demo, "states");
        if (actions.length == 0 || states.length != actions.length) {
            throw error(file + ": " + demo.getName() + " has " + actions.length + " actions and " + states.length
                    + " states, expected as many, above 0", null);
        }
        double[] init = attribute(demo, "init_state").map(double[].class::cast).orElse(states[0]);
        double[][] dones = rows(file, demo, "dones");
        boolean last = dones.length > 0 && dones[dones.length - 1][0] != 0;
        return new RecordedActions(demo.getName(), attribute(demo, "episode").map(each -> ((Number) each).intValue()),
                actions, states, init, attribute(demo, "model_file").map(Object::toString),
                attribute(demo, "settle_steps").map(each -> ((Number) each).intValue()).orElse(0), last);
    }

    private static Optional<Object> attribute(Group demo, String name) {
        return Optional.ofNullable(demo.getAttribute(name)).map(Attribute::getData);
    }

    private static double[][] rows(Path file, Group demo, String name) {
        if (!(demo.getChildren().get(name) instanceof Dataset dataset)) {
            throw error(file + ": " + demo.getName() + " has no " + name, null);
        }
        int[] shape = dataset.getDimensions();
        int columns = shape.length == 1 ? 1 : shape[1];
        double[][] rows = new double[shape[0]][columns];
        Object flat = dataset.getDataFlat();
        for (int i = 0; i < rows.length * columns; i++) {
            rows[i / columns][i % columns] = ((Number) java.lang.reflect.Array.get(flat, i)).doubleValue();
        }
        return rows;
    }

    private static UncheckedIOException error(String what, Throwable cause) {
        return new UncheckedIOException(new IOException(what + CURE, cause));
    }
}
