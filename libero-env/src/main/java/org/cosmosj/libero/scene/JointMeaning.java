package org.cosmosj.libero.scene;

import java.util.Optional;
import org.cosmosj.libero.bddl.Predicate.JointState;

/**
 * What the joints of an articulated thing mean: the ranges that {@code Open}, {@code Close}, {@code TurnOn} and
 * {@code TurnOff} draw from at a reset, and the thresholds that they are judged by.
 * Source: libero/libero/envs/objects/articulated_objects.py.
 */
enum JointMeaning {
    /** Opens to negative angles. */
    MICROWAVE(new Range(-2.094, -1.3), new Range(-0.005, 0.0)),
    /** Drawers that open to positive distances. */
    SHORT_CABINET(new Range(0.10, 0.16), new Range(-0.005, 0.0)),
    /** A door that opens to positive angles. */
    SHORT_FRIDGE(new Range(2.0, 2.7), new Range(-0.005, 0.0)),
    /** Drawers that open to negative distances; one at exactly 0 is neither open nor closed. */
    CABINET(new Range(-0.16, -0.14), new Range(0.0, 0.005)),
    /** A knob. */
    STOVE(new Range(0.5, 2.1), new Range(-0.005, 0.0));

    /**
     * Joint values.
     *
     * @param low  radians or metres
     * @param high radians or metres
     */
    record Range(double low, double high) {
    }

    private final Range active;
    private final Range rest;

    JointMeaning(Range active, Range rest) {
        this.active = active;
        this.rest = rest;
    }

    private boolean isKnob() {
        return this == STOVE;
    }

    /** The values that a reset draws from for a state, or empty if the thing has no such state. */
    Optional<Range> range(JointState state) {
        return switch (state) {
            case OPEN -> isKnob() ? Optional.empty() : Optional.of(active);
            case CLOSE -> isKnob() ? Optional.empty() : Optional.of(rest);
            case TURNON -> isKnob() ? Optional.of(active) : Optional.empty();
            case TURNOFF -> isKnob() ? Optional.of(rest) : Optional.empty();
        };
    }

    /** Whether a joint value is in a state; the state must have a range. */
    boolean is(JointState state, double q) {
        boolean wantsActive = state == JointState.OPEN || state == JointState.TURNON;
        return switch (this) {
            case MICROWAVE, CABINET -> wantsActive ? q < active.high : q > rest.low;
            case SHORT_CABINET, SHORT_FRIDGE -> wantsActive ? q > active.low : q < rest.high;
            case STOVE -> wantsActive ? q >= active.low : q < rest.high;
        };
    }
}
