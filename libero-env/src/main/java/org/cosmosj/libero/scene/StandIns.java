package org.cosmosj.libero.scene;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;

/**
 * Things of this project's own that stand in for LIBERO's: boxes and cylinders under the names of LIBERO's things, with
 * their parts, joints and regions, in rooms without walls. With them, LIBERO's task files can be simulated without
 * LIBERO's meshes; what is measured there is not LIBERO. Robots still come from robosuite.
 */
public final class StandIns {

    private static final String GEOM = " density=\"100\" friction=\"0.95 0.3 0.1\" solref=\"0.001 1\""
            + " solimp=\"0.998 0.998 0.001\" group=\"0\"";
    /** Things are let go this high above where they rest, metres. */
    private static final double DROP = 0.03;
    private static final double FIXTURE_BOTTOM = -0.045;

    /** Half extents of goods, metres: across, across, up. */
    private static final Map<String, double[]> GOODS = Map.ofEntries(
            Map.entry("alphabet_soup", new double[] {0.03, 0.03, 0.04}),
            Map.entry("tomato_sauce", new double[] {0.03, 0.03, 0.04}),
            Map.entry("cream_cheese", new double[] {0.03, 0.022, 0.02}),
            Map.entry("butter", new double[] {0.03, 0.02, 0.016}),
            Map.entry("chocolate_pudding", new double[] {0.03, 0.022, 0.02}),
            Map.entry("milk", new double[] {0.026, 0.026, 0.05}),
            Map.entry("orange_juice", new double[] {0.026, 0.026, 0.05}),
            Map.entry("ketchup", new double[] {0.02, 0.026, 0.05}),
            Map.entry("salad_dressing", new double[] {0.024, 0.024, 0.05}),
            Map.entry("new_salad_dressing", new double[] {0.024, 0.024, 0.05}),
            Map.entry("bbq_sauce", new double[] {0.022, 0.026, 0.05}),
            Map.entry("cookies", new double[] {0.03, 0.03, 0.01}),
            Map.entry("glazed_rim_porcelain_ramekin", new double[] {0.03, 0.03, 0.02}),
            Map.entry("chefmate_8_frypan", new double[] {0.03, 0.03, 0.015}),
            Map.entry("wine_bottle", new double[] {0.02, 0.02, 0.06}),
            Map.entry("moka_pot", new double[] {0.025, 0.025, 0.05}),
            Map.entry("porcelain_mug", new double[] {0.028, 0.028, 0.035}),
            Map.entry("red_coffee_mug", new double[] {0.028, 0.028, 0.035}),
            Map.entry("white_yellow_mug", new double[] {0.028, 0.028, 0.035}));

    private final Path assets;

    private StandIns(Path assets) {
        this.assets = assets;
    }

    /**
     * Writes the parts.
     *
     * @param assets folder that takes LIBERO's place of {@code assets}; made when needed
     * @throws UncheckedIOException if they cannot be written
     */
    public static void write(Path assets) {
        StandIns parts = new StandIns(assets);
        GOODS.forEach(parts::goods);
        parts.movable("akita_black_bowl", bowl(), 0);
        parts.movable("white_bowl", bowl(), 0);
        parts.movable("plate", cylinder(0.06, 0.004, "0 0 0.004"), 0);
        parts.movable("basket", vessel(0.075, 0.06, "contain_region"), 0);
        parts.movable("wooden_tray", vessel(0.1, 0.03, "contain_region"), 0);
        parts.fixture("wooden_cabinet", cabinet());
        parts.fixture("white_cabinet", cabinet());
        parts.fixture("flat_stove", stove());
        parts.fixture("wine_rack", box("0.03 0.06 0.03", "0 0 0.03") + site("top_region", "0.03 0.06 0.002",
                "0 0 0.062"));
        parts.rooms();
    }

    private void goods(String name, double[] half) {
        boolean yUp = ObjectCategory.find(name).turns().size() == 2
                || ObjectCategory.find(name).turns().getFirst().axis() == 'z';
        movable(name, yUp
                ? box(numbers(half[0], half[2], half[1]), "0 0 0")
                : box(numbers(half[0], half[1], half[2]), "0 0 0"), half[2]);
    }

    /** A ring of walls around a floor, its origin at the underside. */
    private static String bowl() {
        StringBuilder parts = new StringBuilder(cylinder(0.045, 0.003, "0 0 0.003"));
        int walls = 16;
        for (int i = 0; i < walls; i++) {
            double angle = 2 * Math.PI * i / walls;
            parts.append("<geom type=\"box\" size=\"0.0025 0.011 0.022\" pos=\"")
                    .append(numbers(0.048 * Math.cos(angle), 0.048 * Math.sin(angle), 0.027))
                    .append("\" euler=\"0 0 ").append(angle).append('"').append(GEOM).append("/>");
        }
        return parts.toString();
    }

    private static String vessel(double half, double height, String region) {
        String wall = numbers(half, 0.003, height / 2);
        String other = numbers(0.003, half, height / 2);
        double up = height / 2;
        return box(numbers(half, half, 0.003), "0 0 0.003") + box(wall, numbers(0, half, up))
                + box(wall, numbers(0, -half, up)) + box(other, numbers(half, 0, up))
                + box(other, numbers(-half, 0, up))
                + site(region, numbers(half, half, height / 2), numbers(0, 0, height / 2));
    }

    /** Three drawers like stairs, so that a hand can come down on each handle. */
    private static String cabinet() {
        StringBuilder parts =
                new StringBuilder("<body name=\"base\">" + site("top_side", "0.12 0.06 0.001", "0 0.04 0.221")
                        + box("0.13 0.004 0.11", "0 0.1 0.11") + box("0.004 0.06 0.11", "-0.13 0.04 0.11")
                        + box("0.004 0.06 0.11", "0.13 0.04 0.11") + box("0.13 0.06 0.003", "0 0.04 0.217"));
        List<String> levels = List.of("bottom", "middle", "top");
        double[] fronts = {-0.088, -0.06, -0.03};
        double[] handles = {-0.14, -0.095, -0.045};
        double back = 0.08;
        for (int i = 0; i < levels.size(); i++) {
            double floor = 0.006 + 0.07 * i;
            double middle = (fronts[i] + back) / 2;
            double half = (back - fronts[i]) / 2;
            double bar = (fronts[i] - handles[i]) / 2;
            parts.append("<body name=\"cabinet_").append(levels.get(i)).append("\">")
                    .append("<inertial pos=\"0 0 0\" mass=\"3\" diaginertia=\"1 1 1\"/><joint name=\"")
                    .append(levels.get(i)).append("_level\" type=\"slide\" axis=\"0 1 0\" limited=\"true\""
                            + " range=\"-0.16 0.01\" damping=\"50\"/>")
                    .append(site(levels.get(i) + "_region", numbers(0.11, half, 0.03),
                            numbers(0, middle, floor + 0.03)))
                    .append(box(numbers(0.12, half, 0.003), numbers(0, middle, floor)))
                    .append(box("0.12 0.003 0.025", numbers(0, fronts[i], floor + 0.028)))
                    .append(box("0.12 0.003 0.025", numbers(0, back, floor + 0.028)))
                    .append(box(numbers(0.003, half, 0.025), numbers(0.12, middle, floor + 0.028)))
                    .append(box(numbers(0.003, half, 0.025), numbers(-0.12, middle, floor + 0.028)))
                    .append(box(numbers(0.006, bar, 0.008), numbers(0, handles[i] + bar, floor + 0.03)))
                    .append(box("0.006 0.015 0.02", numbers(0, handles[i], floor + 0.03))).append("</body>");
        }
        return parts.append("</body>").toString();
    }

    private static String stove() {
        return "<body name=\"base\"><body name=\"burner_plate\" pos=\"0.15 0 0\">"
                + site("cook_region", "0.075 0.075 0.0025", "0 0 0.02") + box("0.095 0.095 0.02", "0 0 0")
                + "<site name=\"burner\" pos=\"0 0 0.022\" size=\"0.0625 0.0005\" rgba=\"0.9 0.05 0.05 1\""
                + " type=\"cylinder\"/></body><body name=\"button\" quat=\"0.7071068 0 0 0.7071068\">"
                + "<inertial pos=\"0 0 0\" mass=\"3\" diaginertia=\"1 1 1\"/><joint name=\"button\" type=\"hinge\""
                + " axis=\"0 0 1\" limited=\"true\" range=\"-0.005 2.1\" damping=\"1\"/>"
                + cylinder(0.04, 0.006, "0 0 0.006") + box("0.01 0.03 0.014", "0 0.002 0.026") + "</body></body>";
    }

    private void movable(String name, String shapes, double halfHeight) {
        write(ObjectCategory.find(name).file(), thing(shapes, -halfHeight - DROP, halfHeight + 0.04, 0.025));
    }

    private void fixture(String name, String shapes) {
        write(ObjectCategory.find(name).file(), thing(shapes, FIXTURE_BOTTOM, 0.045, 0.045));
    }

    private static String thing(String shapes, double bottom, double top, double radius) {
        return "<mujoco><worldbody><body><body name=\"object\">" + shapes + "</body>"
                + "<site name=\"bottom_site\" pos=\"" + numbers(0, 0, bottom) + "\"/><site name=\"top_site\" pos=\""
                + numbers(0, 0, top) + "\"/><site name=\"horizontal_radius_site\" pos=\"" + numbers(radius, radius, 0)
                + "\"/></body></worldbody></mujoco>";
    }

    private void rooms() {
        for (String picture : List.of("light-gray-floor-tile", "light-gray-plaster", "gray_ceramic_tile",
                "yellow_linen_wall_texture", "seamless_wood_planks_floor")) {
            picture(assets.resolve("textures/" + picture + ".png"));
        }
        String legs = "";
        for (int i = 1; i <= 4; i++) {
            legs += "<geom name=\"table_leg" + i + "_visual\" type=\"cylinder\" size=\"0.05 0.1\" contype=\"0\""
                    + " conaffinity=\"0\" group=\"1\"/>";
        }
        String table = "<body name=\"table\"><geom name=\"table_collision\" type=\"box\" size=\"1 1 1\" group=\"0\"/>"
                + "<geom name=\"table_visual\" type=\"box\" size=\"1 1 1\" contype=\"0\" conaffinity=\"0\""
                + " group=\"1\"/>"
                + "<site name=\"table_top\"/>" + legs + "</body>";
        room("libero_tabletop_base_style", table);
        room("libero_kitchen_tabletop_base_style", table);
        room("libero_living_room_tabletop_base_style", slab("living_room_table", 0.35, 0.8, 0, 0.41));
        room("libero_study_base_style", slab("study_table", 0.5, 0.6, -0.2, 0.867));
        room("libero_floor_base_style", "<body name=\"floor\"/>");
    }

    private static String slab(String name, double x, double y, double centre, double top) {
        return "<body name=\"" + name + "\"><geom name=\"" + name + "_col\" type=\"box\" size=\""
                + numbers(x, y, top / 2) + "\" pos=\"" + numbers(centre, 0, top / 2) + "\" group=\"0\"/></body>";
    }

    private void room(String name, String workspace) {
        write("scenes/" + name + ".xml", "<mujoco><asset><texture type=\"2d\" name=\"texplane\""
                + " file=\"../textures/light-gray-floor-tile.png\"/><material name=\"floorplane\" texture=\"texplane\""
                + " texrepeat=\"3 3\" texuniform=\"true\"/><texture type=\"2d\" name=\"tex-wall\""
                + " file=\"../textures/light-gray-plaster.png\"/></asset><worldbody><geom name=\"floor\" type=\"plane\""
                + " size=\"3 3 .125\" condim=\"3\" group=\"1\" material=\"floorplane\"/>"
                + "<light pos=\"1 1 4\" dir=\"0 -.15 -1\" diffuse=\".8 .8 .8\" castshadow=\"false\"/>"
                + "<camera name=\"agentview\" mode=\"fixed\"/>" + workspace + "</worldbody></mujoco>");
    }

    private static String box(String half, String position) {
        return "<geom type=\"box\" size=\"" + half + "\" pos=\"" + position + "\" rgba=\"0.7 0.6 0.5 1\"" + GEOM + "/>";
    }

    private static String cylinder(double radius, double half, String position) {
        return "<geom type=\"cylinder\" size=\"" + numbers(radius, half) + "\" pos=\"" + position
                + "\" rgba=\"0.6 0.6 0.6 1\"" + GEOM + "/>";
    }

    private static String site(String name, String half, String position) {
        return "<site name=\"" + name + "\" type=\"box\" size=\"" + half + "\" pos=\"" + position
                + "\" rgba=\"0.8 0.8 0.8 0\" group=\"0\"/>";
    }

    private static String numbers(double... values) {
        StringBuilder text = new StringBuilder();
        for (double each : values) {
            text.append(text.isEmpty() ? "" : " ").append(String.format(Locale.ROOT, "%.6g", each));
        }
        return text.toString();
    }

    private void write(String file, String mjcf) {
        try {
            Path path = assets.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, mjcf);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void picture(Path file) {
        try {
            Files.createDirectories(file.getParent());
            BufferedImage grey = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
            for (int i = 0; i < 64; i++) {
                grey.setRGB(i % 8, i / 8, (i + i / 8) % 2 == 0 ? 0xb0b0b0 : 0xa0a0a0);
            }
            ImageIO.write(grey, "png", file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
