package org.cosmosj.tensor.internal.cpu.vector;

import static org.cosmosj.tensor.internal.cpu.vector.Floats.load;
import static org.cosmosj.tensor.internal.cpu.vector.Floats.store;
import static org.cosmosj.tensor.internal.cpu.vector.Floats.tail;
import static org.cosmosj.tensor.internal.cpu.vector.Floats.whole;
import static org.cosmosj.tensor.internal.cpu.vector.Species.FLOAT;
import static org.cosmosj.tensor.internal.cpu.vector.Species.LANES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.spi.Operand;

/**
 * Layer norm of the rows of (G, P, D), with one shift and scale per group or none. Each row is read three times (mean,
 * variance, result), the second and third time from the first-level cache.
 */
final class LayerNormRows {
    private final MemorySegment from;
    private final MemorySegment shifts;
    private final MemorySegment scales;
    private final MemorySegment to;
    private final MemorySegment means;
    private final MemorySegment rstds;
    private final long x;
    private final long shift;
    private final long scale;
    private final long out;
    private final long mean;
    private final long rstd;
    private final long rowsPerGroup;
    private final int width;
    private final double eps;

    LayerNormRows(Operand x, Operand shift, Operand scale, double eps, Operand out, Operand mean, Operand rstd) {
        from = CpuBuffer.segment(x);
        shifts = shift == null ? null : CpuBuffer.segment(shift);
        scales = scale == null ? null : CpuBuffer.segment(scale);
        to = CpuBuffer.segment(out);
        means = CpuBuffer.segment(mean);
        rstds = CpuBuffer.segment(rstd);
        this.x = x.byteOffset();
        this.shift = shift == null ? 0 : shift.byteOffset();
        this.scale = scale == null ? 0 : scale.byteOffset();
        this.out = out.byteOffset();
        this.mean = mean.byteOffset();
        this.rstd = rstd.byteOffset();
        this.eps = eps;
        rowsPerGroup = x.size(1);
        width = Math.toIntExact(x.size(2));
    }

    /** Rows [first, end), counted over all groups. */
    void run(long first, long end) {
        for (long row = first; row < end; row++) {
            long skip = 4L * width * row;
            float m = Rows.sum(from, x + skip, width) / width;
            float variance = Rows.squaredDeviations(from, x + skip, width, m) / width;
            float r = (float) (1 / Math.sqrt(variance + eps));
            Floats.set(means, mean, row, m);
            Floats.set(rstds, rstd, row, r);
            if (scales == null) {
                plain(x + skip, m, r, out + skip);
            } else {
                long group = 4L * width * (row / rowsPerGroup);
                modulated(x + skip, m, r, scale + group, shift + group, out + skip);
            }
        }
    }

    private void plain(long atX, float m, float r, long at) {
        FloatVector middle = FloatVector.broadcast(FLOAT, m);
        FloatVector factor = FloatVector.broadcast(FLOAT, r);
        int end = whole(width);
        for (int i = 0; i < end; i += LANES) {
            store(to, at, i, load(from, atX, i).sub(middle).mul(factor));
        }
        if (end < width) {
            VectorMask<Float> rest = tail(width - end);
            store(to, at, end, load(from, atX, end, rest).sub(middle).mul(factor), rest);
        }
    }

    private void modulated(long atX, float m, float r, long atScale, long atShift, long at) {
        FloatVector middle = FloatVector.broadcast(FLOAT, m);
        FloatVector factor = FloatVector.broadcast(FLOAT, r);
        int end = whole(width);
        for (int i = 0; i < end; i += LANES) {
            FloatVector n = load(from, atX, i).sub(middle).mul(factor);
            store(to, at, i, n.fma(load(scales, atScale, i).add(1f), load(shifts, atShift, i)));
        }
        if (end < width) {
            VectorMask<Float> rest = tail(width - end);
            FloatVector n = load(from, atX, end, rest).sub(middle).mul(factor);
            store(to, at, end, n.fma(load(scales, atScale, end, rest).add(1f), load(shifts, atShift, end, rest)), rest);
        }
    }
}
