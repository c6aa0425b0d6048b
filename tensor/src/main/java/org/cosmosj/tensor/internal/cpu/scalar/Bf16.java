package org.cosmosj.tensor.internal.cpu.scalar;

/**
 * The arithmetic of BF16 products, as the processors that have instructions for it define it: factors are rounded to
 * nearest even, a pair of products is added odd one first, each addition rounds to F32, and denormal numbers are zero
 * everywhere. Source: Intel's Software Developer's Manual, volume 2, VDPBF16PS and VCVTNE2PS2BF16.
 */
public final class Bf16 {
    /** The binary exponent of the smallest normal number. */
    private static final int SMALLEST_EXPONENT = Float.MIN_EXPONENT;
    /** A product of two significands of 8 bits ends so many bits below its leading one at most. */
    private static final int PRODUCT_BITS = 14;

    private Bf16() {}

    /**
     * Rounds a factor.
     *
     * @param value any number
     * @return the nearest BF16, ties to even; a denormal number gives 0, NaN stays NaN
     */
    public static float rounded(float value) {
        int bits = Float.floatToRawIntBits(flushed(value));
        if (value != value) {
            return value;
        }
        return Float.intBitsToFloat(bits + 0x7FFF + (bits >>> 16 & 1) & 0xFFFF0000);
    }

    /**
     * Takes denormal numbers for zero.
     *
     * @param value any number
     * @return 0 of the same sign, or the number
     */
    public static float flushed(float value) {
        return Math.abs(value) < Float.MIN_NORMAL ? Math.copySign(0f, value) : value;
    }

    /**
     * One step of a sum.
     *
     * @param a rounded factor
     * @param b rounded factor
     * @param sum so far
     * @return {@code a b + sum}, rounded once
     */
    public static float multiplyAdd(float a, float b, float sum) {
        return flushed(Math.fma(a, b, sum));
    }

    /**
     * Whether sums of products can never meet a denormal number, so that plain F32 arithmetic gives the same bits: all
     * partial sums are multiples of the last bit that a product can have.
     *
     * @param smallestLeft least magnitude of the left factors that are not 0
     * @param smallestRight the same of the right factors
     * @return true if plain fma will do
     */
    public static boolean staysNormal(float smallestLeft, float smallestRight) {
        return Math.getExponent(smallestLeft) + Math.getExponent(smallestRight) - PRODUCT_BITS >= SMALLEST_EXPONENT;
    }
}
