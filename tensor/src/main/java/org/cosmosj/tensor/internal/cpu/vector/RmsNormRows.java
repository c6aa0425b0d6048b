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

/**
 * RMS norm of the rows of (R, D): {@code out = x rstd gain}, {@code rstd = (mean(x^2) + eps)^-1/2}, and its gradients.
 * With {@code n = x rstd} and {@code e = dOut gain} a row's gradient is {@code rstd (e - n mean(e n))}.
 */
final class RmsNormRows {
    private final MemorySegment from;
    private final MemorySegment gains;
    private final MemorySegment rstds;
    private final MemorySegment to;
    private final long x;
    private final long gain;
    private final long rstd;
    private final long out;
    private final int width;

    RmsNormRows(Operand x, Operand gain, Operand rstd, Operand out) {
        from = CpuBuffer.segment(x);
        gains = CpuBuffer.segment(gain);
        rstds = CpuBuffer.segment(rstd);
        to = CpuBuffer.segment(out);
        this.x = x.byteOffset();
        this.gain = gain.byteOffset();
        this.rstd = rstd.byteOffset();
        this.out = out.byteOffset();
        width = Math.toIntExact(x.size(1));
    }

    /** Rows [first, end) of the forward pass. */
    void forward(long first, long end, double eps) {
        for (long row = first; row < end; row++) {
            long skip = 4L * width * row;
            float square = Rows.squares(from, x + skip, width) / width;
            float r = (float) (1 / Math.sqrt(square + eps));
            Floats.set(rstds, rstd, row, r);
            forwardRow(x + skip, r, out + skip);
        }
    }

    private void forwardRow(long at, float r, long target) {
        int end = whole(width);
        for (int i = 0; i < end; i += LANES) {
            store(to, target, i, load(from, at, i).mul(r).mul(load(gains, gain, i)));
        }
        if (end < width) {
            VectorMask<Float> rest = tail(width - end);
            store(to, target, end, load(from, at, end, rest).mul(r).mul(load(gains, gain, end, rest)), rest);
        }
    }

    /** One block of rows of the backward pass: the gradient of x, and the block's row of {@code sum dOut n}. */
    void backward(MemorySegment gradient, long dOut, RowBlocks blocks, int block, float[] partial) {
        Arrays.fill(partial, block * width, (block + 1) * width, 0);
        for (int i = 0; i < blocks.rows(block); i++) {
            long row = blocks.first(block) + i;
            long skip = 4L * width * row;
            float r = Floats.get(rstds, rstd, row);
            float meanEn = gainSums(gradient, dOut + skip, x + skip, r, partial, block * width) / width;
            backwardRow(gradient, dOut + skip, x + skip, r, meanEn, out + skip);
        }
    }

    /** {@code partial += dOut n}; returns {@code sum(dOut n gain)}. */
    private float gainSums(MemorySegment gradient, long g, long at, float r, float[] partial, int sums) {
        FloatVector sum = FloatVector.zero(FLOAT);
        int end = whole(width);
        for (int i = 0; i < end; i += LANES) {
            FloatVector dn = load(gradient, g, i).mul(load(from, at, i).mul(r));
            FloatVector.fromArray(FLOAT, partial, sums + i).add(dn).intoArray(partial, sums + i);
            sum = dn.fma(load(gains, gain, i), sum);
        }
        if (end < width) {
            VectorMask<Float> rest = tail(width - end);
            FloatVector dn = load(gradient, g, end, rest).mul(load(from, at, end, rest).mul(r));
            FloatVector.fromArray(FLOAT, partial, sums + end, rest).add(dn).intoArray(partial, sums + end, rest);
            sum = dn.fma(load(gains, gain, end, rest), sum);
        }
        return Rows.lanes(sum);
    }

    private void backwardRow(MemorySegment gradient, long g, long at, float r, float meanEn, long target) {
        FloatVector minusMean = FloatVector.broadcast(FLOAT, -meanEn);
        int end = whole(width);
        for (int i = 0; i < end; i += LANES) {
            FloatVector e = load(gradient, g, i).mul(load(gains, gain, i));
            store(to, target, i, load(from, at, i).mul(r).fma(minusMean, e).mul(r));
        }
        if (end < width) {
            VectorMask<Float> rest = tail(width - end);
            FloatVector e = load(gradient, g, end, rest).mul(load(gains, gain, end, rest));
            store(to, target, end, load(from, at, end, rest).mul(r).fma(minusMean, e).mul(r), rest);
        }
    }
}
