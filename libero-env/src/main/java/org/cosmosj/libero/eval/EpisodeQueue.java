package org.cosmosj.libero.eval;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cosmosj.libero.EpisodeId;

/** Attempts at episodes that are still to be made. */
final class EpisodeQueue {

    /** An attempt that fails to run is followed by one more. */
    static final int ATTEMPTS = 2;

    private final List<Job> jobs = new ArrayList<>();

    /**
     * One attempt.
     *
     * @param episode which
     * @param attempt 1 or 2
     */
    record Job(EpisodeId episode, int attempt) {
    }

    /** All episodes of a plan but those that records show as done. */
    EpisodeQueue(List<EpisodeId> all, List<EpisodeRecord> records) {
        Map<EpisodeId, Integer> attempts = new HashMap<>();
        records.forEach(record -> attempts.merge(record.episode(),
                record.outcome() == EpisodeRecord.Outcome.FAILED_TO_RUN ? record.attempt() : ATTEMPTS, Math::max));
        for (EpisodeId episode : all) {
            int made = attempts.getOrDefault(episode, 0);
            if (made < ATTEMPTS) {
                jobs.add(new Job(episode, made + 1));
            }
        }
    }

    /**
     * Takes the next attempt for a worker: of the task it has open, else of a task that no other worker is at, since
     * opening a scene takes as long as some episodes.
     */
    Optional<Job> next(String opened, Set<String> elsewhere) {
        Optional<Job> found = jobs.stream().filter(job -> job.episode().task().equals(opened)).findFirst()
                .or(() -> jobs.stream().filter(job -> !elsewhere.contains(job.episode().task())).findFirst())
                .or(() -> jobs.stream().findFirst());
        found.ifPresent(jobs::remove);
        return found;
    }

    /** Puts an attempt that failed to run back, if there is another; the worker that comes next takes it first. */
    void failed(Job job) {
        if (job.attempt() < ATTEMPTS) {
            jobs.addFirst(new Job(job.episode(), job.attempt() + 1));
        }
    }

    int size() {
        return jobs.size();
    }
}
