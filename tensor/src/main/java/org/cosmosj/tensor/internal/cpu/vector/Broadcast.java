package org.cosmosj.tensor.internal.cpu.vector;

import java.lang.foreign.MemorySegment;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.spi.ElementwiseKernels.Binary;
import org.cosmosj.tensor.spi.Layout;
import org.cosmosj.tensor.spi.Operand;

/**
 * One broadcast operation over the fewest axes: axes of size 1 vanish, neighbours that both operands walk with one
 * stride merge. What remains innermost is mostly dense in both operands or constant in one, and runs as a vector loop.
 */
final class Broadcast {
    private final Binary f;
    private final MemorySegment left;
    private final MemorySegment right;
    private final MemorySegment to;
    private final long a;
    private final long b;
    private final long y;
    /** Innermost axis first. */
    private final long[] sizes;
    private final long[] stepsA;
    private final long[] stepsB;
    private int axes;

    Broadcast(Binary f, Operand a, Operand b, Operand out) {
        this.f = f;
        this.left = CpuBuffer.segment(a);
        this.right = CpuBuffer.segment(b);
        this.to = CpuBuffer.segment(out);
        this.a = a.byteOffset();
        this.b = b.byteOffset();
        this.y = out.byteOffset();
        int rank = Math.max(1, out.shape().rank());
        sizes = new long[rank];
        stepsA = new long[rank];
        stepsB = new long[rank];
        sizes[0] = 1;
        merge(a.layout(), b.layout());
    }

    private void merge(Layout first, Layout second) {
        for (int axis = first.shape().rank() - 1; axis >= 0; axis--) {
            long size = first.shape().size(axis);
            if (size == 1) {
                continue;
            }
            long stepA = first.stride(axis);
            long stepB = second.stride(axis);
            int last = axes - 1;
            if (axes > 0 && stepA == sizes[last] * stepsA[last] && stepB == sizes[last] * stepsB[last]) {
                sizes[last] *= size;
            } else {
                sizes[axes] = size;
                stepsA[axes] = stepA;
                stepsB[axes] = stepB;
                axes++;
            }
        }
    }

    /** Computes the elements [from, from + count) of the result. */
    void run(long from, int count) {
        long row = from / sizes[0];
        long column = from % sizes[0];
        int done = 0;
        while (done < count) {
            int n = (int) Math.min(sizes[0] - column, count - done);
            long atA = offset(row, stepsA) + column * stepsA[0];
            long atB = offset(row, stepsB) + column * stepsB[0];
            span(a + 4 * atA, b + 4 * atB, y + 4 * (from + done), n);
            done += n;
            row++;
            column = 0;
        }
    }

    private long offset(long row, long[] steps) {
        long offset = 0;
        for (int axis = 1; axis < axes; axis++) {
            offset += row % sizes[axis] * steps[axis];
            row /= sizes[axis];
        }
        return offset;
    }

    private void span(long atA, long atB, long at, int n) {
        long stepA = stepsA[0];
        long stepB = stepsB[0];
        if (stepA == 1 && stepB == 1) {
            BinaryLoops.both(f, left, atA, right, atB, to, at, n);
        } else if (stepA == 1 && stepB == 0) {
            BinaryLoops.rightOne(f, left, atA, Floats.get(right, atB, 0), to, at, n);
        } else if (stepA == 0 && stepB == 1) {
            BinaryLoops.leftOne(f, Floats.get(left, atA, 0), right, atB, to, at, n);
        } else {
            for (int i = 0; i < n; i++) {
                float value = BinaryLoops.one(f, Floats.get(left, atA, i * stepA), Floats.get(right, atB, i * stepB));
                Floats.set(to, at, i, value);
            }
        }
    }
}
