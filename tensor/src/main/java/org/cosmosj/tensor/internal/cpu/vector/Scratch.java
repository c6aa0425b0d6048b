package org.cosmosj.tensor.internal.cpu.vector;

/**
 * Arrays that a thread keeps between kernels. A kernel's partial sums belong to the thread that called it (its
 * workers write into disjoint parts); a row's room belongs to whichever thread runs the row. Contents are undefined.
 */
final class Scratch {
    private static final ThreadLocal<float[]> PARTIALS = ThreadLocal.withInitial(() -> new float[0]);
    private static final ThreadLocal<float[]> ROOM = ThreadLocal.withInitial(() -> new float[1024]);

    private static final ThreadLocal<double[]> DOUBLE_PARTIALS = ThreadLocal.withInitial(() -> new double[0]);
    private static final ThreadLocal<double[]> DOUBLE_ROOM = ThreadLocal.withInitial(() -> new double[64]);

    private Scratch() {}

    /** At least n floats for partial sums, until this thread's next call. */
    static float[] partials(long n) {
        float[] array = PARTIALS.get();
        if (array.length < n) {
            array = new float[Math.toIntExact(n)];
            PARTIALS.set(array);
        }
        return array;
    }

    /** At least n floats for one row or block, until this thread's next call. */
    static float[] room(int n) {
        float[] array = ROOM.get();
        if (array.length < n) {
            array = new float[n];
            ROOM.set(array);
        }
        return array;
    }

    /** At least n doubles for partial sums, until this thread's next call. */
    static double[] doublePartials(long n) {
        double[] array = DOUBLE_PARTIALS.get();
        if (array.length < n) {
            array = new double[Math.toIntExact(n)];
            DOUBLE_PARTIALS.set(array);
        }
        return array;
    }

    /** 64 doubles, more than a vector has lanes, until this thread's next call. */
    static double[] doubleRoom() {
        return DOUBLE_ROOM.get();
    }
}
