package org.cosmosj.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.cosmosj.tensor.Shape;

/**
 * The loop nest over two tensors of one shape as kernels take it: axes that are dense in both are merged into one, so
 * that most calls have one or two. The C++ side is {@code struct Axes} in common.cuh.
 */
final class StridedAxes {
    private static final int MAX_AXES = 8;
    private static final int BYTES = (3 * MAX_AXES + 1) * Long.BYTES;

    private final long[] sizes = new long[MAX_AXES];
    private final long[] first = new long[MAX_AXES];
    private final long[] second = new long[MAX_AXES];
    private int rank;

    private StridedAxes() {}

    /**
     * Merges axes and packs them.
     *
     * @param op named if there are too many axes
     * @param shape sizes, all above 0
     * @param firstStrides of the first tensor
     * @param secondStrides of the second
     * @return the struct's bytes
     */
    static byte[] pack(String op, Shape shape, long[] firstStrides, long[] secondStrides) {
        StridedAxes axes = new StridedAxes();
        for (int axis = 0; axis < shape.rank(); axis++) {
            if (shape.size(axis) != 1 && !axes.merge(shape.size(axis), firstStrides[axis], secondStrides[axis])) {
                if (axes.rank == MAX_AXES) {
                    throw new IllegalArgumentException(op + ": " + shape + " has more than " + MAX_AXES + " axes that"
                            + " cannot be merged; make it contiguous in two steps");
                }
                axes.append(shape.size(axis), firstStrides[axis], secondStrides[axis]);
            }
        }
        if (axes.rank == 0) {
            axes.append(1, 0, 0);
        }
        return axes.bytes();
    }

    /** Whether the last axis steps over exactly one whole run of this one, in both tensors. */
    private boolean merge(long size, long firstStride, long secondStride) {
        int last = rank - 1;
        if (rank == 0 || first[last] != firstStride * size || second[last] != secondStride * size) {
            return false;
        }
        sizes[last] *= size;
        first[last] = firstStride;
        second[last] = secondStride;
        return true;
    }

    private void append(long size, long firstStride, long secondStride) {
        sizes[rank] = size;
        first[rank] = firstStride;
        second[rank] = secondStride;
        rank++;
    }

    private byte[] bytes() {
        ByteBuffer struct = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long[] values : new long[][] {sizes, first, second}) {
            for (long value : values) {
                struct.putLong(value);
            }
        }
        return struct.putInt(rank).array();
    }
}
