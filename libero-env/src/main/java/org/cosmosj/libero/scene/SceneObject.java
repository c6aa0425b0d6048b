package org.cosmosj.libero.scene;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.w3c.dom.Element;

/**
 * A thing of a scene as its MJCF file and its name make it.
 * Source: robosuite 1.4 models/objects/objects.py#MujocoXMLObject; libero problems/*.py#_load_sites_in_arena.
 */
final class SceneObject {

    /**
     * A region that is part of a thing.
     *
     * @param name   site in the scene
     * @param half   its {@code size}, (3), metres
     * @param joints joints of the part that carries it
     */
    record Part(String name, double[] half, List<String> joints) {
    }

    private final String name;
    private final ObjectCategory category;
    private final Path file;
    private final Element root;
    private final Element body;
    private final List<Element> parts;
    private final Element outer;

    private SceneObject(String name, ObjectCategory category, Path file, Element root, Element outer, Element body) {
        this.name = name;
        this.category = category;
        this.file = file;
        this.root = root;
        this.outer = outer;
        this.body = body;
        this.parts = Mjcf.descendants(outer, "body");
    }

    /** Reads a thing that does not move as a whole. */
    static SceneObject fixture(String name, ObjectCategory category, Path file) {
        SceneObject object = read(name, category, file);
        object.finish();
        return object;
    }

    /** Reads a thing that moves freely. */
    static SceneObject movable(String name, ObjectCategory category, Path file) {
        SceneObject object = read(name, category, file);
        Mjcf.append(object.body, "joint", "type", "free", "damping", "0.0005", "name", "joint0");
        object.finish();
        return object;
    }

    private static SceneObject read(String name, ObjectCategory category, Path file) {
        Element root = Mjcf.read(file);
        for (Element outer : Mjcf.children(Mjcf.section(root, "worldbody", file), "body")) {
            Optional<Element> body = Mjcf.children(outer, "body").stream()
                    .filter(each -> each.getAttribute("name").equals("object")).findFirst();
            if (body.isPresent()) {
                return new SceneObject(name, category, file, root, outer, body.get());
            }
        }
        throw new SceneException(file + ": has no <body name=\"object\"> inside a <body> of its world; expected an"
                + " object of LIBERO");
    }

    private void finish() {
        body.setAttribute("name", "main");
        List<Element> geoms = Mjcf.descendants(body, "geom");
        for (int i = 0; i < geoms.size(); i++) {
            if (!geoms.get(i).hasAttribute("name")) {
                geoms.get(i).setAttribute("name", "g" + i);
            }
        }
        Mjcf.append(body, "site", "pos", "0 0 0", "size", "0.002 0.002 0.002", "rgba", "1 0 0 0", "type", "sphere",
                "group", "0", "name", "default_site");
        Mjcf.prefix(root, name + "_");
    }

    String name() {
        return name;
    }

    ObjectCategory category() {
        return category;
    }

    Element root() {
        return root;
    }

    Element body() {
        return body;
    }

    /** The body whose position is the thing's. */
    String mainBody() {
        return name + "_main";
    }

    /** Where the file puts the main body, (3), metres. */
    double[] filePosition() {
        return body.hasAttribute("pos") ? Mjcf.numbers(body, "pos", file) : new double[3];
    }

    /** How the file turns the main body, (4), w, x, y, z. */
    double[] fileQuaternion() {
        return body.hasAttribute("quat") ? Mjcf.numbers(body, "quat", file) : new double[] {1, 0, 0, 0};
    }

    /** The joint of a thing that moves freely. */
    String freeJoint() {
        return name + "_joint0";
    }

    /** Joints of all its parts. */
    List<String> joints() {
        return Mjcf.descendants(body, "joint").stream().map(each -> each.getAttribute("name")).toList();
    }

    /** Shapes that take part in contacts. */
    Set<String> collisionGeoms() {
        Set<String> names = new HashSet<>();
        Mjcf.descendants(body, "geom").stream().filter(Mjcf::isCollision)
                .forEach(geom -> names.add(geom.getAttribute("name")));
        return Set.copyOf(names);
    }

    /** From the main body down to the underside, metres (negative). */
    double bottom() {
        return marker("bottom_site")[2];
    }

    /** From the main body up to the top, metres. */
    double top() {
        return marker("top_site")[2];
    }

    /** Horizontal radius that keeps things apart at a reset, metres. */
    double radius() {
        return marker("horizontal_radius_site")[0];
    }

    private double[] marker(String marker) {
        Element site = Mjcf.children(outer, "site").stream()
                .filter(each -> each.getAttribute("name").equals(name + "_" + marker)).findFirst()
                .orElseThrow(() -> new SceneException(file + ": has no <site name=\"" + marker
                        + "\">, which placing the object needs"));
        double[] position = Mjcf.numbers(site, "pos", file);
        if (position.length != 3) {
            throw new SceneException(file + ": <site name=\"" + marker + "\"> has " + position.length
                    + " numbers in pos, expected 3");
        }
        return position;
    }

    /**
     * The part that a region of that name belongs to. The reference walks through all bodies, parents first, stops at
     * the first that contains no site, and takes the last body that contains the site.
     */
    Optional<Part> part(String site) {
        Part found = null;
        for (Element each : parts) {
            List<Element> sites = Mjcf.descendants(each, "site").stream()
                    .filter(one -> !one.getAttribute("name").equals(name + "_default_site")).toList();
            if (sites.isEmpty()) {
                break;
            }
            for (Element one : sites) {
                if (one.getAttribute("name").equals(site)) {
                    found = new Part(site, Mjcf.numbers(one, "size", file), partJoints(each));
                }
            }
        }
        return Optional.ofNullable(found);
    }

    private List<String> partJoints(Element part) {
        List<String> joints = new ArrayList<>();
        Mjcf.children(part, "joint").stream().map(each -> each.getAttribute("name"))
                .filter(each -> !each.equals(freeJoint())).forEach(joints::add);
        return List.copyOf(joints);
    }
}
