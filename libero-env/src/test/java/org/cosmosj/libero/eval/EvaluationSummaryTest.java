package org.cosmosj.libero.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.cosmosj.libero.eval.EpisodeRecord.Outcome;
import org.junit.jupiter.api.Test;

class EvaluationSummaryTest {

    private static EvaluationPlan plan(String suite) {
        return new EvaluationPlan(suite, List.of("a", "b_b"), 2, List.of(195L, 196L),
                EvaluationProtocol.cosmosPolicy(220), "random", 2, 60, 0);
    }

    @Test
    void countsTheLastAttemptOfEveryEpisode() {
        List<EpisodeRecord> records = new ArrayList<>(List.of(
                EpisodeLogTest.record("a", 0, 195, Outcome.FAILED_TO_RUN, 0),
                EpisodeLogTest.record("a", 0, 195, Outcome.SUCCESS, 100),
                EpisodeLogTest.record("a", 1, 195, Outcome.FAILURE, 220),
                EpisodeLogTest.record("a", 0, 196, Outcome.SUCCESS, 50),
                EpisodeLogTest.record("b_b", 1, 196, Outcome.FAILED_TO_RUN, 0),
                EpisodeLogTest.record("b_b", 0, 199, Outcome.SUCCESS, 1))); // not in the plan
        EvaluationSummary summary = new EvaluationSummary(plan("libero_spatial"), records);

        assertThat(summary.total().toString()).isEqualTo("2/3 66.7 % [20.8, 93.9]");
        assertThat(summary.failedToRun()).isOne();
        assertThat(summary.toString().lines()).containsExactly(
                "libero_spatial  success, % [95 % interval]    mean steps  failed to run",
                "a    2/3 66.7 % [20.8, 93.9]       75.0        0",
                "b_b  0/0                           -           1",
                "seed 195  1/2 50.0 % [9.5, 90.5]        100.0       0",
                "seed 196  1/1 100.0 % [20.7, 100.0]     50.0        1",
                "all  2/3 66.7 % [20.8, 93.9]       75.0        1",
                "Cosmos Policy in the paper: 98.1 % of 1500 episodes (10 tasks, 50 episodes, 3 seeds; MuJoCo 3.3.2),"
                        + " above the interval.");
    }

    @Test
    void saysWhereThePaperHasNoNumber() {
        assertThat(new EvaluationSummary(plan("libero_90"), List.of()).toString())
                .endsWith("The paper has no number for libero_90.");
    }
}
