package org.cosmosj.tensor.internal.cpu.vector;

import org.cosmosj.tensor.spi.Layout;

/**
 * The axes of a copy, fewest and innermost first: sorted by the destination's strides, those of size 1 dropped, and
 * neighbours merged where both sides walk them with one stride. Offsets are in elements and exclude the layouts' own.
 */
final class CopyAxes {
    final long[] sizes;
    final long[] toSteps;
    final long[] fromSteps;
    private int count;

    CopyAxes(Layout from, Layout to) {
        int rank = to.shape().rank();
        sizes = new long[Math.max(1, rank)];
        toSteps = new long[sizes.length];
        fromSteps = new long[sizes.length];
        for (int axis = rank - 1; axis >= 0; axis--) {
            if (to.shape().size(axis) != 1) {
                insert(to.shape().size(axis), to.stride(axis), from.stride(axis));
            }
        }
        merge();
        if (count == 0) {
            sizes[0] = 1;
            toSteps[0] = 1;
            fromSteps[0] = 1;
            count = 1;
        }
    }

    private void insert(long size, long toStep, long fromStep) {
        int at = count++;
        for (; at > 0 && Math.abs(toSteps[at - 1]) > Math.abs(toStep); at--) {
            move(at - 1, at);
        }
        sizes[at] = size;
        toSteps[at] = toStep;
        fromSteps[at] = fromStep;
    }

    private void move(int from, int to) {
        sizes[to] = sizes[from];
        toSteps[to] = toSteps[from];
        fromSteps[to] = fromSteps[from];
    }

    private void merge() {
        int last = 0;
        for (int axis = 1; axis < count; axis++) {
            if (toSteps[axis] == sizes[last] * toSteps[last] && fromSteps[axis] == sizes[last] * fromSteps[last]) {
                sizes[last] *= sizes[axis];
            } else {
                move(axis, ++last);
            }
        }
        count = Math.min(count, last + 1);
    }

    /** How many axes are left, at least one. */
    int count() {
        return count;
    }

    /** Whether both sides are dense along the innermost axis. */
    boolean dense() {
        return toSteps[0] == 1 && fromSteps[0] == 1;
    }

    /** The axis along which the source is dense while the destination is dense along the innermost; -1 if none. */
    int transposed() {
        for (int axis = 1; axis < count && toSteps[0] == 1; axis++) {
            if (fromSteps[axis] == 1) {
                return axis;
            }
        }
        return -1;
    }

    /** Walks the axes above the innermost, except one; positions are element offsets of both sides. */
    Walk walk(int skippedAxis) {
        return new Walk(skippedAxis);
    }

    /** Number of positions of {@link #walk}. */
    long walkLength(int skippedAxis) {
        long length = 1;
        for (int axis = 1; axis < count; axis++) {
            length *= axis == skippedAxis ? 1 : sizes[axis];
        }
        return length;
    }

    /** An odometer; a new one for each chunk. */
    final class Walk {
        private final int skipped;
        private final long[] index = new long[count];
        private long to;
        private long from;

        private Walk(int skipped) {
            this.skipped = skipped;
        }

        long to() {
            return to;
        }

        long from() {
            return from;
        }

        /** Goes to a position. */
        void seek(long position) {
            to = 0;
            from = 0;
            for (int axis = 1; axis < count; axis++) {
                if (axis != skipped) {
                    index[axis] = position % sizes[axis];
                    position /= sizes[axis];
                    to += index[axis] * toSteps[axis];
                    from += index[axis] * fromSteps[axis];
                }
            }
        }

        /** Goes to the next position. */
        void next() {
            for (int axis = 1; axis < count; axis++) {
                if (axis == skipped) {
                    continue;
                }
                to += toSteps[axis];
                from += fromSteps[axis];
                if (++index[axis] < sizes[axis]) {
                    return;
                }
                index[axis] = 0;
                to -= sizes[axis] * toSteps[axis];
                from -= sizes[axis] * fromSteps[axis];
            }
        }
    }
}
