package org.cosmosj.libero.expert;

import java.util.Comparator;
import java.util.List;

/** Pulls a drawer open by its handle, or pushes it shut. */
final class Drawer implements Skill {

    private static final double ABOVE = 0.10;
    private static final double IN_FRONT = 0.06;
    private static final double BEYOND = 0.03;
    private static final int CLOSE_STEPS = 12;
    private static final int OPEN_STEPS = 8;

    private final Scenery scenery;
    private final String region;
    private final Direction direction;

    /** What is to be done. */
    enum Direction {
        /** Pull. */
        OPEN,
        /** Push. */
        CLOSE
    }

    Drawer(Scenery scenery, String region, Direction direction) {
        this.scenery = scenery;
        this.region = region;
        this.direction = direction;
    }

    @Override
    public List<Move> stage(int stage) {
        Scenery.Joint joint = scenery.joint(region);
        double sign = Math.signum(joint.active());
        double[] out = {sign * joint.axis()[0], sign * joint.axis()[1], sign * joint.axis()[2]};
        Scenery.Shape grip = joint.shapes().stream().max(Comparator.comparingDouble(shape -> along(shape, out)))
                .orElseThrow();
        double angle = grip.thinDirection();
        double[] handle = grip.position();
        return direction == Direction.OPEN
                ? pull(stage, joint, out, angle, handle)
                : push(stage, joint, out, angle, handle);
    }

    private static double along(Scenery.Shape shape, double[] out) {
        return shape.position()[0] * out[0] + shape.position()[1] * out[1];
    }

    private static double[] shifted(double[] from, double[] out, double distance, double up) {
        return new double[] {from[0] + distance * out[0], from[1] + distance * out[1], from[2] + up};
    }

    private List<Move> pull(int stage, Scenery.Joint joint, double[] out, double angle, double[] handle) {
        double[] hand = scenery.hand().position();
        return switch (stage) {
            case 0 -> List.of(Move.to(shifted(handle, out, 0, ABOVE), angle, Hand.OPEN, 0.012, 80),
                    Move.to(handle, angle, Hand.OPEN, 0.006, 50), Move.wait(handle, angle, Hand.CLOSED, CLOSE_STEPS));
            case 1 -> List.of(Move.to(shifted(hand, out, Math.abs(joint.active() - joint.value()) + BEYOND, 0), angle,
                    Hand.CLOSED, 0.01, 60));
            case 2 -> List.of(Move.wait(hand, angle, Hand.OPEN, OPEN_STEPS),
                    Move.to(shifted(hand, out, 0, 2 * ABOVE), angle, Hand.OPEN, 0.03, 40));
            default -> List.of();
        };
    }

    private List<Move> push(int stage, Scenery.Joint joint, double[] out, double angle, double[] handle) {
        double[] front = shifted(handle, out, IN_FRONT, 0);
        return switch (stage) {
            case 0 -> List.of(Move.to(shifted(front, out, 0, 1.5 * ABOVE), angle, Hand.CLOSED, 0.02, 80),
                    Move.to(front, angle, Hand.CLOSED, 0.01, 50));
            case 1 -> List.of(Move.to(shifted(handle, out, -Math.abs(joint.rest() - joint.value()) - BEYOND, 0), angle,
                    Hand.CLOSED, 0.005, 60));
            case 2 -> List.of(Move.to(shifted(scenery.hand().position(), out, 0.02, 1.5 * ABOVE), angle, Hand.OPEN,
                    0.03, 40));
            default -> List.of();
        };
    }
}
