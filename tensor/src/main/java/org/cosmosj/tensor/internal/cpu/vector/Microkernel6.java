package org.cosmosj.tensor.internal.cpu.vector;

import java.lang.invoke.VarHandle;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The 6-row tile: 12 sums, 2 columns and a broadcast fill the 16 vector registers of AVX2. Left alone, C2 loads the six
 * broadcasts of a step first and spills sums inside the loop, at 40 % of the peak; the fence after each row keeps it
 * from moving loads upwards and costs no instruction on x86: 97 %.
 */
final class Microkernel6 {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final int LANES = Species.LANES;

    private Microkernel6() {}

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
        int i = aStart;
        int j = bStart;
        for (int p = 0; p < depth; p++) {
            FloatVector left = FloatVector.fromArray(S, b, j);
            FloatVector right = FloatVector.fromArray(S, b, j + LANES);
            FloatVector a0 = FloatVector.broadcast(S, a[i]);
            c0l = a0.fma(left, c0l);
            c0r = a0.fma(right, c0r);
            VarHandle.loadLoadFence();
            FloatVector a1 = FloatVector.broadcast(S, a[i + 1]);
            c1l = a1.fma(left, c1l);
            c1r = a1.fma(right, c1r);
            VarHandle.loadLoadFence();
            FloatVector a2 = FloatVector.broadcast(S, a[i + 2]);
            c2l = a2.fma(left, c2l);
            c2r = a2.fma(right, c2r);
            VarHandle.loadLoadFence();
            FloatVector a3 = FloatVector.broadcast(S, a[i + 3]);
            c3l = a3.fma(left, c3l);
            c3r = a3.fma(right, c3r);
            VarHandle.loadLoadFence();
            FloatVector a4 = FloatVector.broadcast(S, a[i + 4]);
            c4l = a4.fma(left, c4l);
            c4r = a4.fma(right, c4r);
            VarHandle.loadLoadFence();
            FloatVector a5 = FloatVector.broadcast(S, a[i + 5]);
            c5l = a5.fma(left, c5l);
            c5r = a5.fma(right, c5r);
            VarHandle.loadLoadFence();
            i += 6;
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
    }

    /** See {@link Microkernel#multiplyAdd}. One formula, unrolled by hand: longer than a method should be. */
    static void multiplyAdd(float[] a, int aStart, float[] b, int bStart, float[] tile, int tileStart, int depth) {
        FloatVector c0l = FloatVector.fromArray(S, tile, tileStart);
        FloatVector c0r = FloatVector.fromArray(S, tile, tileStart + LANES);
        FloatVector c1l = FloatVector.fromArray(S, tile, tileStart + 2 * LANES);
        FloatVector c1r = FloatVector.fromArray(S, tile, tileStart + 3 * LANES);
        FloatVector c2l = FloatVector.fromArray(S, tile, tileStart + 4 * LANES);
        FloatVector c2r = FloatVector.fromArray(S, tile, tileStart + 5 * LANES);
        FloatVector c3l = FloatVector.fromArray(S, tile, tileStart + 6 * LANES);
        FloatVector c3r = FloatVector.fromArray(S, tile, tileStart + 7 * LANES);
        FloatVector c4l = FloatVector.fromArray(S, tile, tileStart + 8 * LANES);
        FloatVector c4r = FloatVector.fromArray(S, tile, tileStart + 9 * LANES);
        FloatVector c5l = FloatVector.fromArray(S, tile, tileStart + 10 * LANES);
        FloatVector c5r = FloatVector.fromArray(S, tile, tileStart + 11 * LANES);
        int i = aStart;
        int j = bStart;
        for (int p = 0; p < depth; p++) {
            FloatVector left = FloatVector.fromArray(S, b, j);
            FloatVector right = FloatVector.fromArray(S, b, j + LANES);
            FloatVector a0 = FloatVector.broadcast(S, a[i]);
            c0l = a0.fma(left, c0l);
            c0r = a0.fma(right, c0r);
            VarHandle.loadLoadFence();
            FloatVector a1 = FloatVector.broadcast(S, a[i + 1]);
            c1l = a1.fma(left, c1l);
            c1r = a1.fma(right, c1r);
            VarHandle.loadLoadFence();
            FloatVector a2 = FloatVector.broadcast(S, a[i + 2]);
            c2l = a2.fma(left, c2l);
            c2r = a2.fma(right, c2r);
            VarHandle.loadLoadFence();
            FloatVector a3 = FloatVector.broadcast(S, a[i + 3]);
            c3l = a3.fma(left, c3l);
            c3r = a3.fma(right, c3r);
            VarHandle.loadLoadFence();
            FloatVector a4 = FloatVector.broadcast(S, a[i + 4]);
            c4l = a4.fma(left, c4l);
            c4r = a4.fma(right, c4r);
            VarHandle.loadLoadFence();
            FloatVector a5 = FloatVector.broadcast(S, a[i + 5]);
            c5l = a5.fma(left, c5l);
            c5r = a5.fma(right, c5r);
            VarHandle.loadLoadFence();
            i += 6;
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
    }
}
