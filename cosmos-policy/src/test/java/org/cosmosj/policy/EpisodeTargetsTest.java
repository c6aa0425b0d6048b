package org.cosmosj.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.cosmosj.policy.EpochStructure.Entry;
import org.cosmosj.policy.EpochStructure.Section;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a training sample is made of: returns, chunks, and its place in the epoch. */
class EpisodeTargetsTest {
    @Test
    void returnsDiscountFromTheEnd() {
        float[] success = Returns.normalized(12, 1, 0.99);

        assertThat(success[11]).isEqualTo(1);
        assertThat(success[0]).isCloseTo((float) (2 * Math.pow(0.99, 11) - 1), within(1e-6f));
        assertThat(Returns.normalized(12, 0, 0.99)).containsOnly(-1);
        assertThat(Returns.discounted(3, 0.5, 0.5)).containsExactly(0.125f, 0.25f, 0.5f);
    }

    /** The reference divides by the reward, so a partial score trains like a full success. */
    @Test
    void partialScoreCancels() {
        assertThat(Returns.normalized(20, 0.5, 0.998)).isEqualTo(Returns.normalized(20, 1, 0.998));
    }

    @Test
    void chunksRepeatTheLastAction() {
        double[][] episode = {{0, 0}, {1, 10}, {2, 20}, {3, 30}};

        double[][] chunk = ActionChunks.at(episode, 2, 4);

        assertThat(chunk).isDeepEqualTo(new double[][] {{2, 20}, {3, 30}, {3, 30}, {3, 30}});
        chunk[0][0] = 99;
        assertThat(episode[2][0]).isEqualTo(2);
        assertThat(ActionChunks.at(episode, 0, 2)).isDeepEqualTo(new double[][] {{0, 0}, {1, 10}});
    }

    @Test
    void futureSaturatesAtTheEnd() {
        assertThat(ActionChunks.future(30, 5, 16)).isEqualTo(21);
        assertThat(ActionChunks.future(30, 13, 16)).isEqualTo(29);
        assertThat(ActionChunks.future(30, 29, 16)).isEqualTo(29);
        assertThatThrownBy(() -> ActionChunks.future(30, 30, 16)).hasMessageContaining("from step 30");
    }

    /** Expected: calculate_epoch_structure of the reference. */
    @ParameterizedTest
    @CsvSource({"1000, 400, 100, 0.5, 0.5, 1000, 500, 500", "1000, 4000, 1000, 0.5, 0.5, 8000, 4000, 4000",
        "1000, 0, 300, 0.1, 0.5, 1000, 0, 9000", "500, 300, 0, 0.5, 0.5, 500, 500, 0",
        "700, 0, 0, 0.5, 0.5, 700, 0, 0", "0, 50, 70, 0.5, 0.5, 0, 70, 70",
        "1000, 400, 100, 0.1, 0.5, 1000, 4500, 4500", "1000, 400, 100, 1.0, 0.5, 1000, 0, 0"})
    void epochsHaveTheReferencesStructure(
            int demos, int successes, int failures, double p, double q, int d, int s, int f) {
        assertThat(EpochStructure.of(demos, successes, failures, p, q)).isEqualTo(new EpochStructure(d, s, f));
    }

    @Test
    void epochListsItsSectionsInOrder() {
        EpochStructure epoch = new EpochStructure(3, 2, 1);

        assertThat(epoch.length()).isEqualTo(6);
        assertThat(epoch.entry(2)).isEqualTo(new Entry(Section.DEMO, 2));
        assertThat(epoch.entry(3)).isEqualTo(new Entry(Section.SUCCESS, 0));
        assertThat(epoch.entry(5)).isEqualTo(new Entry(Section.FAILURE, 0));
        assertThatThrownBy(() -> epoch.entry(6)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> EpochStructure.of(1, 1, 1, 1.5, 0)).hasMessageContaining("[0, 1]");
    }

    @Test
    void sampleKindsComeFromTheBatchMasks() {
        assertThat(SampleKind.of(0, 0, 0)).isEqualTo(SampleKind.DEMO);
        assertThat(SampleKind.of(1, 1, 0)).isEqualTo(SampleKind.WORLD_MODEL);
        assertThat(SampleKind.of(1, 0, 1)).isEqualTo(SampleKind.VALUE);
        assertThat(SampleKind.ofRollout(0.49, 0.5)).isEqualTo(SampleKind.WORLD_MODEL);
        assertThat(SampleKind.ofRollout(0.5, 0.5)).isEqualTo(SampleKind.VALUE);
        assertThatThrownBy(() -> SampleKind.of(1, 0, 0)).hasMessageContaining("name no kind");
    }
}
