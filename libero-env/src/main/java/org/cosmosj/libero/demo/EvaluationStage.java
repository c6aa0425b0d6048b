package org.cosmosj.libero.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.cosmosj.libero.Agent;
import org.cosmosj.libero.EpisodeProtocol;
import org.cosmosj.libero.RandomAgent;
import org.cosmosj.libero.data.Demonstration;
import org.cosmosj.libero.data.NearestDemonstrationReplay;
import org.cosmosj.libero.report.SuccessRate;

import org.cosmosj.libero.tabletop.ScriptedExpert;
import org.cosmosj.libero.tabletop.TabletopEnvironment;
import org.cosmosj.libero.tabletop.TabletopTask;

/** Judges policies and baselines on the same held-out starts. */
final class EvaluationStage {
    private final DemoSettings settings;
    private final Progress progress;

    EvaluationStage(DemoSettings settings, Progress progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * One row of the table.
     *
     * @param who was judged
     * @param task on what
     * @param success how often it succeeded
     * @param meanSteps mean length of successful episodes; NaN if none succeeded
     */
    record Row(String who, TabletopTask task, SuccessRate success, double meanSteps) {
        static Row of(String who, TabletopTask task, List<EpisodeProtocol.Outcome> outcomes) {
            int successes = (int) outcomes.stream().filter(EpisodeProtocol.Outcome::success).count();
            double mean = outcomes.stream().filter(EpisodeProtocol.Outcome::success)
                    .mapToInt(EpisodeProtocol.Outcome::steps).average().orElse(Double.NaN);
            return new Row(who, task, new SuccessRate(successes, outcomes.size()), mean);
        }
    }

    List<BatchedRollouts.Rollout> rollouts(String who, TabletopTask task, LatentPolicy policy, int executed,
            int candidates) {
        DemoSettings.Evaluation evaluation = settings.evaluation();
        progress.begin(who);
        BatchedRollouts batched = new BatchedRollouts(task, settings.tabletop(),
                new BatchedRollouts.Protocol(executed, candidates, evaluation.together(), settings.seed()));
        List<BatchedRollouts.Rollout> rollouts = batched.run(policy, evaluation.episodes(),
                DemoSettings.HELD_OUT_SERIES, done -> progress.show(done, evaluation.episodes(), ""));
        progress.end(row(who, task, rollouts).success() + " on " + task);
        return rollouts;
    }

    static Row row(String who, TabletopTask task, List<BatchedRollouts.Rollout> rollouts) {
        return Row.of(who, task, rollouts.stream().map(BatchedRollouts.Rollout::outcome).toList());
    }

    List<Row> baselines(TabletopTask task, List<Demonstration> demonstrations) {
        List<Row> rows = new ArrayList<>();
        rows.add(agent("scripted expert", task, ScriptedExpert::of));
        rows.add(agent("random actions", task, _ -> new RandomAgent(TabletopEnvironment.ACTION_SIZE, settings.seed())));
        rows.add(agent("nearest-demonstration replay", task, _ -> new NearestDemonstrationReplay(demonstrations)));
        return rows;
    }

    private Row agent(String who, TabletopTask task, Function<TabletopEnvironment, Agent> agents) {
        progress.begin(who);
        List<EpisodeProtocol.Outcome> outcomes =
                IntStream.range(0, settings.evaluation().episodes()).parallel().mapToObj(episode -> {
                    TabletopEnvironment environment = new TabletopEnvironment(task, settings.tabletop());
                    return EpisodeProtocol.libero(environment.spec()).run(environment,
                            environment.episode(episode, DemoSettings.HELD_OUT_SERIES), agents.apply(environment));
                }).toList();
        Row row = Row.of(who, task, outcomes);
        progress.end(row.success() + " on " + task);
        return row;
    }
}
