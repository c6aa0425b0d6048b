package org.cosmosj.diffusion;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.cosmosj.tensor.Tensor;

/**
 * Ways to go from one noise level to the next. States and coefficients are F64; {@code f(x, sigma)} is the denoiser.
 * Stochastic churn of the reference is left out: its strength is 0 there, so it changes no number. Source: spec 03
 * section 9.
 */
public enum Solver {
    /** Adams-Bashforth over the last two estimates, Euler in the first interval; what the released policies use. */
    AB2("2ab", 1) {
        @Override
        Step step(Evaluation f, Tensor x, double s, double t, Step last) {
            Tensor x0 = f.at(x, s);
            return new Step(last == null ? euler(x, s, t, x0) : second(x, s, t, x0, last.s(), last.x0()), x0, s);
        }
    },
    /** First order. */
    EULER("1euler", 1) {
        @Override
        Step step(Evaluation f, Tensor x, double s, double t, Step last) {
            Tensor x0 = f.at(x, s);
            return new Step(euler(x, s, t, x0), x0, s);
        }
    },
    /** Second order through the geometric mean of the two levels. */
    MIDPOINT("2mid", 2) {
        @Override
        Step step(Evaluation f, Tensor x, double s, double t, Step last) {
            double m = Math.sqrt(s * t);
            Tensor x0 = f.at(x, s);
            return new Step(second(x, s, t, x0, m, f.at(euler(x, s, m, x0), m)), x0, s);
        }
    },
    /** As {@link #MIDPOINT}, but the whole interval uses the middle estimate alone. */
    MIDPOINT_STABLE("2mid_stable", 2) {
        @Override
        Step step(Evaluation f, Tensor x, double s, double t, Step last) {
            double m = Math.sqrt(s * t);
            Tensor x0 = f.at(x, s);
            return new Step(euler(x, s, t, f.at(euler(x, s, m, x0), m)), x0, s);
        }
    },
    /** Heun's rule on the clean estimates. */
    HEUN_EDM("2heun_edm", 2) {
        @Override
        Step step(Evaluation f, Tensor x, double s, double t, Step last) {
            Tensor x0 = f.at(x, s);
            Tensor end = f.at(euler(x, s, t, x0), t);
            return new Step(euler(x, s, t, x0.add(end).mul(0.5)), x0, s);
        }
    },
    /**
     * Heun's rule on the noise estimates. The first one is taken from the predicted state, not from {@code x}, as the
     * reference does.
     */
    HEUN_NAIVE("2heun_naive", 2) {
        @Override
        Step step(Evaluation f, Tensor x, double s, double t, Step last) {
            Tensor x0 = f.at(x, s);
            Tensor end = euler(x, s, t, x0);
            Tensor slope = noise(end, s, x0).add(noise(end, t, f.at(end, t))).mul(0.5);
            return new Step(x.add(slope.mul(t - s)), x0, s);
        }
    },
    /** Kutta's third-order rule on the noise estimates. */
    KUTTA_NAIVE("3kutta_naive", 3) {
        @Override
        Step step(Evaluation f, Tensor x, double s, double t, Step last) {
            double d = t - s;
            double m = s + d / 2;
            Tensor x0 = f.at(x, s);
            Tensor e = noise(x, s, x0);
            Tensor x1 = euler(x, s, m, x0);
            Tensor e1 = noise(x1, m, f.at(x1, m));
            Tensor x2 = x.add(e1.mul(2).sub(e).mul(d));
            Tensor e2 = noise(x2, t, f.at(x2, t));
            return new Step(x.add(e.add(e1.mul(4)).add(e2).mul(d / 6)), x0, s);
        }
    };

    private final String id;
    private final int order;

    Solver(String id, int order) {
        this.id = id;
        this.order = order;
    }

    /** The denoiser on F64 states at one noise level for the whole batch. */
    @FunctionalInterface
    interface Evaluation {
        Tensor at(Tensor x, double sigma);
    }

    /** What a step leaves: the next state, and the estimate it started from with its noise level. */
    record Step(Tensor x, Tensor x0, double s) {}

    /** Goes from level s to t; {@code last} is the step before, null in the first interval. */
    abstract Step step(Evaluation f, Tensor x, double s, double t, Step last);

    /**
     * The name the reference uses.
     *
     * @return such as {@code 2ab}
     */
    public String id() {
        return id;
    }

    /**
     * Denoiser evaluations per interval.
     *
     * @return 1 for multistep and Euler, else the order
     */
    public int evaluationsPerInterval() {
        return order;
    }

    /**
     * Finds a solver by the reference's name.
     *
     * @param id such as {@code 2ab}
     * @return the solver
     * @throws IllegalArgumentException if there is none, listing those there are
     */
    public static Solver of(String id) {
        return Arrays.stream(values()).filter(solver -> solver.id.equals(id)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("solver: '" + id + "' is unknown; use one of "
                        + Arrays.stream(values()).map(Solver::id).collect(Collectors.joining(", "))));
    }

    /** Straight line towards the estimate: {@code (s-t)/s x0 + t/s x}. */
    private static Tensor euler(Tensor x, double s, double t, Tensor x0) {
        return x0.mul((s - t) / s).add(x.mul(t / s));
    }

    private static Tensor second(Tensor x, double s, double t, Tensor x0, double m, Tensor x0AtM) {
        ExponentialStep weights = ExponentialStep.between(s, t, m);
        return x.mul(weights.a()).add(x0.mul(weights.b())).add(x0AtM.mul(weights.c()));
    }

    /** The noise an estimate implies: {@code (x - x0) / sigma}. */
    private static Tensor noise(Tensor x, double sigma, Tensor x0) {
        return x.sub(x0).mul(1 / sigma);
    }
}
