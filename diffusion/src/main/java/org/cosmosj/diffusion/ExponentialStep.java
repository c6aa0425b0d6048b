package org.cosmosj.diffusion;

/**
 * One second-order exponential-integrator step as a linear combination
 * {@code x(t) = a x(s) + b D(x(s), s) + c D(x(m), m)}. In {@code lambda = -ln sigma} the flow is
 * {@code dx/dlambda = D - x}; its exact solution is taken with {@code D} linear in {@code lambda} through the two
 * evaluations. {@code m} may lie between s and t (midpoint rule) or before s (Adams-Bashforth). Source: spec 03
 * section 9.
 *
 * @param a weight of the state
 * @param b weight of the estimate at s
 * @param c weight of the estimate at m
 */
record ExponentialStep(double a, double b, double c) {
    private static final double SMALLEST_STEP = 1e-6;

    /** The weights for a step from noise level s to t with a second estimate at m. */
    static ExponentialStep between(double s, double t, double m) {
        double lambda = -StrictMath.log(s);
        double dt = -StrictMath.log(t) - lambda;
        double dm = -StrictMath.log(m) - lambda;
        if (!(Math.abs(dt) > SMALLEST_STEP && Math.abs(dm) > SMALLEST_STEP)) {
            throw new IllegalArgumentException("sampler: noise levels " + s + ", " + t + " and " + m
                    + " are too close for a second-order step; use fewer steps or a wider schedule");
        }
        double phi1 = StrictMath.expm1(-dt) / -dt;
        double phi2 = (phi1 - 1) / -dt;
        double slope = phi2 / (dm / dt);
        return new ExponentialStep(StrictMath.exp(-dt), dt * (phi1 - slope), dt * slope);
    }
}
