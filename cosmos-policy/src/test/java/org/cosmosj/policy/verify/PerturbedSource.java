package org.cosmosj.policy.verify;

import java.util.Set;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.TensorSource;

/**
 * A fixture in which one element of one tensor is off by ten times the limit.
 *
 * @param source the fixture
 * @param name which tensor
 * @param rule its tolerance
 */
record PerturbedSource(TensorSource source, String name, ToleranceRule rule) implements TensorSource {
    private static final double TIMES = 10;

    @Override
    public Set<String> keys() {
        return source.keys();
    }

    @Override
    public boolean contains(String key) {
        return source.contains(key);
    }

    @Override
    public Tensor tensor(String key) {
        Tensor exact = source.tensor(key);
        if (!key.equals(name)) {
            return exact;
        }
        float[] values = exact.toFloatArray();
        int at = 0;
        while (Float.isNaN(values[at])) {
            at++;
        }
        values[at] += (float) step(values);
        return Tensor.of(values, exact.shape().toArray());
    }

    /** What one element must change by for the distance to be ten times the limit. */
    private double step(float[] values) {
        double largest = 0;
        double squares = 0;
        for (float value : values) {
            if (!Float.isNaN(value)) {
                largest = Math.max(largest, Math.abs(value));
                squares += (double) value * value;
            }
        }
        double limit = TIMES * rule.limit();
        return switch (rule.measure()) {
            case SKIP -> 0;
            case EXACT -> 1;
            case MAX_ABS -> limit;
            case MAX_REL -> limit * Math.max(largest, 1e-6);
            case RMS_REL -> limit * Math.sqrt(squares);
        };
    }

    @Override
    public String describe() {
        return source.describe() + " with another " + name;
    }
}
