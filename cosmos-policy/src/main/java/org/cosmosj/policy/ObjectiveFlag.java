package org.cosmosj.policy;

import java.util.Locale;

/** Switches of the training objective, named as in the reference's configuration. Source: spec 04 sections 6 and 7. */
public enum ObjectiveFlag {
    /** Each kind of sample trains only its own target: demonstrations the action, world-model samples the future. */
    MASK_LOSS_FOR_ACTION_FUTURE_STATE_PREDICTION,
    /**
     * Demonstrations and world-model samples do not train the value. The reference builds this mask but applies it only
     * together with another flag, so alone it changes nothing; {@link #ENFORCE_VALUE_LOSS_MASK} is the repair.
     */
    MASK_VALUE_PREDICTION_LOSS_FOR_POLICY_PREDICTION,
    /** Value samples see only the future state: V(s'). The released planning model was trained so. */
    MASK_CURRENT_STATE_ACTION_FOR_VALUE_PREDICTION,
    /** Value samples see only the present and the action: Q(s, a). */
    MASK_FUTURE_STATE_FOR_QVALUE_PREDICTION,
    /** Not of the reference: applies the mask of {@link #MASK_VALUE_PREDICTION_LOSS_FOR_POLICY_PREDICTION} always. */
    ENFORCE_VALUE_LOSS_MASK;

    /**
     * The key in configurations.
     *
     * @return the name in lower case
     */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
