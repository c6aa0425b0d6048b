package org.cosmosj.tensor.internal.cpu.vector;

import static org.cosmosj.tensor.internal.cpu.vector.Floats.load;
import static org.cosmosj.tensor.internal.cpu.vector.Floats.store;
import static org.cosmosj.tensor.internal.cpu.vector.Floats.tail;
import static org.cosmosj.tensor.internal.cpu.vector.Floats.whole;
import static org.cosmosj.tensor.internal.cpu.vector.Species.FLOAT;
import static org.cosmosj.tensor.internal.cpu.vector.Species.LANES;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.spi.Operand;

/** {@code out[g,p,:] = x[g,p,:] + gate[g,:] y[g,p,:]}, row by row, and its gradients; x is dOut in the backward. */
final class GatedResidual {
    private final MemorySegment residual;
    private final MemorySegment gates;
    private final MemorySegment branch;
    private final MemorySegment to;
    private final long x;
    private final long gate;
    private final long y;
    private final long out;
    private final long rowsPerGroup;
    private final int width;

    GatedResidual(Operand x, Operand gate, Operand y, Operand out) {
        residual = CpuBuffer.segment(x);
        gates = CpuBuffer.segment(gate);
        branch = CpuBuffer.segment(y);
        to = CpuBuffer.segment(out);
        this.x = x.byteOffset();
        this.gate = gate.byteOffset();
        this.y = y.byteOffset();
        this.out = out.byteOffset();
        rowsPerGroup = x.size(1);
        width = Math.toIntExact(x.size(2));
    }

    /** Rows [from, end), counted over all groups. */
    void forward(long from, long end) {
        for (long row = from; row < end; row++) {
            long skip = 4L * width * row;
            forwardRow(x + skip, gate + 4L * width * (row / rowsPerGroup), y + skip, out + skip);
        }
    }

    /** Four vectors at a time: memory waits for nothing but itself, and C2 does not unroll such loops. */
    private void forwardRow(long atX, long atGate, long atY, long at) {
        int i = 0;
        for (; i <= width - 4 * LANES; i += 4 * LANES) {
            FloatVector a = gated(atX, atGate, atY, i);
            FloatVector b = gated(atX, atGate, atY, i + LANES);
            FloatVector c = gated(atX, atGate, atY, i + 2 * LANES);
            FloatVector d = gated(atX, atGate, atY, i + 3 * LANES);
            store(to, at, i, a);
            store(to, at, i + LANES, b);
            store(to, at, i + 2 * LANES, c);
            store(to, at, i + 3 * LANES, d);
        }
        int end = whole(width);
        for (; i < end; i += LANES) {
            store(to, at, i, gated(atX, atGate, atY, i));
        }
        if (end < width) {
            VectorMask<Float> rest = tail(width - end);
            FloatVector product = load(gates, atGate, end, rest);
            product = product.fma(load(branch, atY, end, rest), load(residual, atX, end, rest));
            store(to, at, end, product, rest);
        }
    }

    private FloatVector gated(long atX, long atGate, long atY, int i) {
        return load(gates, atGate, i).fma(load(branch, atY, i), load(residual, atX, i));
    }

    /** One block of rows: {@code out = dOut gate}, and the block's row of {@code partial = sum_p dOut y}. */
    void backward(RowBlocks blocks, int block, float[] partial) {
        int sums = block * width;
        Arrays.fill(partial, sums, sums + width, 0);
        long atGate = gate + 4L * width * blocks.group(block);
        for (int row = 0; row < blocks.rows(block); row++) {
            long skip = 4L * width * (blocks.first(block) + row);
            backwardRow(x + skip, atGate, y + skip, out + skip, partial, sums);
        }
    }

    private void backwardRow(long atX, long atGate, long atY, long at, float[] partial, int sums) {
        int end = whole(width);
        for (int i = 0; i < end; i += LANES) {
            FloatVector dOut = load(residual, atX, i);
            dOut.fma(load(branch, atY, i), FloatVector.fromArray(FLOAT, partial, sums + i))
                    .intoArray(partial, sums + i);
            store(to, at, i, dOut.mul(load(gates, atGate, i)));
        }
        if (end < width) {
            VectorMask<Float> rest = tail(width - end);
            FloatVector dOut = load(residual, atX, end, rest);
            dOut.fma(load(branch, atY, end, rest), FloatVector.fromArray(FLOAT, partial, sums + end, rest))
                    .intoArray(partial, sums + end, rest);
            store(to, at, end, dOut.mul(load(gates, atGate, end, rest)), rest);
        }
    }
}
