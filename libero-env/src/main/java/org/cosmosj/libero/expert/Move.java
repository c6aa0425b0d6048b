package org.cosmosj.libero.expert;

/**
 * One leg of a script: the hand goes somewhere, or waits.
 *
 * @param target    (3), metres
 * @param angle     direction in which the fingers close, radians
 * @param gripper   {@link Hand#OPEN} or {@link Hand#CLOSED}
 * @param tolerance distance at which it has arrived, metres; 0 to use all steps
 * @param steps     most steps
 */
record Move(double[] target, double angle, double gripper, double tolerance, int steps) {

    private static final double ANGLE_TOLERANCE = 0.06;

    /** Goes to a point. */
    static Move to(double[] target, double angle, double gripper, double tolerance, int steps) {
        return new Move(target, angle, gripper, tolerance, steps);
    }

    /** Stays at a point for some steps, for example while the fingers close. */
    static Move wait(double[] target, double angle, double gripper, int steps) {
        return new Move(target, angle, gripper, 0, steps);
    }

    boolean isDone(Hand hand) {
        return tolerance > 0 && hand.distanceTo(target) < tolerance
                && Math.abs(Hand.turn(hand.angle(), angle)) < ANGLE_TOLERANCE;
    }
}
