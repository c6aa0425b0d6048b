package org.cosmosj.policy;

/**
 * How candidates are made and judged. Source: spec 05 sections 8 to 13, spec 06 section 9.
 *
 * @param mode where a candidate's value comes from
 * @param candidates how many action chunks are compared, N
 * @param steps sampler steps per kind of query
 * @param futures ensemble of predicted futures; off for modes without a future query
 * @param values ensemble of predicted values
 * @param search how far ahead a candidate is judged
 * @param images whether predicted pictures are decoded
 * @param batchLimit largest batch of the network; changes speed and memory, no result
 */
public record PlanningConfig(Mode mode, int candidates, Steps steps, FutureEnsemble futures, ValueEnsemble values,
        Search search, PredictedImages images, int batchLimit) {
    /** Where a candidate's value comes from. */
    public enum Mode {
        /** The action query itself, which generates future and value as well. */
        JOINT,
        /** A future query on the action, then V(s, a, s') on the future. */
        VALUE,
        /** A future query on the action, then V(s') on the future. */
        FUTURE_VALUE,
        /** Q(s, a) on the action. No released model was trained for it. */
        Q_VALUE;

        /** Whether a future query stands between action and value. */
        boolean predictsFuture() {
            return this == VALUE || this == FUTURE_VALUE;
        }

        QueryKind valueQuery() {
            return switch (this) {
                case JOINT -> throw new IllegalStateException("joint planning asks no value query");
                case VALUE -> QueryKind.VALUE;
                case FUTURE_VALUE -> QueryKind.FUTURE_VALUE;
                case Q_VALUE -> QueryKind.Q_VALUE;
            };
        }
    }

    /**
     * Sampler steps.
     *
     * @param action of the action query
     * @param future of the future query
     * @param value of the value query
     */
    public record Steps(int action, int future, int value) {
        /** Checks that all are at least 1. */
        public Steps {
            if (action < 1 || future < 1 || value < 1) {
                throw new IllegalArgumentException("planning: steps " + action + ", " + future + ", " + value
                        + " must be at least 1");
            }
        }
    }

    /** How the pictures of several futures become one. */
    public enum ImageAggregation {
        /** Mean of 8-bit values, rounded. */
        AVERAGE,
        /** Those of the last member; what the reference does for any other word. */
        LAST
    }

    /**
     * An ensemble of futures.
     *
     * @param size members, or 0 for a single query of all steps
     * @param images how their pictures are joined
     */
    public record FutureEnsemble(int size, ImageAggregation images) {
        /** A single query. */
        public static final FutureEnsemble OFF = new FutureEnsemble(0, ImageAggregation.LAST);
    }

    /**
     * An ensemble of values per future.
     *
     * @param size members, or 0 for a single query of all steps; then only the first future is judged, as the reference
     *     does
     * @param aggregation how the values of all futures and members are joined
     */
    public record ValueEnsemble(int size, ValueAggregation aggregation) {
        /** A single query. */
        public static final ValueEnsemble OFF = new ValueEnsemble(0, ValueAggregation.AVERAGE);
    }

    /** How the values of all depths become one. */
    public enum DepthAggregation {
        /** The value of the last depth. */
        LAST,
        /** The mean. */
        AVERAGE
    }

    /** Which joint state stands in the present of an imagined state. */
    public enum PresentProprio {
        /** The one observed before the first action: the reference overwrites the prediction at every depth. */
        OBSERVED,
        /** The predicted one, which is the repair. */
        PREDICTED
    }

    /**
     * How far ahead a candidate is judged; only its first chunk is executed.
     *
     * @param depth chunks, at least 1; more than 1 needs a future query
     * @param aggregation how values are joined
     * @param proprio the joint state of imagined states
     */
    public record Search(int depth, DepthAggregation aggregation, PresentProprio proprio) {
        /** One chunk. */
        public static final Search ONE_CHUNK = new Search(1, DepthAggregation.LAST, PresentProprio.OBSERVED);
    }

    /** Whether predicted pictures are decoded. */
    public enum PredictedImages {
        /** Not decoded. */
        NONE,
        /** Decoded for every candidate. */
        DECODED
    }

    /** The published planning run of ALOHA: 8 candidates, 3 futures and 5 values each. */
    public static final PlanningConfig ALOHA = new PlanningConfig(Mode.FUTURE_VALUE, 8, new Steps(10, 5, 5),
            new FutureEnsemble(3, ImageAggregation.AVERAGE), new ValueEnsemble(5, ValueAggregation.MAJORITY_MEAN),
            Search.ONE_CHUNK, PredictedImages.DECODED, 8);

    /** Checks counts and combinations. */
    public PlanningConfig {
        if (candidates < 1 || batchLimit < 1 || futures.size() < 0 || values.size() < 0 || search.depth() < 1) {
            throw new IllegalArgumentException("planning: candidates " + candidates + ", batch limit " + batchLimit
                    + " and depth " + search.depth() + " must be at least 1, ensembles of " + futures.size() + " and "
                    + values.size() + " at least 0");
        }
        if (search.depth() > 1 && !mode.predictsFuture()) {
            throw new IllegalArgumentException("planning: a search of depth " + search.depth() + " needs predicted"
                    + " futures; use mode VALUE or FUTURE_VALUE, not " + mode);
        }
    }

    /**
     * Best of N by the value that the action query itself predicts.
     *
     * @param candidates N
     * @param steps sampler steps
     * @return without pictures, all candidates in one batch
     */
    public static PlanningConfig joint(int candidates, int steps) {
        return new PlanningConfig(Mode.JOINT, candidates, new Steps(steps, 1, 1), FutureEnsemble.OFF, ValueEnsemble.OFF,
                Search.ONE_CHUNK, PredictedImages.NONE, candidates);
    }

    /**
     * Best of N by a value query on a predicted future.
     *
     * @param mode VALUE or FUTURE_VALUE
     * @param candidates N
     * @param steps sampler steps
     * @return without ensembles and pictures, all candidates in one batch
     */
    public static PlanningConfig autoregressive(Mode mode, int candidates, Steps steps) {
        return new PlanningConfig(mode, candidates, steps, FutureEnsemble.OFF, ValueEnsemble.OFF, Search.ONE_CHUNK,
                PredictedImages.NONE, candidates);
    }

    /**
     * This planning with ensembles.
     *
     * @param otherFutures of futures
     * @param otherValues of values
     * @return the configuration
     */
    public PlanningConfig with(FutureEnsemble otherFutures, ValueEnsemble otherValues) {
        return new PlanningConfig(mode, candidates, steps, otherFutures, otherValues, search, images, batchLimit);
    }

    /**
     * This planning with another depth.
     *
     * @param other how far ahead candidates are judged
     * @return the configuration
     */
    public PlanningConfig with(Search other) {
        return new PlanningConfig(mode, candidates, steps, futures, values, other, images, batchLimit);
    }

    /**
     * This planning with or without pictures.
     *
     * @param other whether they are decoded
     * @return the configuration
     */
    public PlanningConfig with(PredictedImages other) {
        return new PlanningConfig(mode, candidates, steps, futures, values, search, other, batchLimit);
    }

    /**
     * This planning in smaller or larger batches.
     *
     * @param limit largest batch, at least 1
     * @return the configuration
     */
    public PlanningConfig withBatchLimit(int limit) {
        return new PlanningConfig(mode, candidates, steps, futures, values, search, images, limit);
    }
}
