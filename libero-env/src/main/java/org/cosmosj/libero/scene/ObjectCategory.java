package org.cosmosj.libero.scene;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What LIBERO's code says of a kind of thing, beside its MJCF: where that lies, how it is turned at a reset, and what
 * its joints mean. Source: libero/libero/envs/objects/*.py.
 *
 * @param name     the word of BDDL files
 * @param file     MJCF below {@code assets}
 * @param turns    angles that a reset draws, in order
 * @param meaning  what its joints mean, or null if nothing
 */
record ObjectCategory(String name, String file, List<Turn> turns, JointMeaning meaning) {

    /**
     * A turn about an axis by an angle drawn from a range.
     *
     * @param axis x, y or z
     * @param low  radians
     * @param high radians
     */
    record Turn(char axis, double low, double high) {
    }

    private static final double QUARTER = Math.PI / 2;
    private static final List<Turn> LYING = List.of(new Turn('x', QUARTER, QUARTER));
    private static final List<Turn> STANDING = List.of(new Turn('x', 0, 0));
    private static final List<Turn> BOTTLE = List.of(new Turn('x', QUARTER, QUARTER), new Turn('z', QUARTER, QUARTER));
    private static final List<Turn> FIXTURE = List.of(new Turn('x', Math.PI / 4, QUARTER));
    private static final List<Turn> BOOK = List.of(new Turn('x', -QUARTER, -Math.PI / 4));
    private static final List<Turn> MUG = List.of(new Turn('x', -QUARTER, -QUARTER));

    private static final Map<String, ObjectCategory> ALL = new HashMap<>();

    static {
        add("stable_scanned_objects/%s/%s.xml", LYING, "white_bowl", "akita_black_bowl", "plate", "basket",
                "chefmate_8_frypan", "glazed_rim_porcelain_ramekin");
        ALL.put("rack", new ObjectCategory("rack", "stable_scanned_objects/simple_rack/simple_rack.xml", STANDING,
                null));
        String hope = "stable_hope_objects/%s/%s.xml";
        add(hope, LYING, "bbq_sauce", "cherries", "cookies", "corn");
        add(hope, List.of(new Turn('z', QUARTER, QUARTER)), "alphabet_soup", "tomato_sauce");
        add(hope, STANDING, "butter", "chocolate_pudding", "cream_cheese", "popcorn");
        add(hope, BOTTLE, "ketchup", "macaroni_and_cheese", "mayo", "milk", "orange_juice", "salad_dressing",
                "new_salad_dressing");
        String turbosquid = "turbosquid_objects/%s/%s.xml";
        add(turbosquid, STANDING, "wooden_tray", "wooden_shelf", "wooden_two_layer_shelf", "wine_rack", "wine_bottle",
                "dining_set_group", "bowl_drainer", "moka_pot", "desk_caddy");
        add(turbosquid, List.of(new Turn('y', 0, 0)), "white_storage_box");
        add(turbosquid, BOOK, "black_book", "yellow_book");
        add(turbosquid, MUG, "red_coffee_mug", "porcelain_mug", "white_yellow_mug");
        articulated("microwave", FIXTURE, JointMeaning.MICROWAVE);
        articulated("short_cabinet", FIXTURE, JointMeaning.SHORT_CABINET);
        articulated("short_fridge", FIXTURE, JointMeaning.SHORT_FRIDGE);
        articulated("wooden_cabinet", FIXTURE, JointMeaning.CABINET);
        articulated("white_cabinet", FIXTURE, JointMeaning.CABINET);
        articulated("flat_stove", List.of(new Turn('y', 0, 0)), JointMeaning.STOVE);
        for (String name : List.of("slide_cabinet", "window", "faucet", "basin_faucet")) {
            articulated(name, FIXTURE, null);
        }
    }

    private static void add(String file, List<Turn> turns, String... names) {
        for (String name : names) {
            ALL.put(name, new ObjectCategory(name, file.formatted(name, name), turns, null));
        }
    }

    private static void articulated(String name, List<Turn> turns, JointMeaning meaning) {
        ALL.put(name, new ObjectCategory(name, "articulated_objects/" + name + ".xml", turns, meaning));
    }

    /** The category of a word, or null if LIBERO has none. */
    static ObjectCategory find(String name) {
        return ALL.get(name);
    }
}
