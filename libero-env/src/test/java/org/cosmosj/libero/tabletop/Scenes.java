package org.cosmosj.libero.tabletop;

import java.util.ArrayList;
import java.util.List;
import org.cosmosj.libero.geometry.Pose;

/** Hand-made scenes for tests: the basket task with its objects, and others, at chosen places. */
final class Scenes {

    static final String BLOCK = "red_block_1";
    static final String BASKET = "basket_1";
    static final double OPEN = -1;
    static final double CLOSE = 1;
    static final double[] AWAY = {0.2, 0.2};

    private Scenes() {
    }

    static Body body(String name, String category, double x, double y, double z) {
        return new Body(name, ObjectCatalog.get(category), Pose.upright(x, y, z, 0));
    }

    /** A block at the origin, the basket out of the way, and the gripper above (gx, gy) at height gz. */
    static TabletopEnvironment block(double gx, double gy, double gz, Body... more) {
        List<Body> bodies = new ArrayList<>(List.of(body(BLOCK, "red_block", 0, 0, 0.02),
                body(BASKET, "basket", AWAY[0], AWAY[1], 0)));
        bodies.addAll(List.of(more));
        return start(bodies, gx, gy, gz);
    }

    static TabletopEnvironment start(List<Body> bodies, double gx, double gy, double gz) {
        TabletopEnvironment environment =
                new TabletopEnvironment(TabletopTask.BLOCK_IN_BASKET, TabletopSettings.withImages(32));
        environment.start(bodies, new double[] {gx, gy, gz});
        return environment;
    }

    /** Moves by metres in as many steps as needed, then stays. */
    static void move(TabletopEnvironment environment, double dx, double dy, double dz, double gripper) {
        double scale = environment.spec().positionScale();
        int steps = (int) Math.ceil(Math.max(Math.abs(dx), Math.max(Math.abs(dy), Math.abs(dz))) / scale - 1e-9);
        for (int i = 0; i < steps; i++) {
            environment.step(new double[] {dx / scale / steps, dy / scale / steps, dz / scale / steps, 0, 0, 0,
                gripper});
        }
    }

    static void gripper(TabletopEnvironment environment, double gripper, int steps) {
        for (int i = 0; i < steps; i++) {
            environment.step(new double[] {0, 0, 0, 0, 0, 0, gripper});
        }
    }
}
