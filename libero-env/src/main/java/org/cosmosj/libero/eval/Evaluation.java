package org.cosmosj.libero.eval;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.cosmosj.libero.EpisodeId;
import org.cosmosj.tensor.AtomicFile;

/**
 * Runs the episodes of a plan in worker processes and asks one policy for all of them. A worker that dies, hangs or
 * reports an error costs its episode an attempt and is replaced; the evaluation goes on.
 */
public final class Evaluation {

    /** So many attempts that failed to run one after another mean that nothing works. */
    private static final int HOPELESS = 10;

    private final EvaluationPlan plan;
    private final Optional<ChunkPolicy> policy;
    private final List<String> command;
    private final Map<String, String> versions;
    private final EvaluationFolder folder;
    private final EpisodeLog log;
    private final Consumer<Status> listener;
    private final EpisodeQueue queue;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final List<Slot> slots = new ArrayList<>();
    private int failuresInARow;
    private long steps;

    private record Event(Slot slot, int generation, WorkerProcess.Arrival arrival) {
    }

    /**
     * How far an evaluation is.
     *
     * @param record the attempt that has just ended
     * @param left   attempts that are waiting or under way
     * @param steps  actions carried out since the start of this process
     */
    public record Status(EpisodeRecord record, int left, long steps) {
    }

    /**
     * Plans an evaluation.
     *
     * @param plan     what to run
     * @param policy   who is asked for chunks; empty where the plan's agent acts
     * @param command  starts a worker
     * @param versions for the records, by name; the workers' engine is added
     * @param folder   for films and the workers' logs
     * @param log      records that are there are not run again
     * @param listener told of every attempt that ended
     */
    public Evaluation(EvaluationPlan plan, Optional<ChunkPolicy> policy, List<String> command,
            Map<String, String> versions, EvaluationFolder folder, EpisodeLog log, Consumer<Status> listener) {
        if (policy.isPresent() != plan.agent().isEmpty()) {
            throw new IllegalArgumentException("evaluation: agent \"" + plan.agent() + "\" and "
                    + (policy.isPresent() ? "a" : "no") + " policy; expected one of them");
        }
        this.plan = plan;
        this.policy = policy;
        this.command = List.copyOf(command);
        this.versions = Map.copyOf(versions);
        this.folder = folder;
        this.log = log;
        this.listener = listener;
        this.queue = new EpisodeQueue(plan.all(), log.records());
    }

    /** One worker's place; its process is replaced when it fails. */
    private final class Slot {
        private final Path output;
        private int generation;
        private WorkerProcess process;
        private boolean ready;
        private String engine = "";
        private String opened = "";
        private EpisodeQueue.Job job;
        private Film film;
        private Message.Look look;
        private Instant started;
        private long deadline;
        private int queries;

        private Slot(int number) {
            output = folder.workers().resolve("worker-" + number + ".log");
            start();
        }

        private void start() {
            generation++;
            ready = false;
            opened = "";
            int mine = generation;
            process = WorkerProcess.start(command, output, arrival -> events.add(new Event(this, mine, arrival)));
            extend();
        }

        private void extend() {
            deadline = System.nanoTime() + (long) (plan.timeoutSeconds() * 1e9);
        }

        /** Waiting for the policy, or without work, a worker may be silent. */
        private boolean mustSpeak() {
            return !ready || job != null && look == null;
        }
    }

    /**
     * Attempts that are still to be made.
     *
     * @return 0 if all episodes are recorded
     */
    public int left() {
        return queue.size() + (int) slots.stream().filter(slot -> slot.job != null).count();
    }

    /**
     * Runs what is left.
     *
     * @throws IllegalStateException          if no episode can run: wrong files, no pictures, workers that do not start
     * @throws java.io.UncheckedIOException   if a record cannot be written
     * @throws InterruptedException           if this thread is interrupted
     */
    public void run() throws InterruptedException {
        try {
            int wanted = Math.min(plan.workers(), queue.size());
            for (int i = 0; i < wanted; i++) {
                slots.add(new Slot(i));
            }
            while (left() > 0) {
                askIfWorthwhile();
                Event event = events.poll(untilDeadline(), TimeUnit.NANOSECONDS);
                if (event != null && event.generation() == event.slot().generation) {
                    handle(event.slot(), event.arrival());
                }
                endSilentWorkers();
            }
        } finally {
            slots.forEach(slot -> {
                slot.generation++;
                slot.process.close();
            });
        }
    }

    private long untilDeadline() {
        long now = System.nanoTime();
        return slots.stream().filter(Slot::mustSpeak).mapToLong(slot -> slot.deadline - now).min()
                .orElse(TimeUnit.SECONDS.toNanos(1));
    }

    private void handle(Slot slot, WorkerProcess.Arrival arrival) {
        switch (arrival) {
            case WorkerProcess.Arrival.Gone gone -> {
                failed(slot, gone.reason());
                replace(slot);
            }
            case WorkerProcess.Arrival.Told told -> {
                slot.extend();
                handle(slot, told.message());
            }
        }
    }

    private void handle(Slot slot, Message message) {
        switch (message) {
            case Message.Ready ready -> {
                slot.ready = true;
                slot.engine = ready.engine();
                assign(slot);
            }
            case Message.Look look -> slot.look = look;
            case Message.Frame frame -> slot.film.add(frame.agentview());
            case Message.Ended ended -> ended(slot, ended);
            case Message.Failed failed -> {
                failed(slot, failed.text());
                if (failed.scope() == Message.Failed.Scope.EVERYTHING) {
                    throw new IllegalStateException(failed.text());
                }
                assign(slot);
            }
            case Message.Progress _ -> {}
            case Message.Begin _,Message.Act _ -> throw new IllegalStateException("evaluation: a worker sent a"
                    + " request; its log is " + slot.output);
        }
    }

    private void assign(Slot slot) {
        Set<String> elsewhere = new HashSet<>();
        slots.stream().filter(other -> other != slot).forEach(other -> elsewhere.add(other.opened));
        Optional<EpisodeQueue.Job> next = queue.next(slot.opened, elsewhere);
        slot.job = next.orElse(null);
        slot.look = null;
        if (next.isPresent()) {
            EpisodeId episode = slot.job.episode();
            boolean filmed = episode.episode() < plan.films();
            slot.film = filmed ? new Film() : null;
            slot.opened = episode.task();
            slot.started = Instant.now();
            slot.queries = 0;
            slot.extend();
            slot.process.send(new Message.Begin(episode, plan.protocol(), plan.agent(), filmed ? Film.EVERY : 0));
        }
    }

    private void ended(Slot slot, Message.Ended ended) {
        failuresInARow = 0;
        steps += ended.steps();
        record(slot, ended.success() ? EpisodeRecord.Outcome.SUCCESS : EpisodeRecord.Outcome.FAILURE, ended, "");
        if (slot.film != null && !slot.film.isEmpty()) {
            EpisodeId id = slot.job.episode();
            AtomicFile.write(folder.films().resolve(id.task() + "-" + id.seed() + "-" + id.episode() + ".gif"),
                    slot.film.gif());
        }
        finish(slot, log.records().getLast());
        assign(slot);
    }

    /** Records an attempt that failed to run; the episode is tried once more. */
    private void failed(Slot slot, String reason) {
        if (slot.job == null) {
            if (!slot.ready) {
                hopeless(reason, 2 * slots.size());
            }
            return;
        }
        record(slot, EpisodeRecord.Outcome.FAILED_TO_RUN, new Message.Ended(false, 0, "", "", 0, 0), reason);
        queue.failed(slot.job);
        finish(slot, log.records().getLast());
        hopeless(reason, HOPELESS);
    }

    private void hopeless(String reason, int most) {
        if (++failuresInARow >= most) {
            throw new IllegalStateException("evaluation: " + failuresInARow
                    + " attempts failed to run one after another; the last one: " + reason);
        }
    }

    private void finish(Slot slot, EpisodeRecord record) {
        slot.job = null;
        slot.film = null;
        slot.look = null;
        listener.accept(new Status(record, left(), steps));
    }

    private void record(Slot slot, EpisodeRecord.Outcome outcome, Message.Ended ended, String error) {
        Map<String, String> all = new TreeMap<>(versions);
        all.put("engine", slot.engine);
        log.append(new EpisodeRecord(slot.job.episode(), slot.job.attempt(), outcome, ended.steps(), slot.queries,
                ended.firstState(), ended.firstFrame(), all, slot.started.truncatedTo(ChronoUnit.MILLIS).toString(),
                Duration.between(slot.started, Instant.now()).toMillis() / 1e3, ended.simulating(), ended.drawing(),
                error));
    }

    private void endSilentWorkers() {
        long now = System.nanoTime();
        for (Slot slot : slots) {
            if (slot.mustSpeak() && now - slot.deadline > 0 && events.stream().noneMatch(e -> e.slot() == slot)) {
                failed(slot, "the worker said nothing for " + plan.timeoutSeconds()
                        + " s and was ended; --timeout allows more; its log is " + slot.output);
                replace(slot);
            }
        }
    }

    private void replace(Slot slot) {
        slot.generation++;
        slot.process.close();
        slot.job = null;
        if (queue.size() > 0) {
            slot.start();
        } else {
            slot.ready = true; // nothing is expected of it any more
        }
    }

    /** The policy is asked once half of those under way are waiting for it; the others go on meanwhile. */
    private void askIfWorthwhile() {
        List<Slot> waiting = slots.stream().filter(slot -> slot.look != null).toList();
        long busy = slots.stream().filter(slot -> slot.job != null).count();
        if (waiting.isEmpty() || 2 * waiting.size() < busy) {
            return;
        }
        List<ChunkPolicy.Question> questions = waiting.stream().map(Evaluation::question).toList();
        List<ChunkPolicy.Answer> answers = policy.orElseThrow().answer(questions);
        for (int i = 0; i < answers.size(); i++) {
            act(waiting.get(i), answers.get(i));
        }
    }

    private static ChunkPolicy.Question question(Slot slot) {
        Message.Look look = slot.look;
        return new ChunkPolicy.Question(slot.job.episode(), slot.queries, look.instruction(), look.agentview(),
                look.wrist(), look.proprio(),
                slot.film == null ? ChunkPolicy.Wanted.ACTIONS : ChunkPolicy.Wanted.PICTURES);
    }

    private void act(Slot slot, ChunkPolicy.Answer answer) {
        slot.queries++;
        if (slot.film != null) {
            answer.future().ifPresent(slot.film::predict);
        }
        slot.look = null;
        slot.extend();
        slot.process.send(new Message.Act(answer.actions()));
    }
}
