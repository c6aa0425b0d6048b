package org.cosmosj.libero.data;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.cosmosj.libero.Agent;
import org.cosmosj.libero.EpisodeId;
import org.cosmosj.libero.Observation;
import org.cosmosj.libero.StepResult;
import org.cosmosj.libero.tabletop.ScriptedExpert;
import org.cosmosj.libero.tabletop.TabletopEnvironment;
import org.cosmosj.libero.tabletop.TabletopSettings;
import org.cosmosj.libero.tabletop.TabletopSettings.GripperStart;
import org.cosmosj.libero.tabletop.TabletopTask;

/**
 * Lets an agent act in many tabletop episodes on several threads. Episode {@code i} depends on the plan and {@code i}
 * only, so the result has the same bytes for any number of threads.
 */
public final class DemonstrationCollector {

    private final TabletopTask task;
    private final TabletopSettings settings;
    private final Function<TabletopEnvironment, Agent> agents;

    /**
     * Which episodes.
     *
     * @param episodes  how many
     * @param seed      seed of the series
     * @param wideShare share of the episodes that start from {@link GripperStart#WIDE}, evenly interleaved; the others
     *                  start from {@link GripperStart#NARROW}
     * @param idleSteps steps that are recorded after the goal has become true, so that a policy learns to stop
     */
    public record Plan(int episodes, long seed, double wideShare, int idleSteps) {

        /** Share of wide starts with which the learning recipe was measured. */
        public static final double WIDE_SHARE = 0.6;
        /** Idle steps with which the learning recipe was measured. */
        public static final int IDLE_STEPS = 3;

        /** Validates the counts. */
        public Plan {
            if (episodes < 0 || idleSteps < 0 || !(wideShare >= 0 && wideShare <= 1)) {
                throw new IllegalArgumentException("collection plan: " + episodes + " episodes, wide share "
                        + wideShare + ", " + idleSteps + " idle steps; expected counts >= 0 and a share in [0, 1]");
            }
        }

        /**
         * The measured recipe.
         *
         * @param episodes how many
         * @param seed     seed of the series
         * @return 60 % wide starts, 3 idle steps
         */
        public static Plan recipe(int episodes, long seed) {
            return new Plan(episodes, seed, WIDE_SHARE, IDLE_STEPS);
        }

        GripperStart start(int episode) {
            boolean wide = Math.floor((episode + 1) * wideShare) > Math.floor(episode * wideShare);
            return wide ? GripperStart.WIDE : GripperStart.NARROW;
        }
    }

    /**
     * Creates a collector of any agent's episodes.
     *
     * @param task     what is to be done
     * @param settings sizes and scales; the plan overrides the gripper start
     * @param agents   makes the agent of an environment; called once per thread
     */
    public DemonstrationCollector(TabletopTask task, TabletopSettings settings,
            Function<TabletopEnvironment, Agent> agents) {
        this.task = task;
        this.settings = settings;
        this.agents = agents;
    }

    /**
     * Creates a collector of the scripted expert's demonstrations.
     *
     * @param task     what is to be done
     * @param settings sizes and scales; the plan overrides the gripper start
     * @return the collector
     */
    public static DemonstrationCollector ofExpert(TabletopTask task, TabletopSettings settings) {
        return new DemonstrationCollector(task, settings, ScriptedExpert::of);
    }

    /**
     * Collects.
     *
     * @param plan     which episodes
     * @param threads  how many to use, at least 1
     * @param progress told the number of finished episodes after each one, from any of the threads
     * @return one recording per episode in their order, failed ones included
     * @throws CancellationException if the calling thread is interrupted
     */
    public List<Demonstration> collect(Plan plan, int threads, IntConsumer progress) {
        if (threads < 1) {
            throw new IllegalArgumentException("collect: " + threads + " threads, expected at least 1");
        }
        Demonstration[] results = new Demonstration[plan.episodes];
        AtomicInteger next = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        Runnable worker = () -> {
            TabletopEnvironment environment = new TabletopEnvironment(task, settings);
            Agent agent = agents.apply(environment);
            for (int i = next.getAndIncrement(); i < results.length; i = next.getAndIncrement()) {
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
                results[i] = record(environment, agent, plan, i);
                progress.accept(done.incrementAndGet());
            }
        };
        runAll(worker, Math.min(threads, Math.max(1, plan.episodes)));
        return List.of(results);
    }

    /** Runs one episode: until {@code idleSteps} after success, or to the end. */
    private static Demonstration record(TabletopEnvironment environment, Agent agent, Plan plan, int index) {
        EpisodeId episode = environment.episode(index, plan.seed);
        Observation observation = environment.reset(episode, plan.start(index));
        agent.begin(episode, environment.instruction());
        DemonstrationRecorder recorder =
                new DemonstrationRecorder(episode, environment.instruction(), environment.spec());
        int left = environment.spec().maxSteps();
        boolean success = false;
        while (left-- > 0) {
            double[] action = agent.act(observation);
            recorder.add(observation, action);
            StepResult result = environment.step(action);
            observation = result.observation();
            if (result.done() && !success) {
                success = true;
                left = Math.min(left, plan.idleSteps);
            }
        }
        return recorder.finish(success);
    }

    private static void runAll(Runnable worker, int threads) {
        ExecutorService pool = Executors.newFixedThreadPool(threads,
                Thread.ofPlatform().daemon().name("collector-", 0).factory());
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(pool.submit(worker));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            CancellationException cancelled = new CancellationException("collect: interrupted");
            cancelled.initCause(e);
            throw cancelled;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("collect: a worker failed", e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }
}
