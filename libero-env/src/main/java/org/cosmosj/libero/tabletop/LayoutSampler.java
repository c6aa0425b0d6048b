package org.cosmosj.libero.tabletop;

import java.util.ArrayList;
import java.util.List;
import org.cosmosj.libero.bddl.BddlException;
import org.cosmosj.libero.bddl.BddlProblem;
import org.cosmosj.libero.bddl.Predicate;
import org.cosmosj.libero.geometry.OrientedBox;
import org.cosmosj.libero.geometry.Pose;

/**
 * Draws where objects stand at the start, as {@code :init} says: each uniformly in its region. A layout in which two
 * objects stand too close for the fingers is drawn again as a whole, so that no object is favoured.
 */
final class LayoutSampler {

    private static final int MAX_LAYOUTS = 10_000;

    private final BddlProblem problem;

    LayoutSampler(BddlProblem problem) {
        this.problem = problem;
    }

    List<Body> sample(EpisodeRandom random) {
        for (int n = 0; n < MAX_LAYOUTS; n++) {
            List<Body> bodies = draw(random);
            if (isSpacious(bodies)) {
                return bodies;
            }
        }
        throw new BddlException("problem " + problem.name() + ": " + MAX_LAYOUTS
                + " layouts drawn and in each one two objects are too close; make the regions of :init wider");
    }

    private List<Body> draw(EpisodeRandom random) {
        List<Body> bodies = new ArrayList<>();
        for (Predicate predicate : problem.init()) {
            if (!(predicate instanceof Predicate.On on)) {
                throw new BddlException("problem " + problem.name() + ": :init has " + predicate
                        + ", the tabletop supports only (On object table_region)");
            }
            BddlProblem.Region region = problem.regions().get(on.place());
            if (region == null || region.ranges().isEmpty()) {
                throw new BddlException("problem " + problem.name() + ": (On " + on.object() + " " + on.place()
                        + ") names no region with :ranges; known regions are " + problem.regions().keySet());
            }
            bodies.add(place(on.object(), region, random));
        }
        return bodies;
    }

    private Body place(String name, BddlProblem.Region region, EpisodeRandom random) {
        ObjectModel model = ObjectCatalog.get(problem.categoryOf(name));
        int which = (int) random.uniform(0, region.ranges().size());
        double[] range = region.ranges().get(which);
        double x = random.uniform(range[0], range[2]);
        double y = random.uniform(range[1], range[3]);
        double yaw = random.uniform(region.yaw()[0], region.yaw()[1]);
        double lowest = 0;
        for (OrientedBox box : model.boxes(Pose.upright(0, 0, 0, 0))) {
            lowest = Math.min(lowest, box.bottom());
        }
        return new Body(name, model, Pose.upright(x, y, -lowest, yaw));
    }

    private static boolean isSpacious(List<Body> bodies) {
        for (int i = 0; i < bodies.size(); i++) {
            for (int j = i + 1; j < bodies.size(); j++) {
                ObjectModel a = bodies.get(i).model;
                ObjectModel b = bodies.get(j).model;
                double dx = bodies.get(j).pose().x() - bodies.get(i).pose().x();
                double dy = bodies.get(j).pose().y() - bodies.get(i).pose().y();
                if (a.footprint().gap(b.footprint(), dx, dy) < Math.max(a.clearance(), b.clearance())) {
                    return false;
                }
            }
        }
        return true;
    }
}
