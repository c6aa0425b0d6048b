package org.cosmosj.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cosmosj.policy.ObjectiveFlag.MASK_CURRENT_STATE_ACTION_FOR_VALUE_PREDICTION;
import static org.cosmosj.policy.ObjectiveFlag.MASK_FUTURE_STATE_FOR_QVALUE_PREDICTION;

import java.util.List;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ConditioningMaskTest {
    private static final List<SampleKind> ALL = List.of(SampleKind.values());

    private static String row(ConditioningMask mask, int sample, LatentLayout layout) {
        StringBuilder row = new StringBuilder();
        for (int t = 0; t < layout.size(); t++) {
            row.append(mask.isGiven(sample, t) ? '1' : '0');
        }
        return row.toString();
    }

    private static void assertTraining(LatentLayout layout, ObjectiveFlags flags, String... rows) {
        ConditioningMask mask = ConditioningMask.training(layout, ALL, flags);
        for (int b = 0; b < rows.length; b++) {
            assertThat(row(mask, b, layout)).as("%s %s", layout.name(), ALL.get(b)).isEqualTo(rows[b]);
        }
    }

    /** Expected: spec 04 section 4; rows are demonstration, world model, value. */
    @Test
    void trainingMasksFollowTheSampleKind() {
        assertTraining(LatentLayout.LIBERO, ObjectiveFlags.NONE, "111100000", "111110000", "111111110");
        for (LatentLayout layout : List.of(LatentLayout.ROBOCASA, LatentLayout.ALOHA)) {
            assertTraining(layout, ObjectiveFlags.NONE, "11111000000", "11111100000", "11111111110");
        }
    }

    @Test
    void inputMasksChangeValueSamplesOnly() {
        ObjectiveFlags future = ObjectiveFlags.of(MASK_CURRENT_STATE_ACTION_FOR_VALUE_PREDICTION);
        ObjectiveFlags q = ObjectiveFlags.of(MASK_FUTURE_STATE_FOR_QVALUE_PREDICTION);

        assertTraining(LatentLayout.LIBERO, future, "111100000", "111110000", "100001110");
        assertTraining(LatentLayout.LIBERO, q, "111100000", "111110000", "111110000");
        assertTraining(LatentLayout.ALOHA, future, "11111000000", "11111100000", "10000011110");
        assertTraining(LatentLayout.ROBOCASA, q, "11111000000", "11111100000", "11111100000");
    }

    @Test
    void queriesAreGivenWhatTheirKindSays() {
        String[] rows = {"111100000", "111110000", "111111110", "100001110", "111110000"};
        for (QueryKind query : QueryKind.values()) {
            ConditioningMask mask = ConditioningMask.query(LatentLayout.LIBERO, query, 2);
            assertThat(mask.samples()).isEqualTo(2);
            assertThat(row(mask, 1, LatentLayout.LIBERO)).as("%s", query).isEqualTo(rows[query.ordinal()]);
        }
    }

    @Test
    void tensorRepeatsTheMaskOverTheFrame() {
        try (Scope _ = Scope.open(Device.cpu(), "test")) {
            Tensor mask = ConditioningMask.training(LatentLayout.LIBERO, ALL, ObjectiveFlags.NONE).tensor(2, 3);

            assertThat(mask.shape()).isEqualTo(Shape.of(3, 1, 9, 2, 3));
            assertThat(mask.select(0, 1).select(1, 4).toFloatArray()).containsOnly(1);
            assertThat(mask.select(0, 1).select(1, 5).toFloatArray()).containsOnly(0);
        }
    }
}
