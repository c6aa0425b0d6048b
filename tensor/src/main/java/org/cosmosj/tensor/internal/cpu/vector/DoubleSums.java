package org.cosmosj.tensor.internal.cpu.vector;

import static org.cosmosj.tensor.internal.cpu.vector.Species.FLOAT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums of floats in double: a result that is handed out (a loss, a norm, the gradient of a bias) is right to the last
 * bit of float however long the sum is and however much of it cancels. Memory is still the limit.
 */
final class DoubleSums {
    /** Doubles as wide as all other vectors. */
    static final VectorSpecies<Double> DOUBLE = VectorSpecies.of(double.class, FLOAT.vectorShape());
    /** Doubles per vector. */
    static final int LANES = DOUBLE.length();

    /** As many floats as a vector has doubles. */
    private static final VectorSpecies<Float> HALF =
            VectorSpecies.of(float.class, VectorShape.forBitSize(FLOAT.vectorBitSize() / 2));
    private static final int STEP = 4 * LANES;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private DoubleSums() {}

    /** {@link #LANES} floats, widened. */
    static DoubleVector load(MemorySegment memory, long base, int i) {
        FloatVector narrow = Floats.load(HALF, memory, base, i);
        return (DoubleVector) narrow.convertShape(VectorOperators.F2D, DOUBLE, 0);
    }

    /** The difference in float, widened. */
    private static DoubleVector difference(MemorySegment left, long x, MemorySegment right, long y, int i) {
        FloatVector a = Floats.load(HALF, left, x, i);
        FloatVector b = Floats.load(HALF, right, y, i);
        return (DoubleVector) a.sub(b).convertShape(VectorOperators.F2D, DOUBLE, 0);
    }

    /** The lanes added by halves. */
    private static double lanes(DoubleVector v, double[] room) {
        v.intoArray(room, 0);
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                room[i] += room[i + half];
            }
        }
        return room[0];
    }

    /** {@code sum x}. */
    static double sum(MemorySegment from, long x, int n, double[] room) {
        DoubleVector a = DoubleVector.zero(DOUBLE);
        DoubleVector b = a;
        DoubleVector c = a;
        DoubleVector d = a;
        int i = 0;
        for (; i <= n - STEP; i += STEP) {
            a = a.add(load(from, x, i));
            b = b.add(load(from, x, i + LANES));
            c = c.add(load(from, x, i + 2 * LANES));
            d = d.add(load(from, x, i + 3 * LANES));
        }
        double rest = 0;
        for (; i < n; i++) {
            rest += Floats.get(from, x, i);
        }
        return lanes(a.add(b).add(c.add(d)), room) + rest;
    }

    /** {@code sum x^2}. */
    static double squares(MemorySegment from, long x, int n, double[] room) {
        DoubleVector a = DoubleVector.zero(DOUBLE);
        DoubleVector b = a;
        DoubleVector c = a;
        DoubleVector d = a;
        int i = 0;
        for (; i <= n - STEP; i += STEP) {
            a = addSquare(load(from, x, i), a);
            b = addSquare(load(from, x, i + LANES), b);
            c = addSquare(load(from, x, i + 2 * LANES), c);
            d = addSquare(load(from, x, i + 3 * LANES), d);
        }
        double rest = 0;
        for (; i < n; i++) {
            double v = Floats.get(from, x, i);
            rest += v * v;
        }
        return lanes(a.add(b).add(c.add(d)), room) + rest;
    }

    /** {@code sum (x - y)^2}, the differences rounded to float. */
    static double squaredDifferences(MemorySegment left, long x, MemorySegment right, long y, int n, double[] room) {
        DoubleVector a = DoubleVector.zero(DOUBLE);
        DoubleVector b = a;
        DoubleVector c = a;
        DoubleVector d = a;
        int i = 0;
        for (; i <= n - STEP; i += STEP) {
            a = addSquare(difference(left, x, right, y, i), a);
            b = addSquare(difference(left, x, right, y, i + LANES), b);
            c = addSquare(difference(left, x, right, y, i + 2 * LANES), c);
            d = addSquare(difference(left, x, right, y, i + 3 * LANES), d);
        }
        double rest = 0;
        for (; i < n; i++) {
            double v = Floats.get(left, x, i) - Floats.get(right, y, i);
            rest += v * v;
        }
        return lanes(a.add(b).add(c.add(d)), room) + rest;
    }

    private static DoubleVector addSquare(DoubleVector x, DoubleVector sum) {
        return x.fma(x, sum);
    }

    /** {@code sums[i] += x[i]}. */
    static void addTo(double[] sums, int at, MemorySegment from, long x, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            DoubleVector.fromArray(DOUBLE, sums, at + i).add(load(from, x, i)).intoArray(sums, at + i);
        }
        for (; i < n; i++) {
            sums[at + i] += Floats.get(from, x, i);
        }
    }

    /** {@code sums[i] += x[i]^2}. */
    static void addSquaresTo(double[] sums, int at, MemorySegment from, long x, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            addSquare(load(from, x, i), DoubleVector.fromArray(DOUBLE, sums, at + i)).intoArray(sums, at + i);
        }
        for (; i < n; i++) {
            double v = Floats.get(from, x, i);
            // The square of a float is exact, so this equals the fma above.
            sums[at + i] += v * v;
        }
    }
}
