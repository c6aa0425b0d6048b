package org.cosmosj.tensor.internal.cpu.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NE;
import static jdk.incubator.vector.VectorOperators.XOR;
import static org.cosmosj.tensor.internal.cpu.vector.Species.FLOAT;

import java.util.function.DoubleUnaryOperator;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * Elementary functions as polynomials of add, multiply and fma only, so that interpreted and compiled code return the
 * same bits (the JDK's own lanewise functions do not). NaN stays NaN. Equal inputs give equal bits in every lane and
 * for every vector width. Errors are the largest seen against StrictMath, in units in the last place (ulp).
 */
final class VectorMath {
    /** 1.5 * 2^23: adding it rounds to an integer that stands in the low mantissa bits. */
    private static final float ROUNDER = 12582912f;
    private static final float LOG2_E = 1.44269504088896341f;
    private static final float LN_2_HIGH = 0.693359375f;
    private static final float LN_2_LOW = -2.12194440e-4f;

    private static final int ROUNDER_BITS = 0x4B400000;
    private static final int SQRT_HALF_BITS = 0x3F3504F3;

    private static final float TWO_BY_PI = 0x1.45f306p-1f;
    private static final float HALF_PI_HIGH = 0x1.921fb6p0f;
    private static final float HALF_PI_MIDDLE = -0x1.777a5cp-25f;
    private static final float HALF_PI_LOW = -0x1.ee59dap-50f;
    /** Larger angles are rare and go lane by lane through StrictMath. */
    private static final float LARGEST_REDUCED_ANGLE = 1e5f;

    /** From here on the bell curve is taken for 0: 87.9, half the square, is where e^-x has become subnormal. */
    private static final float TAIL_LARGEST = 13.26f;
    private static final float INV_SQRT_2_PI = 0x1.988454p-2f;

    private VectorMath() {}

    private static FloatVector all(float value) {
        return FloatVector.broadcast(FLOAT, value);
    }

    /**
     * {@code 2^x}. Below -126.5 the result is 0 (no subnormals), from 127.5 infinity. Minimax polynomial of degree 6
     * for the fraction, relative error 4e-9 before rounding.
     */
    static FloatVector exp2(FloatVector x) {
        FloatVector upper = x.blend(128f, x.compare(GT, 128f));
        return exp2UpTo127(upper);
    }

    /** {@link #exp2} for {@code x < 127.5} or NaN. */
    static FloatVector exp2UpTo127(FloatVector x) {
        FloatVector clamped = x.blend(-127f, x.compare(LT, -127f));
        // The 127 makes the low bits of the rounded sum the biased exponent, 0 .. 255.
        FloatVector rounded = clamped.add(ROUNDER + 127f);
        FloatVector f = clamped.sub(rounded.sub(ROUNDER + 127f));
        FloatVector p =
                f.fma(all(1.5469732e-4f), all(1.3410001e-3f));
        p = p.fma(f, all(9.618031e-3f));
        p = p.fma(f, all(5.5502973e-2f));
        p = p.fma(f, all(2.4022651e-1f));
        p = p.fma(f, all(6.931472e-1f));
        p = p.fma(f, all(1f));
        // A product, not an integer add to the exponent: NaN and infinity come out right.
        return p.mul(powerOfTwo(rounded));
    }

    /**
     * {@code e^x} over the whole range with subnormal results. {@code x = n ln 2 + r}; e^r by the Cephes polynomial;
     * 2^n in two factors, because 2^-150 and 2^128 are no floats. At most 1.5 ulp.
     */
    static FloatVector exp(FloatVector x) {
        FloatVector clamped = x.blend(89f, x.compare(GT, 89f));
        clamped = clamped.blend(-104f, clamped.compare(LT, -104f));
        FloatVector n = clamped.fma(all(LOG2_E), all(ROUNDER))
                .sub(ROUNDER);
        FloatVector r = n.fma(all(-LN_2_HIGH), clamped);
        r = n.fma(all(-LN_2_LOW), r);
        FloatVector p = expOfFraction(r);
        FloatVector half = n.mul(0.5f).add(ROUNDER + 127f);
        FloatVector rest = n.sub(half.sub(ROUNDER + 127f)).add(ROUNDER + 127f);
        return p.mul(powerOfTwo(half)).mul(powerOfTwo(rest));
    }

    /**
     * {@code e^x} for x of at most 0, or NaN, in fewer steps: results below the smallest normal number are 0. Elsewhere
     * bit for bit {@link #exp}.
     */
    private static FloatVector expOfNegative(FloatVector x) {
        FloatVector clamped = x.blend(-88f, x.compare(LT, -88f));
        FloatVector rounded = clamped.fma(all(LOG2_E), all(ROUNDER + 127f));
        FloatVector n = rounded.sub(ROUNDER + 127f);
        FloatVector r = n.fma(all(-LN_2_HIGH), clamped);
        return expOfFraction(n.fma(all(-LN_2_LOW), r)).mul(powerOfTwo(rounded));
    }

    /** {@code e^r} for r within half of ln 2. */
    private static FloatVector expOfFraction(FloatVector r) {
        FloatVector p = r.fma(all(1.9875691500e-4f), all(1.3981999507e-3f));
        p = p.fma(r, all(8.3334519073e-3f));
        p = p.fma(r, all(4.1665795894e-2f));
        p = p.fma(r, all(1.6666665459e-1f));
        p = p.fma(r, all(5.0000001201e-1f));
        return p.fma(r.mul(r), r).add(1f);
    }

    /** 2^n for {@code rounded = ROUNDER + 127 + n}, n in [-127, 128]; 0 and infinity at the ends. */
    private static FloatVector powerOfTwo(FloatVector rounded) {
        return rounded.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
    }

    /**
     * {@code ln x}; at most 1.0 ulp; -infinity at 0, NaN below.
     *
     * @param x any
     * @return its natural logarithm
     */
    static FloatVector log(FloatVector x) {
        VectorMask<Float> tiny = x.compare(LT, Float.MIN_NORMAL);
        IntVector bits = x.blend(x.mul(0x1p24f), tiny).reinterpretAsInts();
        IntVector n = bits.sub(SQRT_HALF_BITS).lanewise(ASHR, 23);
        FloatVector f = bits.sub(n.lanewise(LSHL, 23)).reinterpretAsFloats().sub(1f);
        FloatVector e = n.add(ROUNDER_BITS).reinterpretAsFloats().sub(ROUNDER);
        e = e.blend(e.sub(24f), tiny);
        FloatVector p = f.fma(all(0x1.147334p-4f), all(-0x1.de01d8p-4f));
        p = p.fma(f, all(0x1.e6c00ap-4f));
        p = p.fma(f, all(-0x1.fc28cap-4f));
        p = p.fma(f, all(0x1.233ba2p-3f));
        p = p.fma(f, all(-0x1.555c44p-3f));
        p = p.fma(f, all(0x1.99a476p-3f));
        p = p.fma(f, all(-0x1.000006p-2f));
        p = p.fma(f, all(0x1.555548p-2f));
        FloatVector square = f.mul(f);
        FloatVector small = square.mul(f).mul(p);
        small = e.fma(all(LN_2_LOW), small);
        small = square.fma(all(-0.5f), small);
        FloatVector result = e.fma(all(LN_2_HIGH), small.add(f));
        result = result.blend(Float.NaN, x.compare(LT, 0f));
        result = result.blend(Float.NEGATIVE_INFINITY, x.compare(EQ, 0f));
        return x.blend(result, x.compare(LT, Float.POSITIVE_INFINITY));
    }

    /**
     * {@code 1/(1+e^-x)}; at most 2.1 ulp.
     *
     * @param x any
     * @return its logistic function
     */
    static FloatVector sigmoid(FloatVector x) {
        FloatVector z = expOfNegative(x.abs().neg());
        return all(1f).blend(z, x.compare(LT, 0f)).div(z.add(1f));
    }

    /**
     * {@code sigmoid(x) (1 - sigmoid(x)) = z / (1+z)^2} with {@code z = e^-|x|}, without cancellation.
     *
     * @param x any
     * @return the derivative of the logistic function
     */
    static FloatVector sigmoidDerivative(FloatVector x) {
        FloatVector z = expOfNegative(x.abs().neg());
        FloatVector inverse = all(1f).div(z.add(1f));
        return z.mul(inverse).mul(inverse);
    }

    /**
     * {@code x sigmoid(x)}; at most 3.0 ulp.
     *
     * @param x any
     * @return its SiLU
     */
    static FloatVector silu(FloatVector x) {
        return x.mul(sigmoid(x));
    }

    /**
     * {@code d/dx x sigmoid(x) = s (1 + x (1 - s))}; relative to its largest terms.
     *
     * @param x any
     * @return the derivative
     */
    static FloatVector siluDerivative(FloatVector x) {
        FloatVector z = expOfNegative(x.abs().neg());
        FloatVector inverse = all(1f).div(z.add(1f));
        FloatVector other = z.mul(inverse);
        VectorMask<Float> negative = x.compare(LT, 0f);
        FloatVector s = inverse.blend(other, negative);
        FloatVector complement = other.blend(inverse, negative);
        return x.mul(complement).fma(s, s);
    }

    /**
     * {@code tanh x}; at most 2.0 ulp.
     *
     * @param x any
     * @return its hyperbolic tangent
     */
    static FloatVector tanh(FloatVector x) {
        FloatVector a = x.abs();
        FloatVector s = x.mul(x);
        FloatVector p = s.fma(all(0x1.1a2814p-9f), all(-0x1.0c5ed0p-7f));
        p = p.fma(s, all(0x1.63a550p-6f));
        p = p.fma(s, all(-0x1.b9f188p-5f));
        p = p.fma(s, all(0x1.11107ap-3f));
        p = p.fma(s, all(-0x1.555554p-2f));
        FloatVector near = s.mul(p).fma(x, x);
        FloatVector far = all(1f).sub(all(2f).div(exp(a.add(a)).add(1f)));
        far = far.blend(far.neg(), x.compare(LT, 0f));
        return far.blend(near, a.compare(LE, 0.625f));
    }

    /**
     * {@code 1 - tanh(x)^2 = 4 z / (1+z)^2} with {@code z = e^-2|x|}, without cancellation.
     *
     * @param x any
     * @return the derivative of tanh
     */
    static FloatVector tanhDerivative(FloatVector x) {
        FloatVector a = x.abs();
        FloatVector z = exp(a.add(a).neg());
        FloatVector inverse = all(2f).div(z.add(1f));
        return z.mul(inverse).mul(inverse);
    }

    /**
     * {@code sin x}; at most 1.5 ulp up to 1e5 in size, correctly rounded beyond.
     *
     * @param x angle in radians; infinities give NaN
     * @return its sine
     */
    static FloatVector sin(FloatVector x) {
        FloatVector t = x.fma(all(TWO_BY_PI), all(ROUNDER));
        FloatVector result = quarterWave(x, t.sub(ROUNDER), t.reinterpretAsInts());
        return exactBeyond(x, result, StrictMath::sin);
    }

    /**
     * {@code cos x}; accuracy as {@link #sin}.
     *
     * @param x angle in radians; infinities give NaN
     * @return its cosine
     */
    static FloatVector cos(FloatVector x) {
        FloatVector t = x.fma(all(TWO_BY_PI), all(ROUNDER));
        FloatVector result = quarterWave(x, t.sub(ROUNDER), t.reinterpretAsInts().add(1));
        return exactBeyond(x, result, StrictMath::cos);
    }

    /** {@code sin(x - n pi/2 + quarter pi/2)}; only the last two bits of quarter count. */
    private static FloatVector quarterWave(FloatVector x, FloatVector n, IntVector quarter) {
        FloatVector r = n.fma(all(-HALF_PI_HIGH), x);
        r = n.fma(all(-HALF_PI_MIDDLE), r);
        r = n.fma(all(-HALF_PI_LOW), r);
        FloatVector s = r.mul(r);
        FloatVector sine = s.fma(all(0x1.7c2da6p-19f), all(-0x1.a05956p-13f));
        sine = sine.fma(s, all(0x1.111174p-7f));
        sine = sine.fma(s, all(-0x1.555556p-3f));
        sine = s.mul(sine).fma(r, r);
        FloatVector cosine = s.fma(all(-0x1.36175ap-22f), all(0x1.a071bcp-16f));
        cosine = cosine.fma(s, all(-0x1.6c175ep-10f));
        cosine = cosine.fma(s, all(0x1.555556p-5f));
        cosine = cosine.fma(s, all(-0.5f));
        cosine = cosine.fma(s, all(1f));
        FloatVector wave = sine.blend(cosine, quarter.and(1).compare(NE, 0).cast(FLOAT));
        IntVector sign = quarter.and(2).lanewise(LSHL, 30);
        return wave.reinterpretAsInts().lanewise(XOR, sign).reinterpretAsFloats();
    }

    private static FloatVector exactBeyond(FloatVector x, FloatVector result, DoubleUnaryOperator f) {
        VectorMask<Float> large = x.abs().compare(GT, LARGEST_REDUCED_ANGLE);
        if (!large.anyTrue()) {
            return result;
        }
        float[] angles = x.toArray();
        for (int i = 0; i < angles.length; i++) {
            angles[i] = (float) f.applyAsDouble(angles[i]);
        }
        return result.blend(FloatVector.fromArray(FLOAT, angles, 0), large);
    }

    /**
     * {@code e^(-x^2/2)}, with the rounding error of the square put back; at most 2.0 ulp.
     *
     * @param x any
     * @return the bell curve, 0 where it is no normal number
     */
    static FloatVector bell(FloatVector x) {
        FloatVector a = sizeForTail(x);
        FloatVector half = a.mul(-0.5f);
        FloatVector square = a.mul(half);
        FloatVector rounded = square.fma(all(LOG2_E), all(ROUNDER + 127f));
        FloatVector n = rounded.sub(ROUNDER + 127f);
        FloatVector r = n.fma(all(-LN_2_HIGH), square);
        r = n.fma(all(-LN_2_LOW), r).add(a.fma(half, square.neg()));
        return expOfFraction(r).mul(powerOfTwo(rounded));
    }

    private static FloatVector sizeForTail(FloatVector x) {
        FloatVector a = x.abs();
        return a.blend(TAIL_LARGEST, a.compare(GT, TAIL_LARGEST));
    }

    /**
     * {@code 1 - Phi(a)}, given {@code b = e^(-a^2/2)}: {@code b P(q) / (a + 4)}, {@code q = (a - 4)/(a + 4)}.
     */
    private static FloatVector upperTail(FloatVector a, FloatVector bell) {
        FloatVector r = all(1f).div(a.add(4f));
        FloatVector q = a.sub(4f).mul(r);
        FloatVector p = q.fma(all(-0x1.078dc0p-13f), all(0x1.a4b272p-13f));
        p = p.fma(q, all(0x1.9eeb46p-10f));
        p = p.fma(q, all(-0x1.ce2a3ap-9f));
        p = p.fma(q, all(-0x1.ede048p-8f));
        p = p.fma(q, all(0x1.eedad0p-5f));
        p = p.fma(q, all(-0x1.7dfed6p-3f));
        p = p.fma(q, all(0x1.8c6d84p-2f));
        p = p.fma(q, all(-0x1.373e3cp-1f));
        p = p.fma(q, all(0x1.82b4bcp-1f));
        return bell.mul(p.mul(r));
    }

    /**
     * The normal distribution function {@code Phi(x) = (1 + erf(x / sqrt 2)) / 2}; at most 2.5 ulp above 0 and 5
     * ulp below, also far in the lower tail where {@code 1 + erf} would cancel.
     *
     * @param x any
     * @return its probability
     */
    static FloatVector phi(FloatVector x) {
        return phi(x, bell(x));
    }

    private static FloatVector phi(FloatVector x, FloatVector bell) {
        FloatVector tail = upperTail(x.abs(), bell);
        return all(1f).sub(tail).blend(tail, x.compare(LT, 0f));
    }

    /**
     * {@code x Phi(x)}; at most 3.5 ulp above 0 and 5 ulp below.
     *
     * @param x any
     * @return its exact GELU
     */
    static FloatVector gelu(FloatVector x) {
        return gelu(x, bell(x));
    }

    /** The same with {@link #bell} of x known. */
    static FloatVector gelu(FloatVector x, FloatVector bell) {
        // x Phi(x) = max(x, 0) - |x| (1 - Phi(|x|)), where only the last step rounds.
        FloatVector positivePart = x.mul(all(1f).blend(0f, x.compare(LT, 0f)));
        FloatVector a = sizeForTail(x);
        return upperTail(a, bell).fma(a.neg(), positivePart);
    }

    /**
     * {@code d/dx x Phi(x) = Phi(x) + x e^(-x^2/2) / sqrt(2 pi)}; relative to its largest term.
     *
     * @param x any
     * @return the derivative
     */
    static FloatVector geluDerivative(FloatVector x) {
        return geluDerivative(x, bell(x));
    }

    /** The same with {@link #bell} of x known. */
    static FloatVector geluDerivative(FloatVector x, FloatVector bell) {
        return x.mul(INV_SQRT_2_PI).fma(bell, phi(x, bell));
    }
}
