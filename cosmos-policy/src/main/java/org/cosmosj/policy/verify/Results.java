package org.cosmosj.policy.verify;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;

/** What a check computed, by the name of the fixture's tensor it should equal. */
final class Results {
    private final Map<String, Values> computed = new LinkedHashMap<>();
    private final List<String> differences = new ArrayList<>();

    /** The actual value of the tensor called {@code name}; its shape must be the fixture's. */
    void put(String name, Tensor actual) {
        put(name, Values.of(actual));
    }

    /** The actual value of a vector called {@code name}. */
    void put(String name, float[] actual) {
        put(name, new Values(Shape.of(actual.length), actual.clone()));
    }

    /** The actual value of a vector called {@code name}, rounded to the fixture's float32. */
    void put(String name, double[] actual) {
        float[] rounded = new float[actual.length];
        for (int i = 0; i < actual.length; i++) {
            rounded[i] = (float) actual[i];
        }
        put(name, rounded);
    }

    /** The actual value of a scalar called {@code name}, rounded to the fixture's float32. */
    void put(String name, double actual) {
        put(name, new Values(Shape.SCALAR, new float[] {(float) actual}));
    }

    /** What was computed as {@code from} is also the value of {@code name}. */
    void alias(String name, String from) {
        put(name, computed.get(from));
    }

    private void put(String name, Values actual) {
        if (computed.put(name, actual) != null) {
            throw new IllegalStateException("verify: " + name + " was computed twice");
        }
    }

    /** Something that is no tensor and differs. */
    void fail(String difference) {
        differences.add(difference);
    }

    /** Lines about what is no tensor and differs. */
    List<String> differences() {
        return List.copyOf(differences);
    }

    /** The value of {@code name}, or null if it was not computed. */
    Values get(String name) {
        return computed.get(name);
    }
}
