package org.cosmosj.libero.scene;

import java.util.List;
import java.util.Map;
import org.cosmosj.libero.bddl.BddlProblem.Region;
import org.cosmosj.libero.scene.ObjectCategory.Turn;

/**
 * Where one thing is put at a reset.
 *
 * <p>The reference turns movable things by quaternions in the order x, y, z, w and hands them to MuJoCo, which reads
 * w, x, y, z: a bowl "turned by a quarter about x" stands upright. That is kept.
 * Source: libero/libero/envs/regions/base_region_sampler.py, workspace_region_sampler.py.
 *
 * @param object   what is put
 * @param ranges   rectangles {x0, y0, x1, y1} to draw from, metres
 * @param margin   kept from their borders, metres
 * @param overlap  whether it may overlap other things
 * @param raise    height above the origin, metres
 * @param turns    angles to draw
 * @param origin   what the rectangles are relative to
 */
record Spot(SceneObject object, List<double[]> ranges, double margin, Overlap overlap, double raise, List<Turn> turns,
        Origin origin) {

    private static final int MOST_TRIES = 5000;
    private static final double ON_TABLE = 0.01;

    /** Whether things may overlap. */
    enum Overlap {
        /** They are put where the first draw says. */
        ALLOWED,
        /** They are drawn anew until they do not. */
        REFUSED
    }

    /** What a spot's rectangles are relative to. */
    sealed interface Origin {
    }

    /**
     * A fixed point.
     *
     * @param point (3), metres
     */
    record Fixed(double[] point) implements Origin {
    }

    /**
     * The upper side of another thing.
     *
     * @param reference its name
     */
    record Above(String reference) implements Origin {
    }

    /**
     * A part of another thing, above or inside.
     *
     * @param reference its name
     * @param site      the part
     * @param side      where
     */
    record AtPart(String reference, String site, Side side) implements Origin {
    }

    /** Where at a part. */
    enum Side {
        /** Above. */
        ON,
        /** Inside. */
        IN
    }

    /**
     * Where a thing was put.
     *
     * @param object     the thing
     * @param position   (3), metres
     * @param quaternion (4), as MuJoCo reads it: w, x, y, z
     */
    record Placement(SceneObject object, double[] position, double[] quaternion) {
    }

    static Spot fixture(SceneObject object, Region region, Domain domain) {
        return new Spot(object, region.ranges(), 0, Overlap.ALLOWED, domain.fixtureRaise(),
                List.of(new Turn(' ', region.yaw()[0], region.yaw()[1])), new Fixed(domain.offset()));
    }

    static Spot onWorkspace(SceneObject object, Region region, Domain domain) {
        double margin = domain.margin() == Domain.Margin.RADIUS ? object.radius() : 0;
        return new Spot(object, region.ranges(), margin, Overlap.REFUSED, ON_TABLE, object.category().turns(),
                new Fixed(domain.offset()));
    }

    static Spot onPart(SceneObject object, String reference, SceneObject.Part part) {
        double x = part.half()[0] / 2;
        double y = part.half()[1] / 2;
        return new Spot(object, List.of(new double[] {-x, -y, x, y}), object.radius(), Overlap.REFUSED, 0,
                object.category().turns(), new AtPart(reference, part.name(), Side.ON));
    }

    static Spot inPart(SceneObject object, String reference, String site) {
        return new Spot(object, List.of(new double[4]), 0, Overlap.REFUSED, 0, object.category().turns(),
                new AtPart(reference, site, Side.IN));
    }

    static Spot onObject(SceneObject object, String reference) {
        return new Spot(object, List.of(new double[4]), 0, Overlap.ALLOWED, ON_TABLE, object.category().turns(),
                new Above(reference));
    }

    /** Draws a place, or null if all tries overlap with what is there. */
    Placement draw(ResetRandom random, Map<String, Placement> placed, SceneState scene) {
        double[] base = base(placed);
        double[] shift = shift(placed, scene);
        for (int attempt = 0; attempt < MOST_TRIES; attempt++) {
            double[] range = ranges.get(random.integer(ranges.size()));
            double x = random.uniform(range[0] + margin, range[2] - margin) + base[0] + shift[0];
            double y = random.uniform(range[1] + margin, range[3] - margin) + base[1] + shift[1];
            double z = raise + base[2] + shift[2] - object.bottom();
            if (overlap == Overlap.ALLOWED || isFree(x, y, z, placed)) {
                return new Placement(object, new double[] {x, y, z}, turn(random));
            }
        }
        return null;
    }

    private double[] base(Map<String, Placement> placed) {
        return switch (origin) {
            case Fixed fixed -> fixed.point;
            case Above above -> top(reference(above.reference, placed));
            case AtPart part -> part.side == Side.ON
                    ? top(reference(part.reference, placed))
                    : reference(part.reference, placed).position;
        };
    }

    private static double[] top(Placement reference) {
        double[] p = reference.position;
        return new double[] {p[0], p[1], p[2] + reference.object.top()};
    }

    private Placement reference(String name, Map<String, Placement> placed) {
        Placement reference = placed.get(name);
        if (reference == null) {
            throw new SceneException(object.name() + " is to be put relative to " + name
                    + ", which :init has not placed before; the order of :init must place it first");
        }
        return reference;
    }

    /** Where the part is seen from its owner, which still stands at the scene's origin but is to be turned. */
    private double[] shift(Map<String, Placement> placed, SceneState scene) {
        if (!(origin instanceof AtPart part)) {
            return new double[3];
        }
        double[] r = SinglePrecisionRotation.matrix(reference(part.reference, placed).quaternion);
        double[] p = scene.sitePosition(part.site);
        return new double[] {r[0] * p[0] + r[1] * p[1] + r[2] * p[2], r[3] * p[0] + r[4] * p[1] + r[5] * p[2],
            r[6] * p[0] + r[7] * p[1] + r[8] * p[2]};
    }

    private boolean isFree(double x, double y, double z, Map<String, Placement> placed) {
        for (Placement other : placed.values()) {
            double dx = x - other.position[0];
            double dy = y - other.position[1];
            if (Math.sqrt(dx * dx + dy * dy) <= other.object.radius() + object.radius()
                    && z - other.position[2] <= other.object.top() - object.bottom()) {
                return false;
            }
        }
        return true;
    }

    private double[] turn(ResetRandom random) {
        if (turns.size() == 1) {
            Turn turn = turns.getFirst();
            double half = random.uniform(turn.low(), turn.high()) / 2;
            return turn.axis() == ' '
                    ? new double[] {Trigonometry.cos(half), 0, 0, Trigonometry.sin(half)}
                    : about(turn.axis(), half);
        }
        double[] quaternion = {0, 0, 0, 1};
        for (Turn turn : turns) {
            double half = random.uniform(turn.low(), turn.high()) / 2;
            quaternion = SinglePrecisionRotation.product(about(turn.axis(), half), quaternion);
        }
        return quaternion;
    }

    /** A turn about an axis, x, y, z, w. */
    private static double[] about(char axis, double half) {
        double[] quaternion = {0, 0, 0, Trigonometry.cos(half)};
        quaternion[axis - 'x'] = Trigonometry.sin(half);
        return quaternion;
    }
}
