package org.cosmosj.diffusion;

import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;

/**
 * Turns noise into a signal: solves down the schedule, then evaluates the denoiser once more at {@code sigmaMin}; that
 * last estimate is the answer, the state is never taken to noise level 0. States and coefficients are F64, the denoiser
 * is called in F32. Source: spec 03 sections 6 to 10.
 *
 * @param solver the integration rule
 * @param schedule the noise levels
 */
public record Sampler(Solver solver, KarrasSchedule schedule) {
    /**
     * Draws one signal per row of the noise.
     *
     * @param denoiser the model
     * @param xSigmaMax noise of standard deviation {@code schedule.sigmaMax()}, (B, ..), F32
     * @param steps requested number of steps, at least 1; see {@link #evaluations} for what they cost
     * @return the last clean estimate, shape of the noise, F32
     */
    public Tensor sample(Denoiser denoiser, Tensor xSigmaMax, int steps) {
        double[] sigmas = sigmas(steps);
        try (Scope run = Scope.inner("sample")) {
            Solver.Evaluation f = (x, sigma) -> evaluate(denoiser, x, sigma);
            Tensor state = xSigmaMax;
            double last = sigmas[0];
            if (intervals(steps) > 0) {
                state = solve(f, xSigmaMax.to(DType.F64), sigmas);
                last = sigmas[sigmas.length - 1];
            }
            return run.promote(f.at(state, last).to(DType.F32));
        }
    }

    private Tensor solve(Solver.Evaluation f, Tensor start, double[] sigmas) {
        Solver.Step step = null;
        Tensor x = start;
        for (int i = 0; i + 1 < sigmas.length; i++) {
            try (Scope interval = Scope.inner("sampler step")) {
                step = solver.step(f, x, sigmas[i], sigmas[i + 1], step);
                interval.promote(step.x0());
                x = interval.promote(step.x());
            }
        }
        return x;
    }

    private static Tensor evaluate(Denoiser denoiser, Tensor x, double sigma) {
        try (Scope call = Scope.inner("denoise")) {
            Tensor level = Tensor.full((float) sigma, DType.F32, Shape.of(x.size(0)));
            return call.promote(denoiser.denoise(x.to(DType.F32), level).to(DType.F64));
        }
    }

    /**
     * The noise levels of a run; with one evaluation only the first is used.
     *
     * @param steps requested number of steps, at least 1
     * @return the levels in decreasing order, at least two
     */
    public double[] sigmas(int steps) {
        return schedule.sigmas(Math.max(intervals(steps), 1));
    }

    /**
     * How often a run calls the denoiser. One of the requested steps is the final clean evaluation; two steps leave
     * only one for the solver, which the reference then treats like a request for one step, so 1 and 2 give the same
     * result.
     *
     * @param steps requested number of steps, at least 1
     * @return the number of evaluations
     */
    public int evaluations(int steps) {
        return intervals(steps) * solver.evaluationsPerInterval() + 1;
    }

    private int intervals(int steps) {
        if (steps < 1) {
            throw new IllegalArgumentException("sampler: " + steps + " steps; use at least 1");
        }
        if (steps <= 2) {
            return 0;
        }
        int intervals = (steps - 1) / solver.evaluationsPerInterval();
        if (intervals == 0) {
            throw new IllegalArgumentException("sampler: " + steps + " steps are too few for solver " + solver.id()
                    + "; use 1 or at least " + (solver.evaluationsPerInterval() + 1));
        }
        return intervals;
    }
}
