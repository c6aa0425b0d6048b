package org.cosmosj.tensor.internal.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The 12-row tile: 24 accumulators, 2 columns and 1 broadcast of the 32 registers of a 512 bit machine. */
final class Microkernel12 {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final int LANES = Species.LANES;

    private Microkernel12() {}

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
        FloatVector c4l = zero;
        FloatVector c4r = zero;
        FloatVector c5l = zero;
        FloatVector c5r = zero;
        FloatVector c6l = zero;
        FloatVector c6r = zero;
        FloatVector c7l = zero;
        FloatVector c7r = zero;
        FloatVector c8l = zero;
        FloatVector c8r = zero;
        FloatVector c9l = zero;
        FloatVector c9r = zero;
        FloatVector c10l = zero;
        FloatVector c10r = zero;
        FloatVector c11l = zero;
        FloatVector c11r = zero;
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
            FloatVector a4 = FloatVector.broadcast(S, a[i + 4]);
            c4l = a4.fma(left, c4l);
            c4r = a4.fma(right, c4r);
            FloatVector a5 = FloatVector.broadcast(S, a[i + 5]);
            c5l = a5.fma(left, c5l);
            c5r = a5.fma(right, c5r);
            FloatVector a6 = FloatVector.broadcast(S, a[i + 6]);
            c6l = a6.fma(left, c6l);
            c6r = a6.fma(right, c6r);
            FloatVector a7 = FloatVector.broadcast(S, a[i + 7]);
            c7l = a7.fma(left, c7l);
            c7r = a7.fma(right, c7r);
            FloatVector a8 = FloatVector.broadcast(S, a[i + 8]);
            c8l = a8.fma(left, c8l);
            c8r = a8.fma(right, c8r);
            FloatVector a9 = FloatVector.broadcast(S, a[i + 9]);
            c9l = a9.fma(left, c9l);
            c9r = a9.fma(right, c9r);
            FloatVector a10 = FloatVector.broadcast(S, a[i + 10]);
            c10l = a10.fma(left, c10l);
            c10r = a10.fma(right, c10r);
            FloatVector a11 = FloatVector.broadcast(S, a[i + 11]);
            c11l = a11.fma(left, c11l);
            c11r = a11.fma(right, c11r);
            i += 12;
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
        c4l.intoArray(tile, tileStart + 8 * LANES);
        c4r.intoArray(tile, tileStart + 9 * LANES);
        c5l.intoArray(tile, tileStart + 10 * LANES);
        c5r.intoArray(tile, tileStart + 11 * LANES);
        c6l.intoArray(tile, tileStart + 12 * LANES);
        c6r.intoArray(tile, tileStart + 13 * LANES);
        c7l.intoArray(tile, tileStart + 14 * LANES);
        c7r.intoArray(tile, tileStart + 15 * LANES);
        c8l.intoArray(tile, tileStart + 16 * LANES);
        c8r.intoArray(tile, tileStart + 17 * LANES);
        c9l.intoArray(tile, tileStart + 18 * LANES);
        c9r.intoArray(tile, tileStart + 19 * LANES);
        c10l.intoArray(tile, tileStart + 20 * LANES);
        c10r.intoArray(tile, tileStart + 21 * LANES);
        c11l.intoArray(tile, tileStart + 22 * LANES);
        c11r.intoArray(tile, tileStart + 23 * LANES);
    }
}
