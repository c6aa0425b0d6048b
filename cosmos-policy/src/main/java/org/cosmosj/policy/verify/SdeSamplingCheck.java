package org.cosmosj.policy.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import org.cosmosj.diffusion.Denoiser;
import org.cosmosj.diffusion.KarrasSchedule;
import org.cosmosj.diffusion.Preconditioning;
import org.cosmosj.diffusion.Sampler;
import org.cosmosj.diffusion.SigmaDistribution;
import org.cosmosj.diffusion.Solver;
import org.cosmosj.policy.Conditioning;
import org.cosmosj.policy.CosmosDiT;
import org.cosmosj.policy.CosmosDiTConfig;
import org.cosmosj.policy.DiffusionConfig;
import org.cosmosj.policy.JsonFields;
import org.cosmosj.policy.PolicyDenoiser;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.NumpyRandom;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.ElementwiseKernels.Unary;

/** Noise levels, preconditioning, schedules, seeded noise, and the sampler on a toy denoiser and on a network. */
final class SdeSamplingCheck implements FixtureCheck {
    private static final Pattern SCALING = Pattern.compile("(?:scaling|loss_weight)\\.([^.]+(?:\\.\\d+)?)(?:\\.c_.*)?");
    private static final Pattern EDM = Pattern.compile("edm_sigma_data(.+)");
    private static final Pattern STEPS = Pattern.compile("schedule\\.(.+)\\.num_steps(\\d+)");
    private static final Pattern TOY = Pattern.compile("toy\\.(.+)\\.(.+)\\.num_steps(\\d+)\\.out");
    private static final Pattern NETWORK = Pattern.compile("(dit_traj\\.num_steps(\\d+))\\.out");
    private static final Pattern SEEDED = Pattern.compile("arch_invariant_rand\\.seed(\\d+)");

    @Override
    public String kind() {
        return "sde_sampling";
    }

    @Override
    public void run(Fixture fixture, Results results) throws CheckpointException {
        putNoiseLevels(fixture, results);
        for (String name : fixture.names()) {
            Matcher steps = STEPS.matcher(name);
            Matcher toy = TOY.matcher(name);
            Matcher network = NETWORK.matcher(name);
            Matcher seeded = SEEDED.matcher(name);
            Matcher scaling = SCALING.matcher(name);
            if (steps.matches()) {
                Sampler sampler = sampler(fixture, steps.group(1), fixture.config().text("solver"));
                results.put(name, sampler.sigmas(Integer.parseInt(steps.group(2))));
            } else if (toy.matches()) {
                putToy(fixture, toy, results);
            } else if (network.matches()) {
                putNetwork(fixture, network, results);
            } else if (seeded.matches()) {
                NumpyRandom random = NumpyRandom.seeded(Long.parseLong(seeded.group(1)));
                results.put(name, random.standardNormal(fixture.expected(name).shape()));
            } else if (scaling.matches() && !name.equals("scaling.sigma")) {
                putScaling(fixture, name, preconditioning(scaling.group(1)), results);
            }
        }
    }

    private static void putNoiseLevels(Fixture fixture, Results results) throws CheckpointException {
        JsonFields exact = fixture.config().object("float64");
        SigmaDistribution.LogNormal logNormal = switch (DiffusionConfig.sigma(fixture.config().object("sde"))) {
            case SigmaDistribution.LogNormal alone -> alone;
            case SigmaDistribution.Hybrid mixture -> {
                putMixture(fixture, mixture, exact.numbers("hybrid_lognormal_cdf_u_f64"), results);
                yield mixture.logNormal();
            }
        };
        double[] single = exact.numbers("lognormal_cdf_u_f64");
        results.put("lognormal.sigma", Arrays.stream(single).map(u -> logNormal.draw(inOrder(u))).toArray());
    }

    /** Each branch takes its own list of uniforms in order; the quantiles are exact, the others F32. */
    private static void putMixture(Fixture fixture, SigmaDistribution.Hybrid mixture, double[] exact, Results results)
            throws CheckpointException {
        double[] choices = fixture.input("hybrid.choice_u").toDoubleArray();
        Iterator<Double> quantiles = DoubleStream.of(exact).iterator();
        Iterator<Double> uniforms = DoubleStream.of(fixture.input("hybrid.uniform_u").toDoubleArray()).iterator();
        double[] sigma = new double[choices.length];
        for (int i = 0; i < sigma.length; i++) {
            double branch = choices[i] < mixture.logNormalShare() ? quantiles.next() : uniforms.next();
            sigma[i] = mixture.draw(inOrder(choices[i], branch));
        }
        results.put("hybrid.sigma", sigma);
    }

    private static DoubleSupplier inOrder(Double... uniforms) {
        Iterator<Double> next = List.of(uniforms).iterator();
        return next::next;
    }

    private static Preconditioning preconditioning(String name) {
        Matcher edm = EDM.matcher(name);
        if (!edm.matches() && !name.equals("rectified_flow")) {
            throw new IllegalArgumentException("sde_sampling: scaling " + name
                    + " is unknown; this version knows rectified_flow and edm_sigma_dataX");
        }
        return edm.matches()
                ? new Preconditioning.Edm(Double.parseDouble(edm.group(1)))
                : new Preconditioning.RectifiedFlow(1);
    }

    /** Some tables leave out the first noise levels, so the last ones are taken. */
    private static void putScaling(Fixture fixture, String name, Preconditioning scaling, Results results)
            throws CheckpointException {
        Tensor all = fixture.input("scaling.sigma");
        long count = fixture.expected(name).shape().size(0);
        Tensor sigma = all.narrow(0, all.size(0) - count, count).copy();
        results.put(name, switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "c_skip" -> scaling.cSkip(sigma);
            case "c_out" -> scaling.cOut(sigma);
            case "c_in" -> scaling.cIn(sigma);
            case "c_noise" -> scaling.cNoise(sigma);
            default -> scaling.lossWeight(sigma);
        });
    }

    private static Sampler sampler(Fixture fixture, String schedule, String solver) {
        double[] ends = fixture.config().object("schedules").numbers(schedule);
        return new Sampler(Solver.of(solver), new KarrasSchedule(ends[0], ends[1], fixture.config().number("rho")));
    }

    /** The denoiser {@code x / (1 + sigma^2)}. */
    private static void putToy(Fixture fixture, Matcher toy, Results results) throws CheckpointException {
        String run = toy.group().substring(0, toy.group().length() - ".out".length());
        Sampler sampler = sampler(fixture, toy.group(1), toy.group(2));
        int steps = Integer.parseInt(toy.group(3));
        Tensor start = fixture.input("toy.noise").mul(sampler.schedule().sigmaMax());
        Trajectory trajectory = new Trajectory((x, sigma) -> x.reshape(x.size(0), -1)
                .div(sigma.map(Unary.SQUARE).add(1).unsqueeze(1)).reshape(x.shape()));
        results.put(run + ".out", sampler.sample(trajectory, start, steps));
        results.put(run + ".schedule", sampler.sigmas(steps));
        trajectory.put(run, results);
    }

    private static void putNetwork(Fixture fixture, Matcher name, Results results) throws CheckpointException {
        CosmosDiTConfig net = CosmosDiTConfig.of(fixture.config().object("dit_traj_net"));
        CosmosDiT model = CosmosDiT.load(net, fixture.weights("w."), DType.F32);
        Conditioning given = Conditioning.unpadded(fixture.input("dit_traj.gt_frames"),
                fixture.input("dit_traj.condition_mask"), fixture.input("dit_traj.crossattn_emb"));
        Trajectory trajectory =
                new Trajectory(new PolicyDenoiser(model::forward, DiffusionConfig.RELEASED, given));
        double[] ends = fixture.config().numbers("dit_traj_sigma");
        Sampler sampler = new Sampler(Solver.of(fixture.config().text("solver")),
                new KarrasSchedule(ends[0], ends[1], fixture.config().number("rho")));
        Tensor start = fixture.input("dit_traj.noise").mul(ends[0]);
        results.put(name.group(), sampler.sample(trajectory, start, Integer.parseInt(name.group(2))));
        trajectory.put(name.group(1), results);
    }

    /** Keeps every call of a denoiser. */
    static final class Trajectory implements Denoiser {
        private final Denoiser denoiser;
        private final List<float[]> inputs = new ArrayList<>();
        private final List<float[]> levels = new ArrayList<>();
        private final List<float[]> estimates = new ArrayList<>();
        private long[] shape;

        Trajectory(Denoiser denoiser) {
            this.denoiser = denoiser;
        }

        @Override
        public Tensor denoise(Tensor x, Tensor sigma) {
            Tensor x0 = denoiser.denoise(x, sigma);
            shape = x.shape().toArray();
            inputs.add(x.toFloatArray());
            levels.add(sigma.toFloatArray());
            estimates.add(x0.toFloatArray());
            return x0;
        }

        /** Puts stacked inputs, levels and estimates under the names of this kind. */
        void put(String run, Results results) {
            results.put(run + ".x_in", stacked(inputs, shape));
            results.put(run + ".sigma", levels());
            results.put(run + ".x0", estimates());
        }

        Tensor inputs() {
            return stacked(inputs, shape);
        }

        Tensor levels() {
            return stacked(levels, shape[0]);
        }

        Tensor estimates() {
            return stacked(estimates, shape);
        }

        private static Tensor stacked(List<float[]> calls, long... shape) {
            Tensor[] rows = new Tensor[calls.size()];
            Arrays.setAll(rows, i -> Tensor.of(calls.get(i), shape).unsqueeze(0));
            return Tensor.cat(0, rows);
        }
    }
}
