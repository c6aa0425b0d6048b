package org.cosmosj.libero.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.cosmosj.libero.EpisodeId;
import org.cosmosj.libero.LiberoSuite;
import org.junit.jupiter.api.Test;

class EvaluationProtocolTest {

    private static final EvaluationProtocol PROTOCOL = EvaluationProtocol.cosmosPolicy(FakeEnvironment.MAX_STEPS);

    private static EpisodeId episode(int number) {
        return new EpisodeId("fake", "plain", number, 195);
    }

    private static double[][] chunk(int length, double first) {
        double[][] chunk = new double[length][7];
        for (double[] action : chunk) {
            action[0] = first;
        }
        return chunk;
    }

    @Test
    void keepsStillForTenStepsAndLooksAtNoGoalMeanwhile() {
        FakeEnvironment environment = new FakeEnvironment("plain"); // whose goal holds after the tenth
        ProtocolEpisode episode = PROTOCOL.begin(environment, episode(0));

        assertThat(environment.actions).hasSize(10)
                .allSatisfy(action -> assertThat(action).containsExactly(0, 0, 0, 0, 0, 0, -1));
        assertThat(episode.ended()).isFalse();
        assertThat(episode.steps()).isZero();
    }

    @Test
    void carriesOutSixteenActionsUntilSuccess() {
        FakeEnvironment environment = new FakeEnvironment("plain");
        ProtocolEpisode episode = PROTOCOL.begin(environment, episode(13));
        List<Integer> told = new ArrayList<>();

        episode.act(chunk(50, 1), (steps, _) -> told.add(steps));
        assertThat(episode.steps()).isEqualTo(16);
        assertThat(episode.ended()).isFalse();
        episode.act(chunk(50, 1), (steps, _) -> told.add(steps));

        assertThat(episode.success()).isTrue();
        assertThat(episode.steps()).isEqualTo(20);
        assertThat(told).hasSize(20).endsWith(20);
        assertThat(environment.actions).hasSize(30);
    }

    @Test
    void failsAfterTheLastActionWhichMayLieInsideAChunk() {
        FakeEnvironment environment = new FakeEnvironment("plain");
        ProtocolEpisode episode = PROTOCOL.begin(environment, episode(0));
        for (int i = 0; i < 3; i++) {
            assertThat(episode.ended()).isFalse();
            episode.act(chunk(16, -1), (_, _) -> {});
        }
        assertThat(episode.ended()).isTrue();
        assertThat(episode.success()).isFalse();
        assertThat(episode.steps()).isEqualTo(FakeEnvironment.MAX_STEPS);
    }

    @Test
    void drawsNoPictureByItself() {
        FakeEnvironment environment = new FakeEnvironment("plain");
        PROTOCOL.begin(environment, episode(0)).act(chunk(16, -1), (_, _) -> {});
        assertThat(environment.pictures).isZero();
    }

    @Test
    void refusesAnAnswerWithoutActions() {
        ProtocolEpisode episode = PROTOCOL.begin(new FakeEnvironment("plain"), episode(0));
        assertThatThrownBy(() -> episode.act(new double[0][], (_, _) -> {}))
                .hasMessageContaining("no actions");
    }

    @Test
    void hasTheReferencesNumbers() {
        assertThat(EvaluationProtocol.cosmosPolicy(LiberoSuite.LONG.maxSteps()))
                .isEqualTo(new EvaluationProtocol(10, 520, 16));
        assertThat(EvaluationProtocol.EPISODES).isEqualTo(50);
        assertThat(EvaluationProtocol.JPEG_QUALITY).isEqualTo(95);
    }
}
