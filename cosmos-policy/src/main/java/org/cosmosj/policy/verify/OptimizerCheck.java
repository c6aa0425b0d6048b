package org.cosmosj.policy.verify;

import java.util.ArrayList;
import java.util.List;
import org.cosmosj.nn.LearningRateSchedule;
import org.cosmosj.nn.LinearCycles;
import org.cosmosj.policy.JsonFields;
import org.cosmosj.tensor.CheckpointException;

/** The learning-rate schedule, and training steps with AdamW and clipped gradients. */
final class OptimizerCheck implements FixtureCheck {
    @Override
    public String kind() {
        return "optimizer";
    }

    @Override
    public void run(Fixture fixture, Results results) throws CheckpointException {
        LearningRateSchedule schedule = schedule(fixture.config().object("scheduler_libero"));
        double[] steps = fixture.input("lr.step").toDoubleArray();
        double[] factors = new double[steps.length];
        for (int i = 0; i < steps.length; i++) {
            factors[i] = schedule.factor((long) steps[i]);
        }
        results.put("lr.multiplier", factors);
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
