package org.cosmosj.policy;

import java.util.List;
import org.cosmosj.tensor.Tensor;

/** The factor of each frame's loss, a whole number. Source: spec 04 section 7. */
public final class LossMask {
    private LossMask() {}

    /**
     * The factors of a batch; all 1 if no flag asks for a mask.
     *
     * @param layout the frames
     * @param kinds what each sample teaches, B entries
     * @param flags options of the objective
     * @return (B, T), F32
     * @throws IllegalArgumentException if the value mask meets a value sample, whose loss would vanish
     */
    public static Tensor of(LatentLayout layout, List<SampleKind> kinds, ObjectiveFlags flags) {
        float[] factors = new float[kinds.size() * layout.size()];
        for (int i = 0; i < factors.length; i++) {
            SampleKind kind = kinds.get(i / layout.size());
            FrameRole role = layout.roles().get(i % layout.size());
            factors[i] = factor(kind, role, flags);
        }
        return Tensor.of(factors, kinds.size(), layout.size());
    }

    private static int factor(SampleKind kind, FrameRole role, ObjectiveFlags flags) {
        boolean maskedInputs = flags.has(ObjectiveFlag.MASK_CURRENT_STATE_ACTION_FOR_VALUE_PREDICTION)
                || flags.has(ObjectiveFlag.MASK_FUTURE_STATE_FOR_QVALUE_PREDICTION);
        boolean ownTarget = flags.has(ObjectiveFlag.MASK_LOSS_FOR_ACTION_FUTURE_STATE_PREDICTION);
        boolean noValue = flags.has(ObjectiveFlag.MASK_VALUE_PREDICTION_LOSS_FOR_POLICY_PREDICTION);
        if (noValue && kind == SampleKind.VALUE) {
            throw new IllegalArgumentException(
                    "loss mask: " + ObjectiveFlag.MASK_VALUE_PREDICTION_LOSS_FOR_POLICY_PREDICTION
                            .key() + " is set but the batch holds a value sample; leave such samples out");
        }
        boolean applied = maskedInputs || ownTarget || flags.actionLossMultiplier() != 1
                || flags.has(ObjectiveFlag.ENFORCE_VALUE_LOSS_MASK);
        if (!applied) {
            return 1;
        }
        boolean counts = true;
        if (kind == SampleKind.VALUE && (maskedInputs || ownTarget)) {
            counts = role == FrameRole.VALUE;
        } else if (ownTarget) {
            counts = kind == SampleKind.DEMO ? role == FrameRole.ACTION : role.isFuture();
        } else if (noValue) {
            counts = role.isFuture() || kind == SampleKind.DEMO && role == FrameRole.ACTION;
        }
        return !counts ? 0 : role == FrameRole.ACTION ? flags.actionLossMultiplier() : 1;
    }
}
