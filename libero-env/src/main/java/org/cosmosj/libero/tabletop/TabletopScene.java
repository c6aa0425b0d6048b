package org.cosmosj.libero.tabletop;

import java.util.Optional;
import org.cosmosj.libero.bddl.BddlException;
import org.cosmosj.libero.bddl.SceneView;
import org.cosmosj.libero.bddl.Site;
import org.cosmosj.libero.geometry.Pose;

/**
 * The true state of a tabletop, for predicates, scripted experts and tests. Policies never see it.
 */
public final class TabletopScene implements SceneView {

    private final TabletopWorld world;

    TabletopScene(TabletopWorld world) {
        this.world = world;
    }

    @Override
    public double[] position(String object) {
        return world.bodies.get(index(object)).pose().position();
    }

    @Override
    public boolean touches(String a, String b) {
        return world.touches(index(a), index(b));
    }

    @Override
    public Optional<Site> site(String key) {
        for (Body body : world.bodies) {
            if (key.startsWith(body.name + "_")) {
                ObjectModel.Part part = body.model.sites().get(key.substring(body.name.length() + 1));
                if (part != null) {
                    Pose pose = body.pose().compose(part.pose());
                    return Optional.of(new Site(pose, part.half(), Optional.of(body.name)));
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Where the end effector is.
     *
     * @return the pose, world frame
     */
    public Pose endEffector() {
        return world.hand();
    }

    /**
     * Free distance between the pads.
     *
     * @return metres, 0 (closed) to 0.064 (open)
     */
    public double padDistance() {
        return 2 * (world.opening() - Gripper.PAD);
    }

    /**
     * The object between the fingers.
     *
     * @return its name, or empty
     */
    public Optional<String> held() {
        return world.held() < 0 ? Optional.empty() : Optional.of(world.bodies.get(world.held()).name);
    }

    /**
     * Depth of the deepest intersection of any two solid things; the physics keeps it below 0.02 mm.
     *
     * @return metres
     */
    public double deepestIntersection() {
        return world.deepestIntersection();
    }

    private int index(String object) {
        for (int i = 0; i < world.bodies.size(); i++) {
            if (world.bodies.get(i).name.equals(object)) {
                return i;
            }
        }
        throw new BddlException("the scene has no object \"" + object + "\", expected one of "
                + world.bodies.stream().map(body -> body.name).toList());
    }
}
