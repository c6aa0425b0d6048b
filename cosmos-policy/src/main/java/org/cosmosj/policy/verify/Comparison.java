package org.cosmosj.policy.verify;

import java.util.Optional;

/** Judges one tensor against one rule; every way of being wrong is a line that says where and by how much. */
final class Comparison {
    /** Only losses that do not apply to a sample are NaN in the reference. */
    private static final String MAY_BE_NAN = "terms.";

    private Comparison() {}

    /**
     * Compares.
     *
     * @param name the tensor's name
     * @param actual what was computed; null if nothing was
     * @param expected what the reference computed
     * @param rule not {@link Measure#SKIP}
     * @return why it fails, or nothing if it passes
     */
    static Optional<String> failure(String name, Values actual, Values expected, ToleranceRule rule) {
        if (actual == null) {
            return Optional.of(name + ": not computed");
        }
        if (!actual.shape().equals(expected.shape())) {
            return Optional.of(name + ": actual shape " + actual.shape() + ", expected " + expected.shape());
        }
        int broken = firstBroken(name, actual.data(), expected.data());
        if (broken >= 0) {
            return Optional.of(line(name, broken, actual, expected, "limit " + rule.limit()));
        }
        double distance = rule.measure().distance(actual.data(), expected.data());
        if (distance <= rule.limit()) {
            return Optional.empty();
        }
        return Optional.of(line(name, worst(actual.data(), expected.data()), actual, expected,
                "%s %.3g exceeds limit %s".formatted(rule.measure(), distance, rule.limit())));
    }

    private static String line(String name, int at, Values actual, Values expected, String verdict) {
        return name + ": worst at " + expected.index(at) + ": actual " + actual.data()[at] + ", expected "
                + expected.data()[at] + ", " + verdict;
    }

    /** The first element that is no number on one side only, or that is infinite; -1 if there is none. */
    private static int firstBroken(String name, float[] actual, float[] expected) {
        for (int i = 0; i < expected.length; i++) {
            boolean bothNaN = name.startsWith(MAY_BE_NAN) && Float.isNaN(actual[i]) && Float.isNaN(expected[i]);
            if (!bothNaN && !(Float.isFinite(actual[i]) && Float.isFinite(expected[i]))) {
                return i;
            }
        }
        return -1;
    }

    private static int worst(float[] actual, float[] expected) {
        int worst = 0;
        double largest = -1;
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs((double) actual[i] - expected[i]);
            if (difference > largest) {
                largest = difference;
                worst = i;
            }
        }
        return worst;
    }
}
