package org.cosmosj.bench;

/** Activations as their formulas say, in double precision. */
final class Formulas {
    /** From here on erf is 1 in double precision. */
    private static final double ERF_IS_ONE = 6;

    private Formulas() {}

    static double silu(double x) {
        return x / (1 + Math.exp(-x));
    }

    static double siluSlope(double x) {
        double s = 1 / (1 + Math.exp(-x));
        return s * (1 + x * (1 - s));
    }

    static double gelu(double x) {
        return 0.5 * x * (1 + erf(x / Math.sqrt(2)));
    }

    static double geluSlope(double x) {
        return 0.5 * (1 + erf(x / Math.sqrt(2))) + x * Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
    }

    /** {@code erf(x) = 2/sqrt(pi) e^(-x^2) sum_n 2^n x^(2n+1) / (1 3 .. (2n+1))}, whose terms all have one sign. */
    static double erf(double x) {
        if (Math.abs(x) > ERF_IS_ONE) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }
}
