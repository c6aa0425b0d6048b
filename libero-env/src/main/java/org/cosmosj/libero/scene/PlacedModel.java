package org.cosmosj.libero.scene;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.cosmosj.libero.bddl.BddlProblem.Item;
import org.w3c.dom.Element;

/**
 * The model of an episode as demonstration files keep it: the scene's MJCF with fixtures where the reset put them,
 * which no state holds.
 */
public final class PlacedModel {

    private PlacedModel() {
    }

    /**
     * Writes the model of an episode.
     *
     * @param scene the scene
     * @param poses pose of a body in the episode's model by its name: position (3), quaternion w, x, y, z (4)
     * @return MJCF
     */
    public static String write(LiberoScene scene, Function<String, double[]> poses) {
        Element root = Mjcf.parse(scene.mjcf(), scene.task());
        for (Element body : fixtures(root, scene)) {
            double[] pose = poses.apply(body.getAttribute("name"));
            body.setAttribute("pos", Mjcf.numbers(Arrays.copyOf(pose, 3)));
            body.setAttribute("quat", Mjcf.numbers(Arrays.copyOfRange(pose, 3, 7)));
        }
        return Mjcf.write(root);
    }

    /**
     * Puts fixtures where a model has them.
     *
     * @param model      MJCF of a demonstration
     * @param source     where it comes from, for messages
     * @param scene      the scene
     * @param simulation takes their poses
     * @throws SceneException if it is not MJCF or lacks a fixture of the scene
     */
    public static void place(String model, String source, LiberoScene scene, SceneSimulation simulation) {
        Element root = Mjcf.parse(model, source);
        List<Element> found = fixtures(root, scene);
        List<Element> wanted = fixtures(Mjcf.parse(scene.mjcf(), scene.task()), scene);
        if (found.size() != wanted.size()) {
            throw new SceneException(source + ": its model has " + found.size() + " of the " + wanted.size()
                    + " fixtures of " + scene.task() + "; the file belongs to another task");
        }
        for (Element body : found) {
            simulation.setBodyPose(body.getAttribute("name"), numbers(body, "pos", source, 0, 0, 0),
                    numbers(body, "quat", source, 1, 0, 0, 0));
        }
    }

    private static double[] numbers(Element body, String attribute, String source, double... otherwise) {
        return body.hasAttribute(attribute) ? Mjcf.numbers(body, attribute, java.nio.file.Path.of(source)) : otherwise;
    }

    private static List<Element> fixtures(Element root, LiberoScene scene) {
        List<String> names = scene.problem().fixtures().stream().map(Item::name).map(name -> name + "_main").toList();
        return Mjcf.child(root, "worldbody").map(world -> Mjcf.children(world, "body")).orElse(List.of()).stream()
                .filter(body -> names.contains(body.getAttribute("name"))).toList();
    }
}
