package org.cosmosj.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Scope;
import org.junit.jupiter.api.Test;

class LossMaskTest {
    private static final List<SampleKind> ALL = List.of(SampleKind.values());
    private static final List<SampleKind> WITHOUT_VALUE = List.of(SampleKind.DEMO, SampleKind.WORLD_MODEL);

    private static void assertMask(List<SampleKind> kinds, ObjectiveFlags flags, String... rows) {
        try (Scope _ = Scope.open(Device.cpu(), "test")) {
            float[] mask = LossMask.of(LatentLayout.LIBERO, kinds, flags).toFloatArray();
            for (int b = 0; b < rows.length; b++) {
                StringBuilder row = new StringBuilder();
                for (int t = 0; t < 9; t++) {
                    row.append((int) mask[b * 9 + t]);
                }
                assertThat(row).as("%s", kinds.get(b)).hasToString(rows[b]);
            }
        }
    }

    @Test
    void countsEveryFrameWithoutFlags() {
        assertMask(ALL, ObjectiveFlags.NONE, "111111111", "111111111", "111111111");
    }

    @Test
    void inputMasksLeaveValueSamplesTheirValue() {
        for (ObjectiveFlag flag : List.of(ObjectiveFlag.MASK_CURRENT_STATE_ACTION_FOR_VALUE_PREDICTION,
                ObjectiveFlag.MASK_FUTURE_STATE_FOR_QVALUE_PREDICTION)) {
            assertMask(ALL, ObjectiveFlags.of(flag), "111111111", "111111111", "000000001");
        }
    }

    @Test
    void ownTargetsCountAlone() {
        ObjectiveFlags flags = ObjectiveFlags.of(ObjectiveFlag.MASK_LOSS_FOR_ACTION_FUTURE_STATE_PREDICTION);

        assertMask(ALL, flags, "000010000", "000001110", "000000001");
        assertMask(ALL, flags.withActionLossMultiplier(3), "000030000", "000001110", "000000001");
    }

    @Test
    void multiplierWeighsTheActionFrameOfAllSamples() {
        assertMask(ALL, ObjectiveFlags.NONE.withActionLossMultiplier(5), "111151111", "111151111", "111151111");
    }

    /** The reference applies this mask only when another flag is on; the released models were trained without any. */
    @Test
    void valueMaskAloneChangesNothingUnlessEnforced() {
        ObjectiveFlag noValue = ObjectiveFlag.MASK_VALUE_PREDICTION_LOSS_FOR_POLICY_PREDICTION;

        assertMask(WITHOUT_VALUE, ObjectiveFlags.of(noValue), "111111111", "111111111");
        assertMask(WITHOUT_VALUE, ObjectiveFlags.of(noValue, ObjectiveFlag.ENFORCE_VALUE_LOSS_MASK), "000011110",
                "000001110");
        assertMask(WITHOUT_VALUE, ObjectiveFlags.of(noValue).withActionLossMultiplier(2), "000021110", "000001110");
    }

    @Test
    void rejectsFlagsThatContradict() {
        ObjectiveFlag noValue = ObjectiveFlag.MASK_VALUE_PREDICTION_LOSS_FOR_POLICY_PREDICTION;
        assertThatThrownBy(() -> assertMask(ALL, ObjectiveFlags.of(noValue))).hasMessageContaining("a value sample");
        assertThatThrownBy(() -> ObjectiveFlags.of(noValue,
                ObjectiveFlag.MASK_LOSS_FOR_ACTION_FUTURE_STATE_PREDICTION)).hasMessageContaining("exclude each other");
        assertThatThrownBy(() -> ObjectiveFlags.NONE.withActionLossMultiplier(0)).hasMessageContaining("at least 1");
    }

    @Test
    void readsTheReferencesKeys() {
        ObjectiveFlags flags = ObjectiveFlags.of(JsonFields.parse("flags", """
                {"action_loss_multiplier": 3, "mask_current_state_action_for_value_prediction": true,
                 "mask_future_state_for_qvalue_prediction": false}"""));

        assertThat(flags.flags()).containsExactly(ObjectiveFlag.MASK_CURRENT_STATE_ACTION_FOR_VALUE_PREDICTION);
        assertThat(flags.actionLossMultiplier()).isEqualTo(3);
        assertThat(ObjectiveFlags.of(JsonFields.parse("flags", "{}"))).isEqualTo(ObjectiveFlags.NONE);
        assertThatThrownBy(() -> ObjectiveFlags.of(JsonFields.parse("flags", "{\"mask_everything\": false}")))
                .hasMessageContaining("no option of the objective is called mask_everything; use");
    }
}
