package org.cosmosj.libero.scene;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.cosmosj.libero.bddl.BddlException;
import org.cosmosj.libero.bddl.BddlProblem;
import org.cosmosj.libero.bddl.BddlProblem.Item;
import org.w3c.dom.Element;

/**
 * Puts a scene together from a task and the parts of robosuite and LIBERO, as robosuite 1.4 does: room, robot with
 * mount and gripper, movable things, fixtures.
 * Source: robosuite models/tasks/task.py, models/robots/robot_model.py; libero bddl_base_domain.py#_load_model.
 */
final class SceneAssembler {

    private static final double TIMESTEP = 0.002;
    private static final int FREE_NUMBERS = 7 + 6;
    private static final int BALL_NUMBERS = 4 + 3;
    private static final String[] JOINT_DAMPING = {"0.1", "0.1", "0.1", "0.1", "0.1", "0.01", "0.01"};

    private final String source;
    private final BddlProblem problem;
    private final Domain domain;
    private final LiberoFolders folders;
    private final Set<Path> missing = new TreeSet<>();

    /**
     * A scene in parts.
     *
     * @param mjcf    the whole
     * @param objects movable things by name, in the task's order
     * @param fixtures other things by name, in the task's order
     * @param width    numbers of a flattened state: time, joint positions, joint velocities
     */
    record Assembly(String mjcf, Map<String, SceneObject> objects, Map<String, SceneObject> fixtures, int width) {
    }

    /**
     * Prepares an assembly.
     *
     * @param problem the task
     * @param source  its file, for messages
     * @param domain  its room
     * @param folders where the parts lie
     */
    SceneAssembler(BddlProblem problem, String source, Domain domain, LiberoFolders folders) {
        this.problem = problem;
        this.source = source;
        this.domain = domain;
        this.folders = folders;
    }

    /** Assembles; all files that are missing are named in one error. */
    Assembly assemble() {
        List<Part> own = new ArrayList<>();
        Part base = part(own, folders.robosuite().resolve("base.xml"));
        Part room = part(own, folders.assets().resolve(domain.sceneFile()));
        Part arm = part(own, folders.robosuite().resolve("robots/panda/robot.xml"));
        Part gripper = part(own, folders.robosuite().resolve("grippers/panda_gripper.xml"));
        Part mount = domain.base() == Domain.Base.PEDESTAL
                ? part(own, folders.robosuite().resolve("mounts/rethink_mount.xml"))
                : null;
        if (room.root != null) {
            domain.furnish(room.root, room.file, problem);
        }
        Map<String, SceneObject> objects = things(problem.objects(), SceneObject::movable);
        Map<String, SceneObject> fixtures = things(problem.fixtures(), SceneObject::fixture);
        List<SceneObject> things = new ArrayList<>(objects.values());
        things.addAll(fixtures.values());
        own.stream().map(Part::root).filter(Objects::nonNull).forEach(this::needAssets);
        things.stream().map(SceneObject::root).forEach(this::needAssets);
        refuseIfMissing();
        Element whole = whole(base, room, robot(arm, mount, gripper), things);
        return new Assembly(Mjcf.write(whole), objects, fixtures, width(base.world()));
    }

    /**
     * A file of robosuite or of the room.
     *
     * @param file where it lies
     * @param root its elements, or null if it is missing
     */
    private record Part(Path file, Element root) {
        Element world() {
            return Mjcf.section(root, "worldbody", file);
        }
    }

    private Part part(List<Part> own, Path file) {
        Part part = new Part(file, need(file) ? Mjcf.read(file) : null);
        own.add(part);
        return part;
    }

    private static int width(Element world) {
        int width = 1 + FREE_NUMBERS * Mjcf.descendants(world, "freejoint").size();
        for (Element joint : Mjcf.descendants(world, "joint")) {
            width += switch (joint.getAttribute("type")) {
                case "free" -> FREE_NUMBERS;
                case "ball" -> BALL_NUMBERS;
                default -> 2;
            };
        }
        return width;
    }

    private static Element whole(Part base, Part room, Element robot, List<SceneObject> things) {
        Element root = base.root;
        Mjcf.section(root, "option", base.file).setAttribute("timestep", Double.toString(TIMESTEP));
        Element world = base.world();
        Mjcf.merge(root, world, room.root);
        Mjcf.merge(root, world, robot);
        for (SceneObject each : things) {
            Mjcf.mergeAssets(root, each.root());
            world.appendChild(world.getOwnerDocument().importNode(each.body(), true));
        }
        return root;
    }

    /** Arm on its base, hand on the arm. */
    private Element robot(Part arm, Part mount, Part gripper) {
        Element root = model(arm, "robot0_", "0 0.5 0 1");
        List<Element> joints = Mjcf.descendants(arm.world(), "joint");
        if (joints.size() != JOINT_DAMPING.length) {
            throw new SceneException(arm.file + ": has " + joints.size() + " joints, expected the Panda's "
                    + JOINT_DAMPING.length);
        }
        for (int i = 0; i < joints.size(); i++) {
            Element joint = joints.get(i);
            setIfAbsent(joint, "frictionloss", "0.1");
            setIfAbsent(joint, "armature", Double.toString(5.0 / (i + 1)));
            joint.setAttribute("damping", JOINT_DAMPING[i]);
        }
        Element base = body(arm, "robot0_base");
        if (mount != null) {
            Element pedestal = model(mount, "mount0_", "0.5 0.5 0 1");
            body(mount, "mount0_base").setAttribute("pos", "0.0 0.0 0.01");
            Mjcf.merge(root, base, pedestal);
        } else {
            Mjcf.append(base, "body", "name", "mount0_base", "pos", "0.0 0.0 0.0"); // robosuite's null mount
        }
        Mjcf.merge(root, body(arm, "robot0_right_hand"), model(gripper, "gripper0_", "0 0 0.5 1"));
        base.setAttribute("pos", Mjcf.numbers(domain.basePosition()));
        return root;
    }

    private static void setIfAbsent(Element element, String attribute, String value) {
        if (!element.hasAttribute(attribute)) {
            element.setAttribute(attribute, value);
        }
    }

    private static Element body(Part part, String name) {
        return Mjcf.named(part.world(), "body", name).orElseThrow(() -> new SceneException(part.file
                + ": has no body " + name + " once names have their prefix; expected robosuite 1.4"));
    }

    /** A part of the robot: shapes without a name are numbered, names get a prefix. */
    private static Element model(Part part, String prefix, String rgba) {
        int collisions = 0;
        int visuals = 0;
        for (Element geom : Mjcf.descendants(part.root, "geom")) {
            if (!geom.hasAttribute("name")) {
                boolean visual = geom.getAttribute("group").equals("1");
                geom.setAttribute("name", visual ? "g" + visuals++ + "_vis" : "g" + collisions++ + "_col");
            }
        }
        Mjcf.prefix(part.root, prefix);
        Mjcf.colourCollisions(part.world(), rgba);
        return part.root;
    }

    private Map<String, SceneObject> things(List<Item> items, Reader reader) {
        Map<String, SceneObject> things = new LinkedHashMap<>();
        for (Item item : items) {
            if (item.category().equals(domain.workspaceCategory())) {
                continue; // stands in the room's file
            }
            ObjectCategory category = ObjectCategory.find(item.category());
            if (category == null) {
                throw new BddlException(source + ": " + item.name() + " is of the category \"" + item.category()
                        + "\", which LIBERO does not have");
            }
            Path file = folders.assets().resolve(category.file());
            if (need(file)) {
                things.put(item.name(), reader.read(item.name(), category, file));
            }
        }
        return things;
    }

    /** Reads a thing. */
    private interface Reader {
        SceneObject read(String name, ObjectCategory category, Path file);
    }

    private boolean need(Path file) {
        boolean there = Files.isRegularFile(file);
        if (!there) {
            missing.add(file);
        }
        return there;
    }

    /** Of assets with the same name a scene uses the first; the files of the others need not exist. */
    private void needAssets(Element root) {
        Set<String> seen = new HashSet<>();
        for (Element each : Mjcf.child(root, "asset").map(Mjcf::children).orElse(List.of())) {
            if (seen.add(each.getTagName() + " " + each.getAttribute("name")) && each.hasAttribute("file")) {
                need(Path.of(each.getAttribute("file")));
            }
        }
    }

    private void refuseIfMissing() {
        if (missing.isEmpty()) {
            return;
        }
        boolean robot = missing.stream().anyMatch(each -> each.startsWith(folders.robosuite()));
        boolean things = missing.stream().anyMatch(each -> !each.startsWith(folders.robosuite()));
        List<String> cures = new ArrayList<>();
        if (things) {
            cures.add(LiberoFolders.LIBERO_CURE);
        }
        if (robot) {
            cures.add(LiberoFolders.ROBOSUITE_CURE);
        }
        throw new SceneException(source + ": " + missing.size() + " of the scene's files "
                + (missing.size() == 1 ? "is" : "are") + " missing: " + missing.stream().map(Path::toString)
                        .collect(Collectors.joining(", "))
                + "; " + String.join("; ", cures));
    }
}
