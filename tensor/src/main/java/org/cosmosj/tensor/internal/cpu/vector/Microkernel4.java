package org.cosmosj.tensor.internal.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The 4-row tile of 128 and 256 bit machines: 8 sums are just enough to hide an fma's 4 cycles at 2 per cycle. Of the 16
 * registers 2 more hold columns and 4 broadcasts, because C2 loads all broadcasts of a step first; a fifth row would
 * make it spill a sum inside the loop, which halves the speed.
 */
final class Microkernel4 {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final int LANES = Species.LANES;

    private Microkernel4() {}

    /** See {@link Microkernel#multiply}. One formula, unrolled by hand: longer than a method should be. */
    static void multiply(float[] a, int aStart, float[] b, int bStart, float[] tile, int tileStart, int depth) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector c0l = zero;
        FloatVector c0r = zero;
        FloatVector c1l = zero;
        FloatVector c1r = zero;
        FloatVector c2l = zero;
        FloatVector c2r = zero;
        FloatVector c3l = zero;
        FloatVector c3r = zero;
        int i = aStart;
        int j = bStart;
        for (int p = 0; p < depth; p++) {
            FloatVector left = FloatVector.fromArray(S, b, j);
            FloatVector right = FloatVector.fromArray(S, b, j + LANES);
            FloatVector a0 = FloatVector.broadcast(S, a[i]);
            c0l = a0.fma(left, c0l);
            c0r = a0.fma(right, c0r);
            FloatVector a1 = FloatVector.broadcast(S, a[i + 1]);
            c1l = a1.fma(left, c1l);
            c1r = a1.fma(right, c1r);
            FloatVector a2 = FloatVector.broadcast(S, a[i + 2]);
            c2l = a2.fma(left, c2l);
            c2r = a2.fma(right, c2r);
            FloatVector a3 = FloatVector.broadcast(S, a[i + 3]);
            c3l = a3.fma(left, c3l);
            c3r = a3.fma(right, c3r);
            i += 4;
            j += 2 * LANES;
        }
        c0l.intoArray(tile, tileStart);
        c0r.intoArray(tile, tileStart + LANES);
        c1l.intoArray(tile, tileStart + 2 * LANES);
        c1r.intoArray(tile, tileStart + 3 * LANES);
        c2l.intoArray(tile, tileStart + 4 * LANES);
        c2r.intoArray(tile, tileStart + 5 * LANES);
        c3l.intoArray(tile, tileStart + 6 * LANES);
        c3r.intoArray(tile, tileStart + 7 * LANES);
    }
}
