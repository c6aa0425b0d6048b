package org.cosmosj.libero.bddl;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A parsed task file.
 *
 * @param name              problem class, lower case
 * @param language          the {@code :language} text, lower case; not what a policy is told, see {@link #instruction}
 * @param regions           key {@code <target>_<region>} to region, in file order
 * @param fixtures          things that do not move
 * @param objects           things that move, in file order
 * @param objectsOfInterest names
 * @param init              what holds at the start
 * @param goal              conjunction that means success
 */
public record BddlProblem(String name, String language, Map<String, Region> regions, List<Item> fixtures,
        List<Item> objects, List<String> objectsOfInterest, List<Predicate> init, List<Predicate> goal) {

    /**
     * A named thing.
     *
     * @param name     instance, for example {@code plate_1}
     * @param category type, for example {@code plate}
     */
    public record Item(String name, String category) {
    }

    /**
     * A region of the table or of an object.
     *
     * @param name   its name without the target
     * @param target object or fixture that carries it
     * @param ranges rectangles {x0, y0, x1, y1} relative to the target, metres; empty for a region that is part of the
     *               target's shape
     * @param yaw    {low, high}, radians
     * @param rgba   display colour in [0, 1] (4), or empty
     */
    public record Region(String name, String target, List<double[]> ranges, double[] yaw, double[] rgba) {
    }

    /**
     * The instruction given to a policy, which comes from the file's name: {@code KITCHEN_SCENE4_close_the_drawer.bddl}
     * gives {@code close the drawer}.
     * Source: libero/libero/benchmark/__init__.py#grab_language_from_filename.
     *
     * @param fileName name with or without folder and extension
     * @return the words
     */
    public static String instruction(String fileName) {
        String base = fileName.substring(fileName.replace('\\', '/').lastIndexOf('/') + 1);
        base = base.endsWith(".bddl") ? base.substring(0, base.length() - ".bddl".length()) : base;
        List<String> words = new ArrayList<>(List.of(base.split("_")));
        for (int i = words.size() - 1; i >= 0; i--) {
            if (words.get(i).contains("SCENE")) {
                words = words.subList(i + 1, words.size());
                break;
            }
        }
        return String.join(" ", words).toLowerCase(Locale.ROOT);
    }

    /**
     * Looks a thing up.
     *
     * @param name instance name
     * @return its category
     * @throws BddlException if neither fixtures nor objects contain it
     */
    public String categoryOf(String name) {
        return java.util.stream.Stream.concat(fixtures.stream(), objects.stream())
                .filter(item -> item.name().equals(name)).map(Item::category).findFirst()
                .orElseThrow(() -> new BddlException(
                        "problem " + this.name + " names \"" + name
                                + "\", which is neither in :fixtures nor in :objects"));
    }
}
