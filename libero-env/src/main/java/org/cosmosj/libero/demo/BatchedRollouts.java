package org.cosmosj.libero.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.cosmosj.libero.EpisodeId;
import org.cosmosj.libero.EpisodeProtocol;
import org.cosmosj.libero.Observation;
import org.cosmosj.libero.StepResult;
import org.cosmosj.libero.tabletop.TabletopEnvironment;
import org.cosmosj.libero.tabletop.TabletopSettings;
import org.cosmosj.libero.tabletop.TabletopTask;
import org.cosmosj.tensor.Rng;

/**
 * Lets a policy act in many episodes at once: all environments advance together, so that one batched query serves them
 * all. An episode's outcome depends on its own name and the seed alone, not on its neighbours.
 */
public final class BatchedRollouts {
    private final TabletopTask task;
    private final TabletopSettings settings;
    private final Protocol protocol;

    /**
     * How a policy is asked.
     *
     * @param executed actions of each chunk that are carried out before the next query
     * @param candidates answers per query; the one of highest value is carried out
     * @param together environments that advance together
     * @param seed of the sampling noise
     */
    public record Protocol(int executed, int candidates, int together, long seed) {
        /** Checks counts. */
        public Protocol {
            if (executed < 1 || candidates < 1 || together < 1) {
                throw new IllegalArgumentException("protocol: executed " + executed + ", candidates " + candidates
                        + ", together " + together + " must be at least 1");
            }
        }
    }

    /**
     * One query of an episode.
     *
     * @param step policy step at which it was asked
     * @param before what was sensed
     * @param answer what was carried out
     * @param after what was sensed when the next query was due, or at the end; null if the episode ended before all
     *        actions of the chunk were carried out
     */
    public record Query(int step, Observation before, LatentPolicy.Answer answer, Observation after) {}

    /**
     * How an episode went.
     *
     * @param outcome success and length
     * @param queries in order
     */
    public record Rollout(EpisodeProtocol.Outcome outcome, List<Query> queries) {}

    /**
     * Plans rollouts.
     *
     * @param task the task
     * @param settings its settings; the gripper start should be the narrow one
     * @param protocol how the policy is asked
     */
    public BatchedRollouts(TabletopTask task, TabletopSettings settings, Protocol protocol) {
        this.task = task;
        this.settings = settings;
        this.protocol = protocol;
    }

    /**
     * Runs episodes 0 to {@code episodes} - 1 of a series.
     *
     * @param policy who acts
     * @param episodes how many
     * @param seed of the series of starts
     * @param progress told how many episodes have ended
     * @return one rollout per episode, in order
     */
    public List<Rollout> run(LatentPolicy policy, int episodes, long seed, IntConsumer progress) {
        List<Rollout> rollouts = new ArrayList<>();
        for (int first = 0; first < episodes; first += protocol.together()) {
            int last = Math.min(episodes, first + protocol.together());
            List<Running> group = IntStream.range(first, last).parallel().mapToObj(i -> new Running(i, seed)).toList();
            while (group.stream().anyMatch(running -> !running.ended)) {
                advance(policy, group.stream().filter(running -> !running.ended).toList());
            }
            group.forEach(running -> rollouts.add(running.rollout()));
            progress.accept(rollouts.size());
        }
        return rollouts;
    }

    private void advance(LatentPolicy policy, List<Running> group) {
        List<LatentPolicy.Question> questions = group.stream().map(Running::question).toList();
        List<List<LatentPolicy.Answer>> answers = policy.answer(questions, protocol.candidates());
        IntStream.range(0, group.size()).parallel().forEach(i -> group.get(i).act(best(answers.get(i))));
    }

    /** The highest value; the first of equals. */
    private static LatentPolicy.Answer best(List<LatentPolicy.Answer> candidates) {
        LatentPolicy.Answer best = candidates.getFirst();
        for (LatentPolicy.Answer candidate : candidates) {
            best = candidate.value() > best.value() ? candidate : best;
        }
        return best;
    }

    private final class Running {
        private final TabletopEnvironment environment = new TabletopEnvironment(task, settings);
        private final EpisodeId id;
        private final List<Query> queries = new ArrayList<>();
        private Observation observation;
        private int steps;
        private boolean success;
        private boolean ended;

        Running(int episode, long seed) {
            this.id = environment.episode(episode, seed);
            EpisodeProtocol settling = EpisodeProtocol.libero(environment.spec());
            observation = environment.reset(id);
            for (int i = 0; i < settling.settleSteps() && !success; i++) {
                StepResult result = environment.step(settling.settleAction());
                observation = result.observation();
                success = result.done();
            }
            ended = success;
            draw();
        }

        /** Pictures are drawn on the thread that made them, not one after another by the policy. */
        private void draw() {
            observation.agentviewImage();
            observation.wristImage();
        }

        LatentPolicy.Question question() {
            Rng noise = Rng.seeded(protocol.seed()).stream(id.episode(), id.seed(), queries.size());
            return new LatentPolicy.Question(observation, environment.instruction(), noise);
        }

        void act(LatentPolicy.Answer answer) {
            Observation before = observation;
            int start = steps;
            int executed = 0;
            while (executed < protocol.executed() && !ended) {
                StepResult result = environment.step(answer.actions()[executed++]);
                observation = result.observation();
                steps++;
                success = result.done();
                ended = success || steps >= environment.spec().maxSteps();
            }
            draw();
            boolean whole = executed == answer.actions().length;
            queries.add(new Query(start, before, answer, whole ? observation : null));
        }

        Rollout rollout() {
            return new Rollout(new EpisodeProtocol.Outcome(id, success, steps), List.copyOf(queries));
        }
    }
}
