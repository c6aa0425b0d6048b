package org.cosmosj.tensor.internal.cpu.vector;

/**
 * One axis of a {@link Correlation}: result {@code q} stands at {@code outStart + q outStep} of the destination and
 * reads, for each m, input {@code q step + offsets[m]} (0 outside) with weight tap {@code taps[m]}.
 *
 * @param inputs size of the input
 * @param results number of results
 * @param step inputs between neighbouring results
 * @param taps positions in the kernel; may be empty
 * @param offsets input read by result 0, ascending by 1 at least
 * @param outStart place of result 0
 * @param outStep distance of results
 */
record ConvAxis(int inputs, int results, int step, int[] taps, int[] offsets, int outStart, int outStep) {
    /** The axis of a forward pass. */
    static ConvAxis forward(int inputs, int results, int kernel, int stride, int before) {
        int[] taps = new int[kernel];
        int[] offsets = new int[kernel];
        for (int i = 0; i < kernel; i++) {
            taps[i] = i;
            offsets[i] = i - before;
        }
        return new ConvAxis(inputs, results, stride, taps, offsets, 0, 1);
    }

    /**
     * The axis of a gradient with respect to the input, for the input positions that are {@code phase} modulo the
     * stride: from {@code out q reads in (q stride + tap - before)} follows that {@code dIn (phase + q stride)} reads
     * {@code dOut (q + (phase + before - tap) / stride)} for the taps that divide.
     */
    static ConvAxis transposed(int outputs, int inputs, int kernel, int stride, int before, int phase) {
        int first = (phase + before) % stride;
        int count = first < kernel ? (kernel - 1 - first) / stride + 1 : 0;
        int[] taps = new int[count];
        int[] offsets = new int[count];
        for (int i = 0; i < count; i++) {
            taps[count - 1 - i] = first + i * stride;
            offsets[count - 1 - i] = (phase + before - first) / stride - i;
        }
        int results = inputs > phase ? (inputs - 1 - phase) / stride + 1 : 0;
        return new ConvAxis(outputs, results, 1, taps, offsets, phase, stride);
    }

    /** How many taps there are. */
    int size() {
        return taps.length;
    }

    /** First tap that result q finds inside the input. */
    int firstLive(int q) {
        int m = 0;
        while (m < offsets.length && q * step + offsets[m] < 0) {
            m++;
        }
        return m;
    }

    /** One past the last tap that result q finds inside the input; at least {@link #firstLive}. */
    int endLive(int q) {
        int m = offsets.length;
        while (m > firstLive(q) && q * step + offsets[m - 1] >= inputs) {
            m--;
        }
        return m;
    }

    /** First tap that any result finds inside the input; {@link #size} if none does. */
    int firstUsed() {
        int first = size();
        for (int q = 0; q < results; q++) {
            first = Math.min(first, firstLive(q) < endLive(q) ? firstLive(q) : first);
        }
        return first;
    }

    /** One past the last tap that any result finds inside the input; 0 if none does. */
    int endUsed() {
        int end = 0;
        for (int q = 0; q < results; q++) {
            end = Math.max(end, firstLive(q) < endLive(q) ? endLive(q) : end);
        }
        return end;
    }

    /** Offset of the first tap. */
    int low() {
        return offsets[0];
    }

    /** Inputs between the first and the last tap, both included. */
    int span() {
        return offsets[offsets.length - 1] - offsets[0] + 1;
    }
}
