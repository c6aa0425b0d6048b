package org.cosmosj.libero.expert;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.cosmosj.libero.bddl.BddlProblem;
import org.cosmosj.libero.bddl.BddlProblem.Item;
import org.cosmosj.libero.bddl.SceneView;
import org.cosmosj.libero.bddl.Site;
import org.cosmosj.libero.mujoco.MujocoModel;
import org.cosmosj.libero.mujoco.MujocoSimulation;
import org.cosmosj.libero.mujoco.ObjectKind;

/** What experts know of a scene: its true state. */
final class Scenery {

    /**
     * A collision shape.
     *
     * @param position centre, (3), metres
     * @param size     as MuJoCo has it, (3), metres
     * @param rotation its axes, (9), row-major
     */
    record Shape(double[] position, double[] size, double[] rotation) {

        /** Direction of its thinnest axis among those that lie flat, radians about the vertical. */
        double thinDirection() {
            int thinnest = -1;
            for (int i = 0; i < 3; i++) {
                boolean flat = Math.abs(rotation[6 + i]) < 0.7;
                if (flat && (thinnest < 0 || size[i] < size[thinnest])) {
                    thinnest = i;
                }
            }
            return Math.atan2(rotation[3 + thinnest], rotation[thinnest]);
        }
    }

    /**
     * A joint that opens, closes or turns something.
     *
     * @param name    its name
     * @param value   where it stands, radians or metres
     * @param active  its limit on the side of opening or turning on
     * @param rest    its other limit
     * @param hinge   whether it turns rather than slides
     * @param anchor  a point of its axis, (3), metres
     * @param axis    its direction, (3)
     * @param shapes  collision shapes of what it moves
     */
    record Joint(String name, double value, double active, double rest, boolean hinge, double[] anchor, double[] axis,
            List<Shape> shapes) {
    }

    private static final int HINGE = 3;

    private final MujocoSimulation simulation;
    private final BddlProblem problem;
    private final SceneView view;
    private final Hand hand;

    Scenery(MujocoSimulation simulation, BddlProblem problem, SceneView view) {
        this.simulation = simulation;
        this.problem = problem;
        this.view = view;
        this.hand = new Hand(simulation);
    }

    Hand hand() {
        return hand;
    }

    SceneView view() {
        return view;
    }

    BddlProblem problem() {
        return problem;
    }

    double[] position(String object) {
        return view.position(object);
    }

    /** The region of a thing in which a point lies, if any. */
    Optional<Site> regionAround(double[] point) {
        for (String key : problem.regions().keySet()) {
            Optional<Site> site = view.site(key).filter(each -> each.parent().isPresent());
            if (site.isPresent() && site.orElseThrow().contains(point)) {
                return site;
            }
        }
        return Optional.empty();
    }

    /** Positions of the other movable things. */
    List<double[]> others(String object) {
        return problem.objects().stream().map(Item::name).filter(name -> !name.equals(object)).map(this::position)
                .toList();
    }

    /** Positions of the movable things in a region. */
    List<double[]> objectsIn(Site site) {
        return problem.objects().stream().map(item -> position(item.name())).filter(site::contains).toList();
    }

    /** Positions of the fixtures that stand in the workspace. */
    List<double[]> fixtures() {
        return problem.fixtures().stream().map(Item::name)
                .filter(name -> simulation.model().contains(ObjectKind.BODY, name + "_main")).map(this::position)
                .toList();
    }

    /** The joint of a thing, or of the part of it that a region belongs to: the joint of the body with that site. */
    Joint joint(String nameOrRegion) {
        MujocoModel model = simulation.model();
        double[] bodies = model.numbers("jnt_bodyid");
        double[] parents = model.numbers("body_parentid");
        boolean region = simulation.hasSite(nameOrRegion);
        int wanted = region
                ? (int) model.numbers("site_bodyid")[model.id(ObjectKind.SITE, nameOrRegion)]
                : model.id(ObjectKind.BODY, nameOrRegion + "_main");
        for (int joint = 0; joint < bodies.length; joint++) {
            int body = (int) bodies[joint];
            if (body == wanted || !region && isInside(body, wanted, parents)) {
                return joint(joint, body, model);
            }
        }
        throw new IllegalArgumentException("expert: " + nameOrRegion + " has no joint that could be moved");
    }

    private static boolean isInside(int body, int ancestor, double[] parents) {
        for (int each = body; each > 0; each = (int) parents[each]) {
            if (each == ancestor) {
                return true;
            }
        }
        return false;
    }

    private Joint joint(int joint, int body, MujocoModel model) {
        double[] ranges = model.numbers("jnt_range");
        double low = ranges[2 * joint];
        double high = ranges[2 * joint + 1];
        boolean opensDown = Math.abs(low) > Math.abs(high);
        double[] anchor = new double[3];
        double[] axis = new double[3];
        simulation.data().read("xanchor", 3 * joint, anchor);
        simulation.data().read("xaxis", 3 * joint, axis);
        String name = model.names(ObjectKind.JOINT).get(joint);
        return new Joint(name, simulation.jointPosition(name), opensDown ? low : high, opensDown ? high : low,
                model.numbers("jnt_type")[joint] == HINGE, anchor, axis, shapes(body, model));
    }

    private List<Shape> shapes(int body, MujocoModel model) {
        double[] bodies = model.numbers("geom_bodyid");
        double[] groups = model.numbers("geom_group");
        double[] sizes = model.numbers("geom_size");
        List<Shape> shapes = new ArrayList<>();
        for (int geom = 0; geom < bodies.length; geom++) {
            if ((int) bodies[geom] == body && groups[geom] == 0) {
                double[] position = new double[3];
                simulation.data().read("geom_xpos", 3 * geom, position);
                double[] rotation = new double[9];
                simulation.data().read("geom_xmat", 9 * geom, rotation);
                shapes.add(new Shape(position, Arrays.copyOfRange(sizes, 3 * geom, 3 * geom + 3), rotation));
            }
        }
        return shapes;
    }
}
