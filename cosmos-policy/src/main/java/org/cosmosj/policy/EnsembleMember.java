package org.cosmosj.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * One member of an ensemble of queries. Members differ in seed and in how many steps they sample. Source: spec 05
 * sections 8 and 9.
 *
 * @param seed in [0, 2^32)
 * @param steps requested sampler steps
 */
public record EnsembleMember(long seed, int steps) {
    /**
     * The members of an ensemble: seeds count up from the first, steps go evenly from 1 to the full number and are cut
     * to whole numbers. An ensemble of one samples a single step, as NumPy's linspace has it.
     *
     * @param seed seed of the first member
     * @param steps steps of the last member, at least 1
     * @param size members, at least 1
     * @return the members in order
     */
    public static List<EnsembleMember> of(long seed, int steps, int size) {
        if (size < 1 || steps < 1) {
            throw new IllegalArgumentException("ensemble: " + size + " members of up to " + steps
                    + " steps; both must be at least 1");
        }
        double stride = size == 1 ? 0 : (steps - 1.0) / (size - 1);
        List<EnsembleMember> members = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            boolean last = size > 1 && i == size - 1;
            members.add(new EnsembleMember(seed + i, last ? steps : (int) (1 + i * stride)));
        }
        return members;
    }
}
