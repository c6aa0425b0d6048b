package org.cosmosj.policy.verify;

import java.util.List;
import java.util.stream.Collectors;
import org.cosmosj.tensor.CheckpointException;

/** The kinds of fixtures this version checks. */
final class FixtureChecks {
    private static final List<FixtureCheck> ALL = List.of(
            new DitCheck(),
            new DitBf16Check(),
            new ImagePreprocessCheck(),
            new InferenceCheck(),
            new LatentInjectionCheck(),
            new OptimizerCheck(),
            new PolicyWeightsCheck(),
            new SdeSamplingCheck(),
            new T5EncoderCheck(),
            new T5TokenizerCheck(),
            new TrainStepCheck(),
            new WanVaeCheck());

    private FixtureChecks() {}

    private static FixtureCheck of(Fixture fixture) {
        return ALL.stream().filter(check -> check.kind().equals(fixture.kind())).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(fixture + ": kind " + fixture.kind()
                        + " is not supported by this version; it checks " + kinds()));
    }

    /** The kinds, for messages. */
    static String kinds() {
        return ALL.stream().map(FixtureCheck::kind).collect(Collectors.joining(", "));
    }

    /** Runs the check of the fixture's kind in the current scope. */
    static Results run(Fixture fixture) throws CheckpointException {
        FixtureCheck check = of(fixture);
        Results results = new Results();
        check.run(fixture, results);
        return results;
    }

    /** Runs the check of the fixture's kind in the current scope and compares everything. */
    static Report verify(Fixture fixture) throws CheckpointException {
        return Report.of(fixture, run(fixture));
    }
}
