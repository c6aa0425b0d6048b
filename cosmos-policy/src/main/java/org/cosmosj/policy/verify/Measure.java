package org.cosmosj.policy.verify;

import java.util.Locale;

/** How the distance of an actual tensor {@code a} from the expected {@code e} is measured. */
enum Measure {
    /** An input; not compared. */
    SKIP,
    /** The largest {@code |a - e|}, with limit 0. */
    EXACT,
    /** The largest {@code |a - e|}. */
    MAX_ABS,
    /** The largest {@code |a - e|} over the larger of 1e-6 and the largest {@code |e|}. */
    MAX_REL,
    /** {@code rms(a - e) / rms(e)}. */
    RMS_REL;

    private static final double SMALLEST_SCALE = 1e-6;

    /** The measure of a name such as {@code max_rel}. */
    static Measure parse(String name) {
        for (Measure measure : values()) {
            if (measure.toString().equals(name)) {
                return measure;
            }
        }
        throw new IllegalArgumentException("tolerance: measure '" + name
                + "' is unknown; this version knows skip, exact, max_abs, max_rel and rms_rel");
    }

    /**
     * The distance; pairs in which the expected value is NaN are left out.
     *
     * @param actual finite wherever the expected value is a number
     * @param expected of the same length
     * @return at least 0
     */
    double distance(float[] actual, float[] expected) {
        double largest = 0;
        double scale = 0;
        double squares = 0;
        double scaleSquares = 0;
        for (int i = 0; i < expected.length; i++) {
            if (!Float.isNaN(expected[i])) {
                double difference = (double) actual[i] - expected[i];
                largest = Math.max(largest, Math.abs(difference));
                scale = Math.max(scale, Math.abs((double) expected[i]));
                squares += difference * difference;
                scaleSquares += (double) expected[i] * expected[i];
            }
        }
        return switch (this) {
            case SKIP -> 0;
            case EXACT, MAX_ABS -> largest;
            case MAX_REL -> largest / Math.max(scale, SMALLEST_SCALE);
            case RMS_REL -> squares == 0 ? 0 : Math.sqrt(squares / scaleSquares);
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
