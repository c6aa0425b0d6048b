package org.cosmosj.libero.scene;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Sines and cosines rounded correctly, as the C library that NumPy calls rounds them in all but the rarest cases;
 * {@link StrictMath} may be off by one unit in the last place, which would be a start that the reference never has.
 */
final class Trigonometry {

    private static final MathContext DIGITS = new MathContext(80);
    private static final BigDecimal NEGLIGIBLE = BigDecimal.ONE.movePointLeft(60);

    private Trigonometry() {
    }

    static double sin(double angle) {
        BigDecimal x = new BigDecimal(angle);
        return series(x, x, 1);
    }

    static double cos(double angle) {
        return series(new BigDecimal(angle), BigDecimal.ONE, 0);
    }

    /** {@code first - first x^2 / ((k+1)(k+2)) + ...}: the power series, for angles of a few radians. */
    private static double series(BigDecimal x, BigDecimal first, int k) {
        BigDecimal square = x.multiply(x, DIGITS).negate();
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal term = first;
        for (int n = k; term.abs().compareTo(NEGLIGIBLE) > 0; n += 2) {
            sum = sum.add(term, DIGITS);
            term = term.multiply(square, DIGITS).divide(BigDecimal.valueOf((n + 1L) * (n + 2L)), DIGITS);
        }
        return sum.doubleValue();
    }
}
