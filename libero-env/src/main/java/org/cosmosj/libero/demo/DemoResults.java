package org.cosmosj.libero.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.cosmosj.libero.report.RankCorrelation;
import org.cosmosj.libero.tabletop.TabletopTask;

/** What a demo has found so far; a report can be written at any time. */
final class DemoResults {
    int demonstrationSteps;
    TokenizerStage.Result tokenizer;
    PolicyStage.Result sighted;
    PolicyStage.Result blind;
    final List<EvaluationStage.Row> rows = new ArrayList<>();
    final List<TaskRollouts> rollouts = new ArrayList<>();

    /**
     * The sighted policy's rollouts of one task.
     *
     * @param task on what
     * @param wholeChunk all actions of a chunk carried out
     * @param halfChunk half of them
     */
    record TaskRollouts(TabletopTask task, List<BatchedRollouts.Rollout> wholeChunk,
            List<BatchedRollouts.Rollout> halfChunk) {
        /** Spearman correlation with success of the value at one query; episodes that ended before it are left out. */
        String valueCorrelation(int query) {
            List<BatchedRollouts.Rollout> reached =
                    wholeChunk.stream().filter(rollout -> rollout.queries().size() > query).toList();
            double[] values = reached.stream().mapToDouble(r -> r.queries().get(query).answer().value()).toArray();
            double[] outcomes = reached.stream().mapToDouble(r -> r.outcome().success() ? 1 : 0).toArray();
            double rho = RankCorrelation.spearman(values, outcomes);
            return Double.isNaN(rho)
                    ? "undefined: all " + values.length + " ended alike"
                    : String.format(Locale.ROOT, "%.2f over %d episodes", rho, values.length);
        }
    }
}
