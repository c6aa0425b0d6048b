package org.cosmosj.libero.expert;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Takes a thing, carries it and puts it down. Open vessels are taken at the rim, on the side where there is most room;
 * other things across their middle.
 */
final class PickAndPlace implements Skill {

    private static final Set<String> VESSELS = Set.of("akita_black_bowl", "white_bowl");
    /** Where fingers hold a bowl: radius of its wall and height of the rim over its origin, metres. */
    private static final double WALL_RADIUS = 0.048;
    private static final double RIM_HEIGHT = 0.035;
    /** In a drawer a bowl may lean, and one side of its rim is lower. */
    private static final double RIM_HEIGHT_INSIDE = 0.026;
    private static final double ABOVE = 0.12;
    private static final double LIFT = 0.15;
    private static final double CLEAR = 0.06;
    private static final int CLOSE_STEPS = 12;
    private static final int OPEN_STEPS = 10;
    /** The hand is this wide on either side of the fingers; fixtures are about this wide, metres. */
    private static final double HAND_REACH = 0.08;
    private static final double FIXTURE = 0.12;
    private static final double ENOUGH = 0.1;
    private static final int DIRECTIONS = 8;
    /** A thing that was lifted less than this is not held, metres. */
    private static final double HELD = 0.03;

    private final Scenery scenery;
    private final String object;
    private final Place place;
    private final int attempt;
    private double[] start;
    private double angle;

    /** Where something is to be put. */
    interface Place {
        /** Where the thing's origin is to be when it is let go, (3), metres. */
        double[] release();

        /** What stands beside the place, on whose side the hand should not be, (3), metres; or {@link #release}. */
        double[] neighbour();
    }

    PickAndPlace(Scenery scenery, String object, Place place, int attempt) {
        this.scenery = scenery;
        this.object = object;
        this.place = place;
        this.attempt = attempt;
    }

    @Override
    public List<Move> stage(int stage) {
        return switch (stage) {
            case 0 -> take();
            case 1 -> lift();
            case 2 -> isHeld() ? carry() : List.of();
            default -> List.of();
        };
    }

    private List<Move> take() {
        start = scenery.position(object);
        double[] grip = start.clone();
        if (VESSELS.contains(scenery.problem().categoryOf(object))) {
            double direction = rimDirection();
            angle = direction;
            grip[0] += WALL_RADIUS * Math.cos(direction);
            grip[1] += WALL_RADIUS * Math.sin(direction);
            grip[2] += scenery.regionAround(start).isPresent() ? RIM_HEIGHT_INSIDE : RIM_HEIGHT;
        } else {
            boolean along = room(Math.PI / 2) >= room(0); // fingers close along y unless there is more room along x
            angle = along == (attempt % 2 == 0) ? Math.PI / 2 : 0;
        }
        double[] over = {grip[0], grip[1], grip[2] + ABOVE};
        double[] high = {grip[0], grip[1], Math.max(scenery.hand().position()[2], over[2])};
        return List.of(Move.to(high, angle, Hand.OPEN, 0.04, 70), Move.to(over, angle, Hand.OPEN, 0.015, 40),
                Move.to(grip, angle, Hand.OPEN, 0.006, 50),
                Move.wait(grip, angle, Hand.CLOSED, CLOSE_STEPS));
    }

    private List<Move> lift() {
        double[] hand = scenery.hand().position();
        double height = Math.max(hand[2] + LIFT, place.release()[2] + CLEAR + hand[2] - start[2]);
        return List.of(Move.to(new double[] {hand[0], hand[1], height}, angle, Hand.CLOSED, 0.02, 50));
    }

    private boolean isHeld() {
        return scenery.position(object)[2] - start[2] > HELD;
    }

    private List<Move> carry() {
        double[] hand = scenery.hand().position();
        double[] at = scenery.position(object);
        double[] release = place.release();
        double[] down = {release[0] + hand[0] - at[0], release[1] + hand[1] - at[1], release[2] + hand[2] - at[2]};
        double[] over = {down[0], down[1], hand[2]};
        double[] away = {down[0], down[1], down[2] + ABOVE};
        return List.of(Move.to(over, angle, Hand.CLOSED, 0.01, 90), Move.to(down, angle, Hand.CLOSED, 0.008, 60),
                Move.wait(down, angle, Hand.OPEN, OPEN_STEPS), Move.to(away, angle, Hand.OPEN, 0.03, 30));
    }

    /** The side of the rim with most room around it; the second best at a second try. */
    private double rimDirection() {
        return scenery.regionAround(start).map(region -> {
            double[] r = region.pose().rotation();
            int widest = IntStream.of(0, 1, 2).boxed()
                    .max(Comparator.comparingDouble(i -> region.half()[i] * Math.hypot(r[i], r[3 + i]))).orElse(0);
            double inward = (region.pose().x() - start[0]) * r[widest] + (region.pose().y() - start[1]) * r[3 + widest];
            return Math.atan2(r[3 + widest], r[widest]) + (attempt + (inward < 0 ? 1 : 0)) % 2 * Math.PI;
        }).orElseGet(this::freestDirection);
    }

    private double freestDirection() {
        List<double[]> others = scenery.others(object);
        // fingers that close along y need no turn of the hand: such sides come first among equals
        return IntStream.range(0, DIRECTIONS).mapToObj(i -> Math.PI / 2 + i * 2 * Math.PI / DIRECTIONS)
                .sorted(Comparator.comparingDouble(direction -> -room(direction, others)))
                .skip(attempt % DIRECTIONS).findFirst().orElseThrow();
    }

    private double room(double direction, List<double[]> others) {
        double x = start[0] + WALL_RADIUS * 1.5 * Math.cos(direction);
        double y = start[1] + WALL_RADIUS * 1.5 * Math.sin(direction);
        double handX = start[0] + (WALL_RADIUS + HAND_REACH) * Math.cos(direction);
        double handY = start[1] + (WALL_RADIUS + HAND_REACH) * Math.sin(direction);
        return Math.min(nearest(others, x, y), ENOUGH) + Math.min(nearest(scenery.fixtures(), handX, handY) - FIXTURE,
                ENOUGH) - 0.03 * Math.abs(Math.cos(direction)) - towardNeighbour(direction);
    }

    private double towardNeighbour(double direction) {
        double[] at = place.release();
        double[] beside = place.neighbour();
        double x = beside[0] - at[0];
        double y = beside[1] - at[1];
        double distance = Math.hypot(x, y);
        double cosine = (x * Math.cos(direction) + y * Math.sin(direction)) / Math.max(distance, 1e-9);
        return distance < HAND_REACH / 2 ? 0 : ENOUGH * Math.max(0, cosine);
    }

    /** Room for the fingers on both sides of a thing that is taken across its middle. */
    private double room(double direction) {
        List<double[]> others = scenery.others(object);
        double x = HAND_REACH * Math.cos(direction);
        double y = HAND_REACH * Math.sin(direction);
        return Math.min(ENOUGH, Math.min(nearest(others, start[0] + x, start[1] + y),
                nearest(others, start[0] - x, start[1] - y)));
    }

    private static double nearest(List<double[]> points, double x, double y) {
        return points.stream().mapToDouble(point -> Math.hypot(point[0] - x, point[1] - y)).min().orElse(1);
    }
}
