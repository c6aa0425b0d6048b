package org.cosmosj.testing;

import java.util.Locale;

/**
 * How far numbers may be apart: a measure and its limit. Per dtype the limit grows with the length of the reduction
 * behind each number: {@code 4 u (1 + sqrt(n))} with the unit roundoff {@code u}. NaN or infinity in the actual values
 * fails every comparison.
 *
 * @param measure what is measured
 * @param limit largest passing value of the measure; 0 for {@link Measure#EXACT}
 * @param notANumber what a NaN that was expected means
 */
public record Tolerance(Measure measure, double limit, ExpectedNaN notANumber) {
    /**
     * Factor of the unit roundoff: four roundings of half an ulp each, for the numbers before and after a reduction.
     */
    private static final double ROUNDINGS = 4;

    /** Ways to measure the distance of actual a from expected e. */
    public enum Measure {
        /** a equals e in every bit but the sign of zero. */
        EXACT,
        /** {@code max |a - e|}. */
        MAX_ABS,
        /** {@code max |a - e| / max(max |e|, 1e-6)}. */
        MAX_REL,
        /** {@code rms(a - e) / rms(e)}. */
        RMS_REL,
        /** {@code max (|a - e| / max(|e|, max |e| / 1000))}: every number by itself, for elementwise functions. */
        EACH_REL;

        /**
         * The measure that golden files call {@code exact}, {@code max_abs}, {@code max_rel} or {@code rms_rel}.
         *
         * @param name lower-case name
         * @return the measure
         */
        public static Measure named(String name) {
            return valueOf(name.toUpperCase(Locale.ROOT));
        }
    }

    /** What to do with NaN among the expected values. */
    public enum ExpectedNaN {
        /** The comparison fails. */
        FAILS,
        /** The actual value must be NaN in the same place; golden files mark left-out loss terms so. */
        MUST_MATCH
    }

    /** Checks the limit. */
    public Tolerance {
        if (!(limit >= 0) || Double.isInfinite(limit)) {
            throw new IllegalArgumentException("tolerance: limit " + limit + " must be finite and at least 0");
        }
    }

    /**
     * A measure with its limit.
     *
     * @param measure what is measured
     * @param limit largest passing value
     * @return the tolerance
     */
    public static Tolerance of(Measure measure, double limit) {
        return new Tolerance(measure, limit, ExpectedNaN.FAILS);
    }

    /**
     * Equality.
     *
     * @return the tolerance
     */
    public static Tolerance exact() {
        return of(Measure.EXACT, 0);
    }

    /**
     * F64 arithmetic on both sides.
     *
     * @return the tolerance without a reduction
     */
    public static Tolerance f64() {
        return of(Measure.MAX_REL, ROUNDINGS * 0x1p-53);
    }

    /**
     * F32 arithmetic against a better reference.
     *
     * @return the tolerance without a reduction
     */
    public static Tolerance f32() {
        return of(Measure.MAX_REL, ROUNDINGS * 0x1p-24);
    }

    /**
     * BF16 arithmetic against a better reference.
     *
     * @return the tolerance without a reduction
     */
    public static Tolerance bf16() {
        return of(Measure.MAX_REL, ROUNDINGS * 0x1p-9);
    }

    /**
     * A derivative against {@link FiniteDifferences} in F64; a wrong term or factor is far outside it.
     *
     * @param scale size of the largest derivatives
     * @return the tolerance
     */
    public static Tolerance finiteDifference(double scale) {
        return of(Measure.MAX_ABS, 1e-7 * scale);
    }

    /**
     * This tolerance for numbers that are sums of n terms.
     *
     * @param n terms, 0 or more
     * @return limit times {@code 1 + sqrt(n)}
     */
    public Tolerance forReductionOf(long n) {
        return times(1 + Math.sqrt(n));
    }

    /**
     * This tolerance made wider; say at the call what was measured.
     *
     * @param factor above 0
     * @return limit times factor
     */
    public Tolerance times(double factor) {
        return new Tolerance(measure, limit * factor, notANumber);
    }

    /**
     * The same limit for every number by itself instead of relative to the largest.
     *
     * @return the tolerance with {@link Measure#EACH_REL}
     */
    public Tolerance ofEach() {
        return new Tolerance(Measure.EACH_REL, limit, notANumber);
    }

    /**
     * The same, but an expected NaN requires NaN.
     *
     * @return the tolerance with {@link ExpectedNaN#MUST_MATCH}
     */
    public Tolerance matchingNaN() {
        return new Tolerance(measure, limit, ExpectedNaN.MUST_MATCH);
    }
}
