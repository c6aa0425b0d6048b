package org.cosmosj.tensor.internal.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/** Splits and repeats neighbouring elements. */
final class Pairs {
    private static final int LANES = Species.LANES;
    private static final VectorShuffle<Float> LOWER_TWICE = VectorShuffle.fromOp(Species.FLOAT, i -> i / 2);
    private static final VectorShuffle<Float> UPPER_TWICE = VectorShuffle.fromOp(Species.FLOAT, i -> (LANES + i) / 2);
    private static final VectorShuffle<Float> EVEN = VectorShuffle.fromOp(Species.FLOAT, i -> 2 * i % LANES);
    private static final VectorShuffle<Float> ODD = VectorShuffle.fromOp(Species.FLOAT, i -> 2 * i % LANES + 1);
    private static final VectorMask<Float> UPPER = Species.FLOAT.indexInRange(0, LANES / 2).not();

    private Pairs() {}

    /** Elements 0, 2, 4, .. of two vectors in a row. */
    static FloatVector even(FloatVector left, FloatVector right) {
        return left.rearrange(EVEN).blend(right.rearrange(EVEN), UPPER);
    }

    /** Elements 1, 3, 5, .. of two vectors in a row. */
    static FloatVector odd(FloatVector left, FloatVector right) {
        return left.rearrange(ODD).blend(right.rearrange(ODD), UPPER);
    }

    /** The first half of a vector, each element twice. */
    static FloatVector lowerTwice(FloatVector value) {
        return value.rearrange(LOWER_TWICE);
    }

    /** The second half of a vector, each element twice. */
    static FloatVector upperTwice(FloatVector value) {
        return value.rearrange(UPPER_TWICE);
    }
}
