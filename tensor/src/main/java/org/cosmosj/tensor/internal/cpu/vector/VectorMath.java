package org.cosmosj.tensor.internal.cpu.vector;

import static org.cosmosj.tensor.internal.cpu.vector.Species.FLOAT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Elementary functions as polynomials of add, multiply and fma only, so that interpreted and compiled code return the
 * same bits (the JDK's own lanewise functions do not). NaN stays NaN.
 */
final class VectorMath {
    /** 1.5 * 2^23: adding it rounds to an integer that stands in the low mantissa bits. */
    private static final float ROUNDER = 12582912f;
    private static final float LOG2_E = 1.44269504088896341f;
    private static final float LN_2_HIGH = 0.693359375f;
    private static final float LN_2_LOW = -2.12194440e-4f;

    private VectorMath() {}

    /**
     * {@code 2^x}. Below -126.5 the result is 0 (no subnormals), from 127.5 infinity. Minimax polynomial of degree 6
     * for the fraction, relative error 4e-9 before rounding.
     */
    static FloatVector exp2(FloatVector x) {
        FloatVector upper = x.blend(128f, x.compare(VectorOperators.GT, 128f));
        return exp2UpTo127(upper);
    }

    /** {@link #exp2} for {@code x < 127.5} or NaN. */
    static FloatVector exp2UpTo127(FloatVector x) {
        FloatVector clamped = x.blend(-127f, x.compare(VectorOperators.LT, -127f));
        // The 127 makes the low bits of the rounded sum the biased exponent, 0 .. 255.
        FloatVector rounded = clamped.add(ROUNDER + 127f);
        FloatVector f = clamped.sub(rounded.sub(ROUNDER + 127f));
        FloatVector p =
                f.fma(FloatVector.broadcast(FLOAT, 1.5469732e-4f), FloatVector.broadcast(FLOAT, 1.3410001e-3f));
        p = p.fma(f, FloatVector.broadcast(FLOAT, 9.618031e-3f));
        p = p.fma(f, FloatVector.broadcast(FLOAT, 5.5502973e-2f));
        p = p.fma(f, FloatVector.broadcast(FLOAT, 2.4022651e-1f));
        p = p.fma(f, FloatVector.broadcast(FLOAT, 6.931472e-1f));
        p = p.fma(f, FloatVector.broadcast(FLOAT, 1f));
        // A product, not an integer add to the exponent: NaN and infinity come out right.
        return p.mul(powerOfTwo(rounded));
    }

    /**
     * {@code e^x} over the whole range with subnormal results. {@code x = n ln 2 + r}; e^r by the Cephes polynomial;
     * 2^n in two factors, because 2^-150 and 2^128 are no floats.
     */
    static FloatVector exp(FloatVector x) {
        FloatVector clamped = x.blend(89f, x.compare(VectorOperators.GT, 89f));
        clamped = clamped.blend(-104f, clamped.compare(VectorOperators.LT, -104f));
        FloatVector n = clamped.fma(FloatVector.broadcast(FLOAT, LOG2_E), FloatVector.broadcast(FLOAT, ROUNDER))
                .sub(ROUNDER);
        FloatVector r = n.fma(FloatVector.broadcast(FLOAT, -LN_2_HIGH), clamped);
        r = n.fma(FloatVector.broadcast(FLOAT, -LN_2_LOW), r);
        FloatVector p = r.fma(FloatVector.broadcast(FLOAT, 1.9875691500e-4f),
                FloatVector.broadcast(FLOAT, 1.3981999507e-3f));
        p = p.fma(r, FloatVector.broadcast(FLOAT, 8.3334519073e-3f));
        p = p.fma(r, FloatVector.broadcast(FLOAT, 4.1665795894e-2f));
        p = p.fma(r, FloatVector.broadcast(FLOAT, 1.6666665459e-1f));
        p = p.fma(r, FloatVector.broadcast(FLOAT, 5.0000001201e-1f));
        p = p.fma(r.mul(r), r).add(1f);
        FloatVector half = n.mul(0.5f).add(ROUNDER + 127f);
        FloatVector rest = n.sub(half.sub(ROUNDER + 127f)).add(ROUNDER + 127f);
        return p.mul(powerOfTwo(half)).mul(powerOfTwo(rest));
    }

    /** 2^n for {@code rounded = ROUNDER + 127 + n}, n in [-127, 128]; 0 and infinity at the ends. */
    private static FloatVector powerOfTwo(FloatVector rounded) {
        return rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }
}
