package org.cosmosj.libero.scene;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.cosmosj.libero.bddl.BddlException;
import org.cosmosj.libero.bddl.BddlProblem;
import org.cosmosj.libero.bddl.BddlProblem.Region;
import org.w3c.dom.Element;

/**
 * The rooms that LIBERO's problem classes name: scene file, workspace, robot base, cameras and surfaces.
 * Source: libero/libero/envs/problems/*.py, arenas/*.py, robots/*.py.
 */
enum Domain {
    /** A table with the robot on a pedestal. */
    TABLETOP("libero_tabletop_manipulation", "libero_tabletop_base_style", "main_table", "table", "table",
            new Table(new double[] {1, 1.2, 0.05}, 0.6), new double[] {0, 0, 0.90}, -0.04,
            Base.PEDESTAL, new double[] {-0.66, 0, 0.912}, Margin.RADIUS, new double[] {0, 0, 0.02},
            "light-gray-floor-tile.png", "light-gray-plaster.png", List.of(
                    new Camera("agentview", "0.6586131746834771 0.0 1.6103500240372423", Camera.HIGH),
                    new Camera("frontview", "1.0 0.0 1.48", Camera.FRONT), Camera.GALLERY)),
    /** A kitchen table with the robot on a pedestal. */
    KITCHEN("libero_kitchen_tabletop_manipulation", "libero_kitchen_tabletop_base_style", "kitchen_table", "table",
            "kitchen_table", new Table(new double[] {1, 1.2, 0.05}, 1), new double[] {0, 0, 0.90}, -0.04,
            Base.PEDESTAL, new double[] {-0.66, 0, 0.912}, Margin.NONE, new double[] {0, 0, 0},
            "gray_ceramic_tile.png", "yellow_linen_wall_texture.png", List.of(
                    new Camera("agentview", "0.6586131746834771 0.0 1.6103500240372423", Camera.HIGH),
                    new Camera("frontview", "1.0 0.0 1.48", Camera.FRONT), Camera.GALLERY,
                    new Camera("paperview", "2.1 0.535 2.075", Camera.PAPER))),
    /** A low table with the robot standing behind it. */
    LIVING_ROOM("libero_living_room_tabletop_manipulation", "libero_living_room_tabletop_base_style",
            "living_room_table", "living_room_table", "living_room_table", null, new double[] {0, 0, 0.41},
            0.01 - 0.024, Base.GROUND, new double[] {-0.51, 0, 0.42}, Margin.NONE, new double[] {0, 0, 0.41},
            "seamless_wood_planks_floor.png", "light-gray-plaster.png", List.of(
                    new Camera("agentview", "0.6065773716836134 0.0 0.96", Camera.LOW),
                    new Camera("frontview", "1.5 0.0 0.9", Camera.FRONT), Camera.GALLERY,
                    new Camera("paperview", "2.1 0.735 1.875", Camera.PAPER))),
    /** A desk with the robot on a pedestal. */
    STUDY("libero_study_tabletop_manipulation", "libero_study_base_style", "study_table", "study_table",
            "study_table", null, new double[] {-0.2, 0, 0.867}, -0.04, Base.PEDESTAL,
            new double[] {-0.75, 0, 0.912}, Margin.NONE, new double[] {-0.2, 0, 0.867},
            "light-gray-floor-tile.png", "light-gray-plaster.png", List.of(
                    new Camera("agentview", "0.4586131746834771 0.0 1.6103500240372423", Camera.HIGH),
                    new Camera("frontview", "1.0 0.0 1.48", Camera.FRONT), Camera.GALLERY,
                    new Camera("paperview", "2.1 0.535 2.075", Camera.PAPER))),
    /** Things on the floor, and the robot too. */
    FLOOR("libero_floor_manipulation", "libero_floor_base_style", "floor", "floor", "floor", null,
            new double[] {0, 0, -0.035}, -0.025, Base.GROUND, new double[] {-0.6, 0, 0}, Margin.RADIUS,
            new double[] {0, 0, 0.02}, "light-gray-floor-tile.png", "light-gray-plaster.png", List.of(
                    new Camera("agentview", "0.8965773716836134 5.216182733499864e-07 0.65", Camera.LOW),
                    new Camera("frontview", "1.0 0.0 0.65", Camera.FRONT), Camera.GALLERY));

    /** Half the height of the boxes that mark regions of the workspace, metres. */
    private static final double ZONE_HALF_HEIGHT = 0.007;
    private static final double LEG_RADIUS = 0.025;
    private static final double LEG_INSET = 0.1;

    /** What the robot stands on. */
    enum Base {
        /** A pedestal. */
        PEDESTAL,
        /** The floor or nothing. */
        GROUND
    }

    /** How far things stay away from the borders of their region at a reset. */
    enum Margin {
        /** Their radius. */
        RADIUS,
        /** Not at all. */
        NONE
    }

    /**
     * A table whose size the scene file leaves open.
     *
     * @param size     (3), metres
     * @param friction sliding friction
     */
    record Table(double[] size, double friction) {
    }

    /**
     * A camera that the room moves or adds.
     *
     * @param name       its name
     * @param position   metres
     * @param quaternion w, x, y, z
     */
    record Camera(String name, String position, String quaternion) {
        private static final String HIGH =
                "0.6380177736282349 0.3048497438430786 0.30484986305236816 0.6380177736282349";
        private static final String LOW =
                "0.6182166934013367 0.3432307541370392 0.3432314395904541 0.6182177066802979";
        private static final String FRONT = "0.56 0.43 0.43 0.56";
        private static final String PAPER = "0.513 0.353 0.443 0.645";
        private static final Camera GALLERY = new Camera("galleryview",
                "2.844547668904445 2.1279684793440667 3.128616846013882",
                "0.42261379957199097 0.23374411463737488 0.41646939516067505 0.7702690958976746");
    }

    private final String problem;
    private final String sceneFile;
    private final String workspace;
    private final String workspaceBody;
    private final String workspaceCategory;
    private final Table table;
    private final double[] offset;
    private final double fixtureRaise;
    private final Base base;
    private final double[] basePosition;
    private final Margin margin;
    private final double[] zoneOffset;
    private final String floor;
    private final String wall;
    private final List<Camera> cameras;

    Domain(String problem, String sceneFile, String workspace, String workspaceBody, String workspaceCategory,
            Table table, double[] offset, double fixtureRaise, Base base, double[] basePosition, Margin margin,
            double[] zoneOffset, String floor, String wall, List<Camera> cameras) {
        this.problem = problem;
        this.sceneFile = "scenes/" + sceneFile + ".xml";
        this.workspace = workspace;
        this.workspaceBody = workspaceBody;
        this.workspaceCategory = workspaceCategory;
        this.table = table;
        this.offset = offset;
        this.fixtureRaise = fixtureRaise;
        this.base = base;
        this.basePosition = basePosition;
        this.margin = margin;
        this.zoneOffset = zoneOffset;
        this.floor = floor;
        this.wall = wall;
        this.cameras = cameras;
    }

    /** The room of a problem class. */
    static Domain of(BddlProblem problem, String source) {
        return Arrays.stream(values()).filter(each -> each.problem.equals(problem.name())).findFirst()
                .orElseThrow(() -> new BddlException(source + ": problem class \"" + problem.name()
                        + "\" is unknown, expected one of "
                        + Arrays.stream(values()).map(each -> each.problem).toList()));
    }

    /** Scene file below {@code assets}. */
    String sceneFile() {
        return sceneFile;
    }

    /** Category of the workspace itself among {@code :fixtures}; it is part of the scene file. */
    String workspaceCategory() {
        return workspaceCategory;
    }

    Base base() {
        return base;
    }

    double[] basePosition() {
        return basePosition.clone();
    }

    /** What positions of regions are relative to, (3), metres. */
    double[] offset() {
        return offset.clone();
    }

    /** Height of fixtures above {@link #offset} at a reset, metres. */
    double fixtureRaise() {
        return fixtureRaise;
    }

    Margin margin() {
        return margin;
    }

    /** Whether a region is a part of the workspace, whose box this room draws. */
    boolean isZone(String regionKey) {
        return regionKey.contains(workspace);
    }

    /** Half extents of a zone's box, (3), metres. */
    static double[] zoneHalf(Region region) {
        double[] range = region.ranges().getFirst();
        return new double[] {(range[2] - range[0]) / 2, (range[3] - range[1]) / 2, ZONE_HALF_HEIGHT};
    }

    /** Sizes, textures, cameras and zones, written into the scene file's elements. */
    void furnish(Element root, Path file, BddlProblem problem) {
        Element world = Mjcf.section(root, "worldbody", file);
        Mjcf.colourCollisions(world, "0.5 0.5 0 1");
        Element body = need(Mjcf.named(world, "body", workspaceBody), "body", workspaceBody, file);
        if (table != null) {
            layTable(body, file);
        }
        texture(root, "texplane", floor, file);
        texture(root, "tex-wall", wall, file);
        for (Camera camera : cameras) {
            Element element = Mjcf.named(world, "camera", camera.name)
                    .orElseGet(() -> Mjcf.append(world, "camera", "name", camera.name));
            element.setAttribute("pos", camera.position);
            element.setAttribute("quat", camera.quaternion);
        }
        problem.regions().forEach((key, region) -> {
            if (isZone(key)) {
                drawZone(body, key, region, file);
            }
        });
    }

    private void layTable(Element body, Path file) {
        double[] half = {table.size[0] / 2, table.size[1] / 2, table.size[2] / 2};
        body.setAttribute("pos", Mjcf.numbers(0, 0, offset[2] - half[2]));
        Element collision = need(Mjcf.named(body, "geom", "table_collision"), "geom", "table_collision", file);
        collision.setAttribute("size", Mjcf.numbers(half));
        collision.setAttribute("friction", Mjcf.numbers(table.friction, 0.005, 0.0001));
        need(Mjcf.named(body, "geom", "table_visual"), "geom", "table_visual", file)
                .setAttribute("size", Mjcf.numbers(half));
        need(Mjcf.named(body, "site", "table_top"), "site", "table_top", file)
                .setAttribute("pos", Mjcf.numbers(0, 0, half[2]));
        double halfLength = (offset[2] - half[2]) / 2;
        double[][] corners = {{1, 1}, {-1, 1}, {-1, -1}, {1, -1}};
        for (int i = 0; i < corners.length; i++) {
            String name = "table_leg" + (i + 1) + "_visual";
            Element leg = need(Mjcf.named(body, "geom", name), "geom", name, file);
            leg.setAttribute("pos", Mjcf.numbers(inset(corners[i][0], half[0]), inset(corners[i][1], half[1]),
                    -halfLength));
            leg.setAttribute("size", Mjcf.numbers(LEG_RADIUS, halfLength));
        }
    }

    private static double inset(double side, double half) {
        return half > 2 * LEG_INSET ? side * half - side * LEG_INSET : 0;
    }

    private static void texture(Element root, String name, String picture, Path file) {
        Element texture = need(Mjcf.child(root, "asset").flatMap(assets -> Mjcf.named(assets, "texture", name)),
                "texture", name, file);
        texture.setAttribute("file", Path.of(texture.getAttribute("file")).resolveSibling(picture).toString());
    }

    private void drawZone(Element body, String key, Region region, Path file) {
        if (region.ranges().isEmpty()) {
            throw new BddlException(file + ": region " + key + " has no (:ranges ...), which a part of " + workspace
                    + " needs");
        }
        double[] range = region.ranges().getFirst();
        double[] rgba = region.rgba().length == 0 ? new double[] {0, 0, 1, 0} : region.rgba();
        Mjcf.append(body, "site", "name", key, "type", "box", "pos",
                Mjcf.numbers((range[2] + range[0]) / 2 + zoneOffset[0], (range[3] + range[1]) / 2 + zoneOffset[1],
                        zoneOffset[2]),
                "quat", "1 0 0 0", "rgba", Mjcf.numbers(rgba), "size", Mjcf.numbers(zoneHalf(region)));
    }

    private static Element need(Optional<Element> element, String tag, String name, Path file) {
        return element.orElseThrow(() -> new SceneException(file + ": has no <" + tag + " name=\"" + name
                + "\">; expected LIBERO's scene file"));
    }
}
