package org.cosmosj.policy.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cosmosj.nn.AdamW;
import org.cosmosj.nn.LearningRateSchedule;
import org.cosmosj.nn.LinearCycles;
import org.cosmosj.policy.CosmosDiT;
import org.cosmosj.policy.CosmosPolicyConfig;
import org.cosmosj.policy.JsonFields;
import org.cosmosj.policy.PolicyBatch;
import org.cosmosj.policy.PolicyObjective;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Gradients;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.TensorSource;

/**
 * The learning-rate schedule, and short training runs with AdamW and clipped gradients. A run is what stands before
 * {@code .stepK} in a name: {@code const_lrX} trains at X, {@code NAME_schedule} with the schedule of that name.
 */
final class OptimizerCheck implements FixtureCheck {
    private static final Pattern STEP = Pattern.compile("(.+)\\.step(\\d+)\\..+");
    private static final Pattern FACTORS = Pattern.compile("(lr(?:[._](.+))?)\\.multiplier");
    private static final String SCHEDULER = "scheduler_";
    private static final String CONSTANT = "const_lr";
    private static final String SCHEDULE = "_schedule";

    @Override
    public String kind() {
        return "optimizer";
    }

    @Override
    public void run(Fixture fixture, Results results) throws CheckpointException {
        for (String name : fixture.names()) {
            Matcher factors = FACTORS.matcher(name);
            if (factors.matches()) {
                String scheduler = factors.group(2) == null ? firstScheduler(fixture) : SCHEDULER + factors.group(2);
                LearningRateSchedule schedule = schedule(fixture.config().object(scheduler));
                double[] steps = fixture.input(factors.group(1) + ".step").toDoubleArray();
                results.put(name, Arrays.stream(steps).map(step -> schedule.factor((long) step)).toArray());
            }
        }
        for (Map.Entry<String, Integer> run : runs(fixture).entrySet()) {
            train(fixture, run.getKey(), run.getValue(), results);
        }
    }

    /** {@code lr.multiplier} names no schedule; the first one is meant. */
    private static String firstScheduler(Fixture fixture) {
        return fixture.config().keys().stream().filter(key -> key.startsWith("scheduler")).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(fixture + ": its config has no scheduler"));
    }

    /** How many steps each run makes. */
    private static Map<String, Integer> runs(Fixture fixture) {
        Map<String, Integer> runs = new TreeMap<>();
        for (String name : fixture.names()) {
            Matcher step = STEP.matcher(name);
            if (step.matches()) {
                runs.merge(step.group(1), Integer.parseInt(step.group(2)) + 1, Math::max);
            }
        }
        return runs;
    }

    private static void train(Fixture fixture, String run, int steps, Results results) throws CheckpointException {
        JsonFields config = fixture.config();
        config.object("grad_clip").expect("force_finite", true);
        double maxNorm = config.object("grad_clip").number("clip_norm");
        CosmosPolicyConfig policy = CosmosPolicyConfig.of(config.object("policy"));
        TensorSource inputs = fixture.sibling(config.text("batch"));
        try (Scope _ = Scope.inner(run)) {
            CosmosDiT network = CosmosDiT.load(policy.net(), fixture.weights("net."), DType.F32);
            PolicyBatch batch = TrainStepCheck.batch(inputs::tensor, inputs.tensor("latents"));
            PolicyObjective objective = new PolicyObjective(policy, network::forward);
            AdamW optimizer = new AdamW(network.parameters(), adam(config.object("optimizer")));
            Gradients gradients = Gradients.of(network.parameters());
            for (int step = 0; step < steps; step++) {
                String prefix = run + ".step" + step + ".";
                double learningRate = learningRate(config, run, step);
                backward(objective, batch, inputs, gradients);
                double norm = optimizer.stepClipped(gradients, learningRate, maxNorm);
                results.put(prefix + "lr", learningRate);
                results.put(prefix + "grad_norm", norm);
                for (Parameter parameter : network.parameters()) {
                    results.put(prefix + "grad_before_clip." + parameter.name(), gradients.of(parameter));
                    results.put(prefix + "param." + parameter.name(), parameter.value());
                }
            }
            optimizer.state().forEach((name, tensor) -> results.put(run + ".final." + name, tensor));
        }
    }

    private static void backward(PolicyObjective objective, PolicyBatch batch, TensorSource inputs,
            Gradients gradients) {
        gradients.zero();
        try (Scope _ = Scope.inner("backward"); Tape tape = Tape.record()) {
            Tensor sigma = inputs.tensor("sigma_before_multiplier");
            tape.backward(objective.loss(batch, sigma, inputs.tensor("epsilon")).loss(), gradients);
        }
    }

    private static double learningRate(JsonFields config, String run, int step) {
        if (run.startsWith(CONSTANT)) {
            return Double.parseDouble(run.substring(CONSTANT.length()));
        }
        if (run.endsWith(SCHEDULE)) {
            String name = run.substring(0, run.length() - SCHEDULE.length());
            return config.object("optimizer").number("lr") * schedule(config.object(SCHEDULER + name)).factor(step);
        }
        throw new IllegalArgumentException("optimizer fixture: the learning rate of run '" + run
                + "' is unknown; names are " + CONSTANT + "X or NAME" + SCHEDULE);
    }

    private static AdamW.Config adam(JsonFields json) {
        double[] betas = json.numbers("betas");
        return new AdamW.Config(betas[0], betas[1], json.number("eps"), json.number("weight_decay"));
    }

    private static LearningRateSchedule schedule(JsonFields json) {
        long[] lengths = json.integers("cycle_lengths");
        long[] warmUps = json.integers("warm_up_steps");
        double[] starts = json.numbers("f_start");
        double[] maxima = json.numbers("f_max");
        double[] minima = json.numbers("f_min");
        List<LinearCycles.Cycle> cycles = new ArrayList<>();
        for (int i = 0; i < lengths.length; i++) {
            cycles.add(new LinearCycles.Cycle(lengths[i], warmUps[i], starts[i], maxima[i], minima[i]));
        }
        return new LinearCycles(cycles);
    }
}
