package org.cosmosj.libero.tabletop;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cosmosj.libero.bddl.BddlException;
import org.cosmosj.libero.geometry.Pose;
import org.cosmosj.libero.render.Mesh;
import org.cosmosj.libero.render.MeshBuilder;
import org.cosmosj.libero.tabletop.ObjectModel.Footprint;
import org.cosmosj.libero.tabletop.ObjectModel.Mobility;
import org.cosmosj.libero.tabletop.ObjectModel.Part;

/**
 * The tabletop's object categories. Colours are far apart, so that each object can be told from the table and from
 * the others in a 32x32 picture, where a pixel is about 14 mm wide.
 */
final class ObjectCatalog {

    /** Distance of a bowl's wall, where the gripper takes it, from the bowl's axis, metres. */
    static final double BOWL_WALL_RADIUS = 0.046;
    /** Height of a bowl, metres. */
    static final double BOWL_HEIGHT = 0.045;
    /** Half the edge of a block, metres. */
    static final double BLOCK_HALF = 0.02;
    /** Height of a basket's wall, metres. */
    static final double BASKET_HEIGHT = 0.045;
    /** Thickness of a plate, metres. */
    static final double PLATE_HEIGHT = 0.012;

    private static final int SMOOTH = 32;
    private static final int BOWL_SEGMENTS = 16;
    private static final Map<String, ObjectModel> MODELS = models();

    private ObjectCatalog() {
    }

    static ObjectModel get(String category) {
        ObjectModel model = MODELS.get(category);
        if (model == null) {
            throw new BddlException("tabletop: no object category \"" + category + "\", expected one of "
                    + MODELS.keySet());
        }
        return model;
    }

    private static Map<String, ObjectModel> models() {
        Map<String, ObjectModel> all = new TreeMap<>();
        for (ObjectModel each : List.of(block("red_block", 0xD42A22), block("green_block", 0x2E9E3F), can(), bowl(),
                plate(), basket(), marker())) {
            all.put(each.category(), each);
        }
        return all;
    }

    private static ObjectModel block(String category, int colour) {
        double h = BLOCK_HALF;
        Mesh mesh = new MeshBuilder().box(0, 0, 0, new double[] {h, h, h}, colour).build();
        return new ObjectModel(category, Mobility.MOVABLE, List.of(Part.centred(0, 0, 0, h, h, h)), mesh,
                Footprint.rectangle(h, h), 0.03, Map.of());
    }

    private static ObjectModel can() {
        double radius = 0.022;
        double height = 0.07;
        Mesh mesh = new MeshBuilder().turned(Pose.upright(0, 0, -height / 2, 0), SMOOTH,
                new double[] {0, 0, radius, 0, radius, 0.012, radius, 0.058, radius, height, 0, height},
                0x8A8A90, 0xB8B8C0, 0xE07818, 0xB8B8C0, 0xD0D0D6).build();
        return new ObjectModel("can", Mobility.MOVABLE, octagon(radius, 0, height / 2), mesh,
                Footprint.disc(radius), 0.03, Map.of());
    }

    private static ObjectModel bowl() {
        double wall = BOWL_WALL_RADIUS;
        double thickness = 0.006;
        double base = 0.012;
        List<Part> parts = new ArrayList<>(octagon(0.036, base / 2, base / 2));
        double halfWidth = (wall + thickness / 2) * StrictMath.tan(Math.PI / BOWL_SEGMENTS);
        for (int i = 0; i < BOWL_SEGMENTS; i++) {
            Pose turned = Pose.upright(0, 0, 0, 2 * Math.PI * i / BOWL_SEGMENTS);
            Pose centre = turned.compose(Pose.upright(wall, 0, (base + BOWL_HEIGHT) / 2, 0));
            parts.add(new Part(centre, new double[] {thickness / 2, halfWidth, (BOWL_HEIGHT - base) / 2}));
        }
        int outside = 0x1E3A9C;
        int inside = 0x3F63D8;
        int rim = 0x8FA8F0;
        Mesh mesh = new MeshBuilder().turned(Pose.upright(0, 0, 0, 0), SMOOTH,
                new double[] {0, 0, 0.028, 0, 0.040, 0.012, 0.047, 0.026, 0.049, BOWL_HEIGHT, 0.043, BOWL_HEIGHT,
                    0.041, 0.026, 0.034, 0.014, 0, 0.010},
                outside, outside, outside, outside, rim, inside, inside, inside).build();
        return new ObjectModel("bowl", Mobility.MOVABLE, List.copyOf(parts), mesh,
                Footprint.disc(wall + thickness / 2), 0.015, Map.of());
    }

    private static ObjectModel plate() {
        double radius = 0.07;
        Mesh mesh = new MeshBuilder().turned(Pose.upright(0, 0, 0, 0), SMOOTH,
                new double[] {0, 0, 0.045, 0, radius, 0.009, radius, PLATE_HEIGHT, 0.058, PLATE_HEIGHT - 0.001,
                    0.046, PLATE_HEIGHT - 0.003, 0, PLATE_HEIGHT - 0.003},
                0xC8C8C0, 0xD8D8D0, 0xF0F0EA, 0xFAFAF4, 0xB03030, 0xFFFFFA).build();
        return new ObjectModel("plate", Mobility.MOVABLE, octagon(radius, PLATE_HEIGHT / 2, PLATE_HEIGHT / 2), mesh,
                Footprint.disc(radius), 0.015, Map.of());
    }

    private static ObjectModel basket() {
        double outer = 0.066;
        double t = 0.003;
        double floor = 0.004;
        double h = BASKET_HEIGHT / 2;
        List<Part> parts = List.of(
                Part.centred(0, 0, floor / 2, outer, outer, floor / 2),
                Part.centred(outer - t, 0, h, t, outer, h), Part.centred(t - outer, 0, h, t, outer, h),
                Part.centred(0, outer - t, h, outer, t, h), Part.centred(0, t - outer, h, outer, t, h));
        int[] colours = {0xC8E0B0, 0x2F6E3A, 0x2F6E3A, 0x2F6E3A, 0x2F6E3A};
        MeshBuilder mesh = new MeshBuilder();
        for (int i = 0; i < parts.size(); i++) {
            mesh.box(parts.get(i).pose(), parts.get(i).half(), colours[i]);
        }
        return new ObjectModel("basket", Mobility.MOVABLE, parts, mesh.build(), Footprint.rectangle(outer, outer),
                0.035, Map.of("contain_region", Part.centred(0, 0, 0.022, 0.058, 0.058, 0.02)));
    }

    private static ObjectModel marker() {
        double half = 0.045;
        double h = 0.0005;
        Mesh mesh = new MeshBuilder()
                .box(0, 0, h, new double[] {half, half, h}, 0xF4C81E)
                .box(0, 0, 2 * h, new double[] {half - 0.012, half - 0.012, h}, 0xFFE98A).build();
        return new ObjectModel("target_marker", Mobility.PAINTED, List.of(Part.centred(0, 0, h, half, half, h)), mesh,
                Footprint.rectangle(half, half), 0.03, Map.of("on_region", Part.centred(0, 0, h, half, half, h)));
    }

    /** A disc as the union of four crossed boxes, whose outline is a regular octagon inside the circle. */
    private static List<Part> octagon(double radius, double z, double halfHeight) {
        double c = radius * StrictMath.cos(Math.PI / 8);
        double s = radius * StrictMath.sin(Math.PI / 8);
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            parts.add(new Part(Pose.upright(0, 0, z, i * Math.PI / 4), new double[] {c, s, halfHeight}));
        }
        return List.copyOf(parts);
    }
}
