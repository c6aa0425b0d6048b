package org.cosmosj.libero.eval;

import java.util.ArrayList;
import java.util.List;
import org.cosmosj.libero.EpisodeId;

/**
 * What is to be evaluated, and how.
 *
 * @param suite          the suite's name
 * @param tasks          names of tasks
 * @param episodes       per task and seed, numbered from 0
 * @param seeds          of the policy's draws
 * @param protocol       how episodes are run
 * @param agent          who acts in the workers; empty if a policy is asked for chunks
 * @param workers        processes
 * @param timeoutSeconds longest silence of a worker that has something to do
 * @param films          of every task and seed, how many episodes are filmed, the first ones
 */
public record EvaluationPlan(String suite, List<String> tasks, int episodes, List<Long> seeds,
        EvaluationProtocol protocol, String agent, int workers, double timeoutSeconds, int films) {

    /** Validates the counts. */
    public EvaluationPlan {
        tasks = List.copyOf(tasks);
        seeds = List.copyOf(seeds);
        if (tasks.isEmpty() || seeds.isEmpty() || episodes < 1 || workers < 1 || films < 0
                || !(timeoutSeconds > 0)) {
            throw new IllegalArgumentException("evaluation: " + tasks.size() + " tasks, " + episodes + " episodes, "
                    + seeds.size() + " seeds, " + workers + " workers, " + films + " films, a timeout of "
                    + timeoutSeconds + " s; expected at least 1 of each, films at least 0");
        }
        if (tasks.stream().distinct().count() < tasks.size() || seeds.stream().distinct().count() < seeds.size()) {
            throw new IllegalArgumentException("evaluation: tasks " + tasks + " and seeds " + seeds
                    + ", expected each once");
        }
    }

    /** All episodes, those of a task together. */
    List<EpisodeId> all() {
        List<EpisodeId> all = new ArrayList<>();
        for (String task : tasks) {
            for (long seed : seeds) {
                for (int episode = 0; episode < episodes; episode++) {
                    all.add(new EpisodeId(suite, task, episode, seed));
                }
            }
        }
        return all;
    }
}
