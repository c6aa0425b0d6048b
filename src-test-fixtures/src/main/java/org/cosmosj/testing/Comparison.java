package org.cosmosj.testing;

import java.util.Arrays;
import java.util.Locale;

/**
 * The outcome of comparing two arrays under a {@link Tolerance}.
 *
 * @param differing how many numbers are beyond the limit; under {@code RMS_REL} all or none, and NaN counts in any case
 * @param total how many were compared
 * @param measured the value of the measure; infinite if a number was not finite
 * @param message one line with the worst number, or that all is well
 */
public record Comparison(long differing, long total, double measured, String message) {
    private static final double SMALLEST_SCALE = 1e-6;
    private static final double SMALLEST_SHARE = 1e-3;

    /**
     * Whether nothing differs.
     *
     * @return true if all numbers are within the limit
     */
    public boolean passed() {
        return differing == 0;
    }

    /**
     * Compares row-major arrays.
     *
     * @param actual what was computed
     * @param expected what is right
     * @param shape sizes of both
     * @param tolerance measure and limit
     * @return the outcome
     */
    public static Comparison of(double[] actual, double[] expected, long[] shape, Tolerance tolerance) {
        long count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        if (actual.length != expected.length || actual.length != count) {
            return new Comparison(Math.max(1, actual.length), actual.length, Double.POSITIVE_INFINITY, actual.length
                    + " actual and " + expected.length + " expected numbers for shape " + Arrays.toString(shape));
        }
        double scale = 0;
        for (double e : expected) {
            scale = Math.max(scale, Double.isFinite(e) ? Math.abs(e) : 0);
        }
        return tolerance.measure() == Tolerance.Measure.RMS_REL
                ? rootMeanSquare(actual, expected, shape, tolerance)
                : eachNumber(actual, expected, shape, tolerance, scale);
    }

    private static Comparison eachNumber(double[] actual, double[] expected, long[] shape, Tolerance tolerance,
            double scale) {
        long differing = 0;
        double worst = -1;
        int worstAt = -1;
        for (int i = 0; i < actual.length; i++) {
            double error = error(actual[i], expected[i], tolerance) / unit(expected[i], scale, tolerance);
            differing += error <= tolerance.limit() ? 0 : 1;
            if (error > worst) {
                worst = error;
                worstAt = i;
            }
        }
        if (differing == 0) {
            return new Comparison(0, actual.length, Math.max(worst, 0), "all " + actual.length + " agree");
        }
        double limit = tolerance.limit() * unit(expected[worstAt], scale, tolerance);
        return new Comparison(differing, actual.length, worst, differing + " of " + actual.length
                + " differ, worst at " + index(worstAt, shape) + ": actual " + number(actual[worstAt])
                + ", expected " + number(expected[worstAt]) + ", limit " + scientific(limit));
    }

    private static Comparison rootMeanSquare(double[] actual, double[] expected, long[] shape, Tolerance tolerance) {
        double errors = 0;
        double squares = 0;
        for (int i = 0; i < actual.length; i++) {
            double error = error(actual[i], expected[i], tolerance);
            if (Double.isInfinite(error)) {
                // One number that is not finite decides; show where it stands.
                return eachNumber(actual, expected, shape, tolerance, 1);
            }
            errors += error * error;
            squares += Double.isNaN(expected[i]) ? 0 : expected[i] * expected[i];
        }
        double measured = errors == 0 ? 0 : Math.sqrt(errors / squares);
        boolean passed = measured <= tolerance.limit();
        return new Comparison(passed ? 0 : actual.length, actual.length, measured,
                "rms(actual - expected) / rms(expected) is " + scientific(measured) + ", limit "
                        + scientific(tolerance.limit()));
    }

    /** Distance of two numbers; infinite where no limit can be right. */
    private static double error(double actual, double expected, Tolerance tolerance) {
        if (Double.isNaN(expected) && tolerance.notANumber() == Tolerance.ExpectedNaN.MUST_MATCH) {
            return Double.isNaN(actual) ? 0 : Double.POSITIVE_INFINITY;
        }
        boolean finite = Double.isFinite(actual) && Double.isFinite(expected);
        return finite ? Math.abs(actual - expected) : Double.POSITIVE_INFINITY;
    }

    private static double unit(double expected, double scale, Tolerance tolerance) {
        return switch (tolerance.measure()) {
            case EXACT, MAX_ABS, RMS_REL -> 1;
            case MAX_REL -> Math.max(scale, SMALLEST_SCALE);
            case EACH_REL ->
                Math.max(Math.max(Double.isFinite(expected) ? Math.abs(expected) : 0, scale * SMALLEST_SHARE),
                        Double.MIN_NORMAL);
        };
    }

    /** As few digits as tell the number from its neighbours in its own precision. */
    private static String number(double value) {
        return (float) value == value ? Float.toString((float) value) : Double.toString(value);
    }

    private static String scientific(double value) {
        return String.format(Locale.ROOT, "%.1e", value).replaceFirst("e([+-])0", "e$1");
    }

    /** Row-major position as indices, such as {@code [1, 7, 12]}. */
    private static String index(long position, long[] shape) {
        long[] index = new long[shape.length];
        long rest = position;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            index[axis] = rest % shape[axis];
            rest /= shape[axis];
        }
        return Arrays.toString(index);
    }
}
