package org.cosmosj.libero;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EpisodeProtocolTest {

    private static final EpisodeId EPISODE = new EpisodeId("fake", "count", 0, 0);

    /** Succeeds at chosen steps (counted with the settle steps) and records its actions. */
    private static final class Counting implements RobotEnvironment {
        private final List<double[]> actions = new ArrayList<>();
        private final List<Integer> successes;

        Counting(Integer... successes) {
            this.successes = List.of(successes);
        }

        @Override
        public EnvironmentSpec spec() {
            return new EnvironmentSpec("fake", "count", 1, 1, 7, 9, 30, 0.05, 0.5, 20);
        }

        @Override
        public String instruction() {
            return "count";
        }

        @Override
        public Observation reset(EpisodeId episode) {
            actions.clear();
            return observation();
        }

        @Override
        public StepResult step(double[] action) {
            actions.add(action);
            boolean done = successes.contains(actions.size());
            return new StepResult(observation(), done ? 1 : 0, done);
        }

        private static Observation observation() {
            return new Observation() {
                @Override
                public byte[] agentviewImage() {
                    throw new AssertionError("nobody asked for a picture");
                }

                @Override
                public byte[] wristImage() {
                    throw new AssertionError("nobody asked for a picture");
                }

                @Override
                public Map<String, double[]> arrays() {
                    return Map.of();
                }
            };
        }
    }

    @Test
    void settlesForTenStepsWithTheGripperOpening() {
        Counting environment = new Counting();
        EpisodeProtocol.Outcome outcome =
                EpisodeProtocol.libero(environment.spec()).run(environment, EPISODE, observation -> new double[7]);

        assertThat(environment.actions).hasSize(40);
        assertThat(environment.actions.subList(0, 10)).allSatisfy(
                action -> assertThat(action).containsExactly(0, 0, 0, 0, 0, 0, -1));
        assertThat(environment.actions.get(10)).containsExactly(0, 0, 0, 0, 0, 0, 0);
        assertThat(outcome).isEqualTo(new EpisodeProtocol.Outcome(EPISODE, false, 30));
    }

    @Test
    void endsAtTheFirstTrueGoal() {
        Counting environment = new Counting(15, 20);
        EpisodeProtocol.Outcome outcome =
                EpisodeProtocol.libero(environment.spec()).run(environment, EPISODE, observation -> new double[7]);

        assertThat(environment.actions).hasSize(15);
        assertThat(outcome).isEqualTo(new EpisodeProtocol.Outcome(EPISODE, true, 5));
    }

    @Test
    void aGoalOnTheLastStepCountsAndOneAfterItDoesNot() {
        EpisodeProtocol protocol = EpisodeProtocol.libero(new Counting().spec());
        assertThat(protocol.run(new Counting(40), EPISODE, observation -> new double[7]).success()).isTrue();
        assertThat(protocol.run(new Counting(41), EPISODE, observation -> new double[7]).success()).isFalse();
    }

    @Test
    void tellsTheListenerOnlyAboutTheAgentsSteps() {
        List<StepResult> seen = new ArrayList<>();
        Counting environment = new Counting(13);
        EpisodeProtocol.libero(environment.spec()).run(environment, EPISODE, observation -> new double[7],
                (before, action, after) -> seen.add(after));

        assertThat(seen).hasSize(3);
        assertThat(seen.getLast().done()).isTrue();
    }

    @Test
    void refusesImpossibleCounts() {
        assertThatThrownBy(() -> new EpisodeProtocol(-1, new double[7], 0))
                .hasMessage("episode protocol: -1 settle steps and 0 steps, expected >= 0 and >= 1");
    }
}
