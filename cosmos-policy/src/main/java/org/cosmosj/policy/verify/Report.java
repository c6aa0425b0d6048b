package org.cosmosj.policy.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What came of one fixture.
 *
 * @param passed tensors that agree
 * @param failures a line for each tensor that does not or that was left out, and for what else differs
 */
record Report(int passed, List<String> failures) {
    Report {
        failures = List.copyOf(failures);
    }

    /** Compares every tensor of the fixture that is not skipped; what else differs comes first. */
    static Report of(Fixture fixture, Results results) {
        int passed = 0;
        List<String> failures = new ArrayList<>(results.differences());
        for (String name : fixture.names()) {
            Optional<ToleranceRule> rule = fixture.rule(name);
            if (rule.isPresent() && rule.get().measure() == Measure.SKIP) {
                continue;
            }
            Optional<String> failure = rule.isEmpty()
                    ? Optional.of(name + ": no tolerance rule matches, not compared")
                    : Comparison.failure(name, results.get(name), fixture.expected(name), rule.get());
            failure.ifPresent(failures::add);
            passed += failure.isEmpty() ? 1 : 0;
        }
        return new Report(passed, failures);
    }

    @Override
    public String toString() {
        return passed + " passed, " + failures.size() + " failed";
    }
}
