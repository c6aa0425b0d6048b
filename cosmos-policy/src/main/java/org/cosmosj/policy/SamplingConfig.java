package org.cosmosj.policy;

import org.cosmosj.diffusion.KarrasSchedule;
import org.cosmosj.diffusion.Sampler;
import org.cosmosj.diffusion.Solver;
import org.cosmosj.tensor.NumpyRandom;

/**
 * How queries are sampled. Source: spec 03 sections 6 to 12.
 *
 * @param solver the integration rule
 * @param schedule the noise levels
 * @param variance whether the noise amplitude varies with the seed
 */
public record SamplingConfig(Solver solver, KarrasSchedule schedule, Variance variance) {
    /** Whether the ends of the schedule are scaled by factors drawn from the seed. */
    public enum Variance {
        /** Not scaled, as in all published runs. */
        FIXED,
        /** The first level times a number in [1, 3), the last times one in [0.1, 1). */
        SEEDED
    }

    /** All released policies: Adams-Bashforth from 80 to 4. */
    public static final SamplingConfig RELEASED =
            new SamplingConfig(Solver.AB2, new KarrasSchedule(80, 4, 7), Variance.FIXED);

    /**
     * Reads {@code solver}, {@code rho}, {@code inference_sde} and {@code use_variance_scale}; what is missing is as
     * released.
     *
     * @param json the configuration
     * @return the sampling
     */
    public static SamplingConfig of(JsonFields json) {
        KarrasSchedule released = RELEASED.schedule;
        double max = released.sigmaMax();
        double min = released.sigmaMin();
        if (json.has("inference_sde")) {
            max = json.object("inference_sde").number("sigma_max");
            min = json.object("inference_sde").number("sigma_min");
        }
        boolean scaled = json.has("use_variance_scale") && json.flag("use_variance_scale");
        return new SamplingConfig(Solver.of(json.text("solver", RELEASED.solver.id())),
                new KarrasSchedule(max, min, json.number("rho", released.rho())),
                scaled ? Variance.SEEDED : Variance.FIXED);
    }

    /**
     * This sampling with or without seeded variance.
     *
     * @param other the choice
     * @return the sampling
     */
    public SamplingConfig with(Variance other) {
        return new SamplingConfig(solver, schedule, other);
    }

    /**
     * Factors of the schedule's ends under {@link Variance#SEEDED}: {@code 1 + 2 u} and {@code 0.1 + 0.9 u'} with the
     * first two numbers that PyTorch's CPU generator draws from the seed.
     *
     * @param max factor of the first level
     * @param min factor of the last level
     */
    public record Scales(double max, double min) {
        /**
         * The factors of a seed.
         *
         * @param seed in [0, 2^32)
         * @return the factors
         */
        public static Scales of(long seed) {
            NumpyRandom random = NumpyRandom.seeded(seed);
            return new Scales(1 + 2.0 * random.nextTorchFloat(), 0.1 + 0.9 * random.nextTorchFloat());
        }
    }

    /**
     * The noise levels of one query.
     *
     * @param seed the query's seed
     * @return the schedule, scaled if the variance is seeded
     */
    public KarrasSchedule schedule(long seed) {
        if (variance == Variance.FIXED) {
            return schedule;
        }
        Scales scales = Scales.of(seed);
        return schedule.scaled(scales.max(), scales.min());
    }

    /**
     * The sampler of one query.
     *
     * @param seed the query's seed
     * @return the sampler
     */
    public Sampler sampler(long seed) {
        return new Sampler(solver, schedule(seed));
    }
}
