package org.cosmosj.libero.expert;

import java.util.Comparator;
import java.util.List;
import org.cosmosj.libero.bddl.Predicate.JointState;

/** Turns a knob about a vertical axis: takes it from above and turns the hand. */
final class Knob implements Skill {

    private static final double ABOVE = 0.10;
    private static final double TURN_ON = 1.0;
    private static final double BEYOND = 0.4;
    private static final double STEP = 0.35;
    private static final int CLOSE_STEPS = 10;

    private final Scenery scenery;
    private final String thing;
    private final JointState wanted;

    Knob(Scenery scenery, String thing, JointState wanted) {
        this.scenery = scenery;
        this.thing = thing;
        this.wanted = wanted;
    }

    @Override
    public List<Move> stage(int stage) {
        Scenery.Joint joint = scenery.joint(thing);
        Scenery.Shape ridge = joint.shapes().stream().max(Comparator.comparingDouble(shape -> shape.position()[2]))
                .orElseThrow();
        double[] grip = {joint.anchor()[0], joint.anchor()[1], ridge.position()[2]};
        double across = ridge.thinDirection();
        double[] hand = scenery.hand().position();
        double angle = scenery.hand().angle();
        double target = wanted == JointState.TURNON
                ? TURN_ON * Math.signum(joint.active())
                : -BEYOND * Math.signum(joint.active());
        double turn = Math.signum(joint.axis()[2]) * (target - joint.value());
        return switch (stage) {
            case 0 -> List.of(
                    Move.to(new double[] {grip[0], grip[1], grip[2] + ABOVE}, across, Hand.OPEN, 0.01, 80),
                    Move.to(grip, across, Hand.OPEN, 0.006, 50), Move.wait(grip, across, Hand.CLOSED, CLOSE_STEPS));
            case 1, 2, 3 -> List.of(Move.to(new double[] {grip[0], grip[1], hand[2]},
                    angle + Math.clamp(turn, -STEP, STEP), Hand.CLOSED, 0.02, 15));
            case 4 -> List.of(Move.wait(hand, angle, Hand.OPEN, CLOSE_STEPS),
                    Move.to(new double[] {hand[0], hand[1], hand[2] + ABOVE}, angle, Hand.OPEN, 0.03, 40));
            default -> List.of();
        };
    }
}
