package org.cosmosj.policy;

import java.util.Arrays;
import java.util.List;

/**
 * Which seed each candidate of best-of-N has. The reference has two rules, and they differ. Source: spec 05 sections 5
 * and 14.
 *
 * @param workers processes of the reference's pool by their GPU ids, each in [0, 2^31); empty for its serial loop
 */
public record CandidateSeeds(List<Integer> workers) {
    /** The serial loop: candidate i has {@code seed + i}. */
    public static final CandidateSeeds SERIAL = new CandidateSeeds(List.of());

    /** Checks the ids. */
    public CandidateSeeds {
        workers = List.copyOf(workers);
        if (workers.stream().anyMatch(id -> id < 0)) {
            throw new IllegalArgumentException("candidate seeds: worker ids " + workers + "; none may be negative");
        }
    }

    /**
     * The worker pool: tasks go round to the workers and a worker adds its GPU id to the seed, whatever the task. With
     * fewer workers than candidates, seeds repeat and so do candidates; equal to {@link #SERIAL} for as many workers as
     * candidates, numbered from 0.
     *
     * @param ids GPU ids in the order of the pool, at least one
     * @return the rule
     */
    public static CandidateSeeds workerPool(int... ids) {
        if (ids.length == 0) {
            throw new IllegalArgumentException("candidate seeds: a pool of no workers; name at least one");
        }
        return new CandidateSeeds(Arrays.stream(ids).boxed().toList());
    }

    /**
     * The seed of a candidate.
     *
     * @param seed of the query
     * @param candidate its index, from 0
     * @return below 2^32 if seed is small enough
     */
    public long of(long seed, int candidate) {
        return seed + (workers.isEmpty() ? candidate : workers.get(candidate % workers.size()));
    }
}
