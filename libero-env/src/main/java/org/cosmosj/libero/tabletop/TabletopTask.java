package org.cosmosj.libero.tabletop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.cosmosj.libero.bddl.BddlParser;
import org.cosmosj.libero.bddl.BddlProblem;

/**
 * A task of the tabletop.
 *
 * @param name        file name of its BDDL without extension
 * @param instruction what the robot is told to do
 * @param problem     the parsed BDDL
 * @param bddl        its text
 */
public record TabletopTask(String name, String instruction, BddlProblem problem, String bddl) {

    /** Name of the suite that the built-in tasks form. */
    public static final String SUITE = "tabletop";
    /** Grasp a bowl at its rim and put it on a plate. */
    public static final TabletopTask BOWL_ON_PLATE = resource("put_the_bowl_on_the_plate");
    /** Grasp a block and drop it into a basket. */
    public static final TabletopTask BLOCK_IN_BASKET = resource("put_the_block_in_the_basket");
    /** Push a block with the closed gripper onto a square that is painted on the table. */
    public static final TabletopTask PUSH_TO_REGION = resource("push_the_block_onto_the_marked_region");

    /**
     * The built-in tasks.
     *
     * @return bowl on plate, block in basket, push to region
     */
    public static List<TabletopTask> suite() {
        return List.of(BOWL_ON_PLATE, BLOCK_IN_BASKET, PUSH_TO_REGION);
    }

    /**
     * Finds a built-in task.
     *
     * @param name its name
     * @return the task
     * @throws IllegalArgumentException if there is none of that name
     */
    public static TabletopTask named(String name) {
        return suite().stream().filter(task -> task.name.equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("tabletop: no task \"" + name + "\", expected one of "
                        + suite().stream().map(TabletopTask::name).toList()));
    }

    /**
     * Reads a task from a BDDL file that names only the tabletop's object categories and one fixture {@code table}.
     *
     * @param file the file
     * @return the task
     * @throws org.cosmosj.libero.bddl.BddlException if the file cannot be read or is not BDDL
     */
    public static TabletopTask read(Path file) {
        String text = BddlParser.read(file);
        String base = file.getFileName().toString().replaceFirst("\\.bddl$", "");
        return new TabletopTask(base, BddlProblem.instruction(base), BddlParser.parse(text, file.toString()), text);
    }

    private static TabletopTask resource(String name) {
        String path = "bddl/" + name + ".bddl";
        try (InputStream in = TabletopTask.class.getResourceAsStream(path)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new TabletopTask(name, BddlProblem.instruction(name), BddlParser.parse(text, path), text);
        } catch (IOException e) {
            throw new UncheckedIOException("tabletop: resource " + path + " cannot be read", e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
