package org.cosmosj.policy;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Options of the training objective. Source: spec 04 section 6.
 *
 * @param flags the switches that are on
 * @param actionLossMultiplier factor of the action frame's loss, a whole number as in the reference, at least 1
 */
public record ObjectiveFlags(Set<ObjectiveFlag> flags, int actionLossMultiplier) {
    /** No mask and no multiplier: how the released policies were trained. */
    public static final ObjectiveFlags NONE = new ObjectiveFlags(Set.of(), 1);

    private static final String MULTIPLIER = "action_loss_multiplier";

    /** Checks the multiplier and combinations. */
    public ObjectiveFlags {
        flags = Set.copyOf(flags);
        if (actionLossMultiplier < 1) {
            throw new IllegalArgumentException("objective: " + MULTIPLIER + " " + actionLossMultiplier
                    + " must be at least 1");
        }
        if (flags.contains(ObjectiveFlag.MASK_LOSS_FOR_ACTION_FUTURE_STATE_PREDICTION)
                && flags.contains(ObjectiveFlag.MASK_VALUE_PREDICTION_LOSS_FOR_POLICY_PREDICTION)) {
            throw new IllegalArgumentException("objective: the two loss masks exclude each other; set one");
        }
    }

    /**
     * Flags that are on, without multiplier.
     *
     * @param flags the switches
     * @return the options
     */
    public static ObjectiveFlags of(ObjectiveFlag... flags) {
        return new ObjectiveFlags(Set.of(flags), 1);
    }

    /**
     * Reads the reference's keys; a missing key is off.
     *
     * @param fields such as {@code {"action_loss_multiplier": 3}}
     * @return the options
     * @throws IllegalArgumentException if a key is no option of the objective
     */
    public static ObjectiveFlags of(JsonFields fields) {
        Set<String> unknown = new LinkedHashSet<>(fields.keys());
        unknown.remove(MULTIPLIER);
        Set<ObjectiveFlag> on = EnumSet.noneOf(ObjectiveFlag.class);
        for (ObjectiveFlag flag : ObjectiveFlag.values()) {
            unknown.remove(flag.key());
            if (fields.has(flag.key()) && fields.flag(flag.key())) {
                on.add(flag);
            }
        }
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(fields + ": no option of the objective is called "
                    + String.join(", ", unknown) + "; use " + MULTIPLIER + " and "
                    + Arrays.stream(ObjectiveFlag.values()).map(ObjectiveFlag::key).collect(Collectors.joining(", ")));
        }
        return new ObjectiveFlags(on, fields.has(MULTIPLIER) ? fields.integer(MULTIPLIER) : 1);
    }

    /**
     * Whether a switch is on.
     *
     * @param flag the switch
     * @return true if it is
     */
    public boolean has(ObjectiveFlag flag) {
        return flags.contains(flag);
    }

    /**
     * These options with another multiplier.
     *
     * @param multiplier factor of the action frame's loss, at least 1
     * @return the options
     */
    public ObjectiveFlags withActionLossMultiplier(int multiplier) {
        return new ObjectiveFlags(flags, multiplier);
    }
}
